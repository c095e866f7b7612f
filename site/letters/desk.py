"""Letters as the staff see them: what was sent to whom, what waits and why, and a way to send again."""

import re
import uuid
from collections.abc import Callable, Iterable
from typing import Any

import django_filters
from django.conf import settings
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.db.models import Q, QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404
from django.urls import path, reverse
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.decorators.http import require_POST
from django.views.generic import TemplateView
from wagtail.admin import messages
from wagtail.admin.filters import WagtailFilterSet
from wagtail.admin.ui.components import Component
from wagtail.admin.ui.tables import Column, StatusTagColumn
from wagtail.admin.views import generic
from wagtail.admin.views.generic.base import WagtailAdminTemplateMixin
from wagtail.admin.widgets.button import HeaderButton
from wagtail.log_actions import log

from pages.desk.lookup import FoldedLookup
from pages.desk.viewset import ReadOnlyViewSet
from pages.discretion import TOKEN

from . import allowance, kinds
from .models import Heartbeat, Letter
from .writing import write

SENT, WAITING, RETRYING, ABANDONED = "sent", "waiting", "retrying", "abandoned"
UNDELIVERABLE, WITHDRAWN, RESENT = "undeliverable", "withdrawn", "resent"
STATES = {
    SENT: gettext_lazy("sent"),
    WAITING: gettext_lazy("waiting"),
    RETRYING: gettext_lazy("to be tried again"),
    ABANDONED: gettext_lazy("given up"),
    UNDELIVERABLE: gettext_lazy("undeliverable"),
    WITHDRAWN: gettext_lazy("no longer true"),
    RESENT: gettext_lazy("sent again"),
}
_REACHED_NOBODY = Q(abandoned_at__isnull=False) & ~Q(ending=WITHDRAWN)
IN_STATE = {
    SENT: Q(sent_at__isnull=False, abandoned_at=None),
    WAITING: Q(sent_at=None, abandoned_at=None, attempts=0),
    RETRYING: Q(sent_at=None, abandoned_at=None, attempts__gt=0),
    ABANDONED: Q(abandoned_at__isnull=False, ending="", resent_as=None) & ~Q(recipient=""),
    UNDELIVERABLE: Q(abandoned_at__isnull=False, ending=UNDELIVERABLE, resent_as=None) & ~Q(recipient=""),
    WITHDRAWN: Q(abandoned_at__isnull=False, ending=WITHDRAWN),
    RESENT: _REACHED_NOBODY & Q(resent_as__isnull=False),
}
ADDRESS = re.compile(r"https?://\S+")
BLANK = "[…]"

jobs: dict[str, Any] = {"letters": gettext_lazy("letters")}
"What the worker's jobs are called: the room that gives it others adds theirs."

Names = Callable[[set[uuid.UUID]], dict[uuid.UUID, str]]
names: list[Names] = []
"What letters are about, in words, by its UID: the room that writes letters appends its answer."


class LetterFilterSet(WagtailFilterSet):
    state = django_filters.ChoiceFilter(label=gettext_lazy("State"), choices=list(STATES.items()), method="in_state")
    language = django_filters.ChoiceFilter(label=gettext_lazy("Language"), choices=settings.LANGUAGES)
    kind = django_filters.ChoiceFilter(
        label=gettext_lazy("Kind"), choices=lambda: [(name, kinds.label(name)) for name in sorted(kinds.kinds)]
    )

    class Meta:
        model = Letter
        fields: list[str] = []

    def in_state(self, letters: QuerySet[Letter], name: str, value: str) -> QuerySet[Letter]:
        return letters.filter(IN_STATE[value])


