"""Who is invited to an event by letter, and what became of each invitation."""

from typing import Any

from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext, pgettext
from wagtail.admin import messages
from wagtail.log_actions import log

from events.models import Invitation
from events.registration.inviting import remind
from events.registration.letters.invitations import KIND
from letters.desk import may_see_letters
from letters.models import Letter
from pages.languages import name_of

from ..on_event import NAMES, OnEvent, edit_url

PER_PAGE = 100
UNSENT, FAILED = "unsent", "failed"
STATES = Invitation.State


class InvitedView(OnEvent):
    """Everybody with the state of their invitation; who has not answered can be written to again."""

    template_name = "desk/invited.html"
    header_icon = "mail"
    needs = "change"
    page_title = gettext_lazy("Invited people")

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> Any:
        if not request.user.has_perm("events.view_invitation"):
            raise PermissionDenied
        return super().dispatch(request, *args, **kwargs)

    @property
    def may_change(self) -> bool:
        return bool(self.request.user.has_perm("events.change_invitation"))

    @cached_property
    def all(self) -> Any:
        return Invitation.objects.personal().filter(event=self.event).order_by("-pk")

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if not self.may_change:
            raise PermissionDenied
        asked = [pk for pk in request.POST.getlist("invitation") if pk.isdecimal() and len(pk) < 19]
        chosen = list(self.all.filter(pk__in=asked).select_related("event", "ticket"))
        if not chosen:
            messages.error(request, _("Nobody is ticked: nothing was done."))
        elif "revoke" in request.POST:
            self._revoke(chosen)
        elif "remind" in request.POST:
            self._remind(chosen)
        return HttpResponseRedirect(request.get_full_path(), status=303)

    def _remind(self, chosen: list[Invitation]) -> None:
        written = remind(chosen)
        if written:
            log(self.event, "events.remind_invited", user=self.request.user, data={"count": written})
            said = ngettext("%(count)d letter leaves in a moment.", "%(count)d letters leave in a moment.", written)
            messages.success(self.request, said % {"count": written})
        if rest := len(chosen) - written:
            said = ngettext(
                "%(count)d person gets none: they have answered, or were reminded today.",
                "%(count)d people get none: they have answered, or were reminded today.",
                rest,
            )
            messages.warning(self.request, said % {"count": rest})

    def _revoke(self, chosen: list[Invitation]) -> None:
        open_ones = [one for one in chosen if one.state in (STATES.OPEN, STATES.DRAFT)]
        for one in open_ones:
            one.revoke()
        if open_ones:
            log(self.event, "events.revoke_invited", user=self.request.user, data={"count": len(open_ones)})
            said = ngettext(
                "%(count)d invitation is taken back.", "%(count)d invitations are taken back.", len(open_ones)
            )
            messages.success(self.request, said % {"count": len(open_ones)})
        if rest := len(chosen) - len(open_ones):
            said = ngettext(
                "%(count)d invitation stays as it is: it has been answered or is over.",
                "%(count)d invitations stay as they are: they have been answered or are over.",
                rest,
            )
            messages.warning(self.request, said % {"count": rest})

    # -- the list

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        rows = self._rows()
        labels = dict(_labels())
        asked = self.request.GET.get("state", "")
        counted = {name: sum(row["state"] == name for row in rows) for name in labels}
        shown = [row for row in rows if not asked or row["state"] == asked]
        page = Paginator(shown, PER_PAGE).get_page(self.request.GET.get("p"))
        for row in page:
            row["state"] = labels[row["state"]]
        return super().get_context_data(**kwargs) | {
            "event": self.event,
            "rows": page,
            "asked": asked,
            "total": len(rows),
            "states": [(name, labels[name], count) for name, count in counted.items() if count],
            "kept": sum(row["invitation"].reserved for row in rows),
            "may_change": self.may_change,
            "invite_url": reverse(f"{NAMES}:invite", args=[self.event.pk])
            if self.request.user.has_perm("events.add_invitation")
            else "",
            "back_url": edit_url(self.event),
        }

    def _rows(self) -> list[dict[str, Any]]:
        letters = self._letters()
        may_see = may_see_letters(self.request.user)
        found = []
        for one in self.all.select_related("ticket"):
            letter, count = letters.get(str(one.pk), (None, 0))
            state: str = one.state
            if state == STATES.OPEN and letter is not None and not letter.sent_at:
                state = FAILED if letter.abandoned_at else UNSENT
            elif state == STATES.OPEN and letter is not None and letter.state == "undeliverable":
                state = FAILED
            found.append(
                {
                    "invitation": one,
                    "language": name_of(one.language) if one.language else "",
                    "state": state,
                    "letter": letter,
                    "letters": count,
                    "letter_url": reverse("letters:inspect", args=[letter.pk]) if letter and may_see else "",
                }
            )
        return found

    def _letters(self) -> dict[str, tuple[Letter, int]]:
        """The last letter to each, and how many there were."""
        mine = Letter.objects.filter(about=self.event.uid, kind=KIND).order_by("pk")
        found: dict[str, tuple[Letter, int]] = {}
        for letter in mine.defer("facts"):
            _last, count = found.get(letter.link_subject, (None, 0))
            found[letter.link_subject] = (letter, count + 1)
        return found


def _labels() -> list[tuple[str, str]]:
    return [
        (UNSENT, pgettext("of an invitation", "not sent yet")),
        (FAILED, _("letter failed")),
        *((str(state), str(state.label)) for state in STATES if state != STATES.DRAFT),
        (STATES.DRAFT.value, str(STATES.DRAFT.label)),
    ]