class LetterIndexView(FoldedLookup, generic.IndexView):
    any_permission_required = ["view", "change"]

    @cached_property
    def header_buttons(self) -> list[HeaderButton]:
        buttons: list[HeaderButton] = super().header_buttons
        if self.request.user.has_perm("letters.change_letter") and Letter.objects.failed().exists():
            url = reverse("letters:resend_failed")
            buttons.append(HeaderButton(_("Send failed letters again"), url=url, icon_name="rotate"))
        return buttons

    def get_table(self, object_list: Any) -> Any:
        self.about = about(object_list)
        return super().get_table(object_list)

    @cached_property
    def columns(self) -> list[Column]:
        return [
            self._get_title_column("recipient", accessor=lambda letter: letter.recipient or _("deleted")),
            StatusTagColumn(
                "state",
                label=_("State"),
                accessor=lambda letter: str(STATES[letter.state]),
                primary=lambda letter: letter.state == SENT,
            ),
            Column("kind", label=_("Kind"), accessor=lambda letter: kinds.label(letter.kind), sort_key="kind"),
            Column("about", label=_("About"), accessor=lambda letter: self.about.get(letter.about, "")),
            Column("language", label=_("Language"), accessor="get_language_display"),
            Column("created_at", label=_("Written"), sort_key="created_at"),
            Column("attempts", label=_("Attempts"), sort_key="attempts"),
            Column("last_error", label=_("Last error"), accessor=lambda letter: letter.last_error[:120]),
        ]


class LetterInspectView(generic.InspectView):
    """The letter as its reader sees it, without the personal link."""

    any_permission_required = ["view", "change"]
    template_name = "desk/letter.html"
    page_title = gettext_lazy("Letter")

    def get_page_subtitle(self) -> str:
        return str(self.object.recipient)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        subject, text, failure = shown_to_staff(self.object)
        return super().get_context_data(**kwargs) | {
            "letter": self.object,
            "state": STATES[self.object.state],
            "kind": kinds.label(self.object.kind),
            "about": about([self.object]).get(self.object.about, ""),
            "subject": subject,
            "text": text,
            "failure": failure,
            "resent_url": reverse("letters:inspect", args=[again]) if (again := self.object.resent_as_id) else "",
            "may_resend": self.user_has_permission("change") and not self.object.is_emptied,
            "resend_url": reverse("letters:resend", args=[self.object.pk]),
        }


class LetterViewSet(ReadOnlyViewSet):
    model = Letter
    name = "letters"
    icon = "mail"
    menu_label = gettext_lazy("Letters")
    menu_order = 130
    add_to_admin_menu = True
    index_view_class = LetterIndexView
    inspect_view_class = LetterInspectView
    inspect_template_name = LetterInspectView.template_name
    inspect_view_fields = ["recipient"]
    filterset_class = LetterFilterSet
    ordering = "-created_at"
    search_fields = ["recipient", "recipient_name"]

    def get_urlpatterns(self) -> list[Any]:
        return [
            *super().get_urlpatterns(),
            path("resend/<int:pk>/", resend, name="resend"),
            path("resend-failed/", ResendFailedView.as_view(), name="resend_failed"),
        ]


class HeartbeatPanel(Component):
    """On the admin's first page: whether the worker lives, and what it last did."""

    name = "worker"
    order = 400
    template_name = "desk/worker.html"

    def get_context_data(self, parent_context: Any) -> dict[str, Any]:
        return {
            "heartbeats": [(jobs.get(beat.job, beat.job), beat) for beat in Heartbeat.objects.all()],
            "waiting": Letter.objects.waiting().count(),
            "abandoned": Letter.objects.filter(IN_STATE[ABANDONED]).count(),
            "undeliverable": Letter.objects.filter(IN_STATE[UNDELIVERABLE]).count(),
            "held": allowance.standing(),
            "letters_url": reverse("letters:index"),
        }


def may_see_letters(user: Any) -> bool:
    return bool(user.has_perm("letters.view_letter") or user.has_perm("letters.change_letter"))


def about(letters: Iterable[Letter]) -> dict[uuid.UUID | None, str]:
    """What letters are about, named by whoever writes such letters; one question for a whole list."""
    asked = {letter.about for letter in letters if letter.about}
    return {uid: name for answer in names for uid, name in answer(asked).items()} if asked else {}


def shown_to_staff(letter: Letter) -> tuple[str, str, str]:
    """Subject and text with every personal link blanked; or why there is nothing to show."""
    if letter.is_emptied:
        return "", "", _("What it said, and to whom, was deleted: its reader’s data were erased.")
    try:
        message = write(letter)
    except Exception as error:  # noqa: BLE001  (such a letter is shown as what it is, not as an error page)
        return "", "", f"{type(error).__name__}: {error}"
    if message is None:
        return "", "", _("It is no longer true and does not leave.")
    return without_links(str(message.subject)), without_links(str(message.body)), ""


def without_links(text: str) -> str:
    """Blank every address that holds a signed token, and any token that stands alone."""
    text = ADDRESS.sub(lambda found: BLANK if TOKEN.search(found.group()) else found.group(), text)
    return TOKEN.sub(BLANK, text)


class ResendFailedView(WagtailAdminTemplateMixin, TemplateView):
    """All letters that reached nobody leave again, once: first what would leave is told, then it is asked for."""

    template_name = "desk/resend_failed.html"
    page_title = gettext_lazy("Send failed letters again")
    header_icon = "mail"
    CHUNK = 200

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        if not request.user.has_perm("letters.change_letter"):
            raise PermissionDenied
        return super().dispatch(request, *args, **kwargs)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(**kwargs) | {
            "abandoned": Letter.objects.filter(IN_STATE[ABANDONED]).count(),
            "undeliverable": Letter.objects.filter(IN_STATE[UNDELIVERABLE]).count(),
            "letters_url": reverse("letters:index"),
        }

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        states = [state for state in (ABANDONED, UNDELIVERABLE) if state in request.POST.getlist("state")]
        sent = 0
        for state in states:
            while some := self.send_some(IN_STATE[state]):
                sent += some
        text = ngettext("%(count)d letter leaves once more.", "%(count)d letters leave once more.", sent)
        messages.success(request, text % {"count": sent})
        return HttpResponseRedirect(reverse("letters:index"))

    def send_some(self, failed: Q) -> int:
        """Queue the next of them; how many they were."""
        with transaction.atomic():
            letters = list(Letter.objects.filter(failed).order_by("pk").select_for_update()[: self.CHUNK])
            for letter in letters:
                letter.resent_as = letter.copy()
                letter.resent_as.to_many = True  # hundreds at once are in nobody's way
            Letter.objects.bulk_create([letter.resent_as for letter in letters if letter.resent_as])
            for letter in letters:
                letter.save(update_fields=["resent_as"])
                log(letter, "letters.resend", title=unnamed(letter), data={"again": letter.resent_as_id})
        return len(letters)


def unnamed(letter: Letter) -> str:
    """What the log calls a letter: whoever reads that learns no address from it."""
    return f"#{letter.pk}"


@require_POST
def resend(request: HttpRequest, pk: int) -> HttpResponse:
    """Queue the same letter once more; the worker sends it. Twice is once."""
    if not request.user.has_perm("letters.change_letter"):
        raise PermissionDenied
    letter = get_object_or_404(Letter.objects.exclude(recipient=""), pk=pk)
    before = [letter.resent_as_id]
    with transaction.atomic():
        again = letter.resend()
        log(letter, "letters.resend", title=unnamed(letter), data={"again": again.pk})
    if again.pk in (letter.pk, *before):
        messages.info(request, _("This letter is waiting already and leaves as soon as it can."))
        return HttpResponseRedirect(reverse("letters:inspect", args=[again.pk]))
    messages.success(request, _("The letter to %(recipient)s leaves once more.") % {"recipient": letter.recipient})
    return HttpResponseRedirect(reverse("letters:inspect", args=[again.pk]))
