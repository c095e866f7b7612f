"""Announcements in the admin: what is to be told, to whom, when, and how far the letters have come."""

from typing import Any

from django import forms
from django.db import transaction
from django.db.models import Count, Max
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import cached_property
from django.utils.text import capfirst
from django.utils.translation import get_language, gettext_lazy, ngettext
from django.utils.translation import gettext as _
from wagtail.admin import messages
from wagtail.admin.ui.components import Component
from wagtail.admin.utils import get_user_display_name
from wagtail.log_actions import log
from wagtail.permissions import policy_registry

from events.models import Announcement, Audience, Event, PublicationLock, Registration
from events.registration.event_shown import moment
from letters.desk import IN_STATE, may_see_letters
from letters.models import Letter
from pages.trilingual import shown

from ..on_event import NAMES, OnEvent, announcement_url, edit_url, may
from . import told
from .forms import ReasonForm


class AnnouncementView(OnEvent):
    """One announcement: decided here while it is open, followed here afterwards."""

    template_name = "desk/announcement.html"
    header_icon = "mail"
    needs = "change"
    page_title = gettext_lazy("Announcement")

    @cached_property
    def announcement(self) -> Announcement:
        return get_object_or_404(Announcement.objects.filter(event=self.event), pk=self.kwargs["number"])

    def get_breadcrumbs_items(self) -> list[dict[str, Any]]:
        items = super().get_breadcrumbs_items()
        url = reverse(f"{NAMES}:announcements", args=[self.event.pk])
        return [*items[:-1], {"url": url, "label": _("Announcements")}, {"url": "", "label": self.get_page_title()}]

    def _form(self, data: Any = None) -> ReasonForm:
        return ReasonForm(data, instance=self.announcement, zone=self.event.timezone, prefix="told")

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if not may(request.user, "publish", self.event):
            return self.http_method_not_allowed(request)
        here = HttpResponseRedirect(announcement_url(self.announcement), status=303)
        if "dismiss" in request.POST:
            if self._settle(dismissed=True):
                messages.success(request, _("Nobody is told of it."))
            return here
        form = self._form(request.POST)
        if not form.is_valid():
            return self.render_to_response(self.get_context_data(form=form), status=422)
        reason, due_at = form.cleaned_data["reason"], form.due_at
        if self._settle(reason=reason, due_at=due_at):
            messages.success(request, _("The announcement is kept."))
        return here

    def _settle(self, dismissed: bool = False, **facts: Any) -> bool:
        """Write down what is decided, unless the letters have begun to leave meanwhile."""
        with transaction.atomic():
            PublicationLock.hold()
            row = Announcement.objects.select_for_update().get(pk=self.announcement.pk)
            if not row.is_open:
                messages.warning(self.request, _("It has been decided already: here is what became of it."))
                return False
            for name, value in facts.items():
                setattr(row, name, value)
            if dismissed:
                row.dismissed_at = timezone.now()
            row.by = self.request.user  # type: ignore[assignment]
            row.save()
            log(self.event, "events.dismiss" if dismissed else "events.announce", user=self.request.user)
            return True

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        announcement = self.announcement
        audience = Audience.of(announcement)
        events = {str(event.uid): event for event in audience.steps}
        decides = announcement.is_open and may(self.request.user, "publish", self.event)
        form = kwargs.get("form") or (self._form() if decides else None)
        if form is not None and not form.is_bound and announcement.due_at is None:
            form.initial["when"] = "now"
        frozen = announcement.announced_at is not None
        return super().get_context_data(**kwargs) | {
            "announcement": announcement,
            "event": self.event,
            "what": capfirst(announcement.get_what_display()),
            "state": state(announcement),
            "due": moment(announcement.due_at, self.event) if announcement.due_at else "",
            "announced": moment(announcement.announced_at, self.event) if announcement.announced_at else "",
            "by": get_user_display_name(announcement.by) if announcement.by else "",
            "turns": list(_turns(audience)),
            "steps": [
                {"event": event, "change": change}
                for event, changes in announcement.steps().items()
                for change in changes
            ],
            "people": audience.people() if not frozen else None,
            "figures": told.figures(announcement.audience if frozen else audience, events),
            "names": told.names(audience, self.request.user) if not frozen else None,
            "previews": [] if announcement.dismissed_at else told.previews(announcement, audience, self.request.user),
            "languages": [name for _code, name in told.settings.LANGUAGES],
            "progress": progress(announcement) if frozen else None,
            "failed": _failed(announcement, self.request.user) if frozen else [],
            "form": form,
            "media": form.media if form else forms.Media(),
            "back_url": edit_url(self.event),
        }


def _turns(audience: Audience) -> Any:
    """Of each event, what was first known and what is true."""
    language = get_language() or "fr"
    for event, steps in audience.steps.items():
        after = audience.after.get(str(event.uid))
        yield {
            "event": event,
            "before": told.state_of(steps[0][1], language),
            "after": told.state_of(after, language) if after else None,
            "dates": told.dates_of(steps[0][1], after, language) if after else [],
        }


def state(announcement: Announcement) -> str:
    """Where it stands, in a word."""
    if announcement.dismissed_at:
        return str(_("nobody is told"))
    if announcement.queued_at:
        return str(_("announced"))
    if announcement.announced_at:
        return str(_("letters are being written"))
    return str(_("planned") if announcement.due_at else _("to be decided"))


def progress(announcement: Announcement) -> dict[str, int]:
    """How many letters are written, sent, waiting, to be tried again, given up."""
    counted = {name: Count("pk", filter=condition) for name, condition in IN_STATE.items()}
    found: dict[str, int] = announcement.letters.aggregate(written=Count("pk"), **counted)
    return found


def _failed(announcement: Announcement, user: Any) -> list[Any]:
    """The letters that did not leave yet or never will, for those who may see letters."""
    if not may_see_letters(user):
        return []
    mine = policy_registry.get_by_type(Letter).instances_user_has_any_permission_for(user, {"view", "change"})
    waiting = announcement.letters.filter(sent_at=None, pk__in=mine.values("pk")).exclude(last_error="")
    return list(waiting.order_by("recipient")[:100])


class AnnouncementsView(OnEvent):
    """Everything that was or is to be announced of an event, the latest first."""

    template_name = "desk/announcements.html"
    header_icon = "mail"
    needs = "change"
    page_title = gettext_lazy("Announcements")

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        rows = []
        for announcement in Announcement.objects.of(self.event).select_related("event", "by"):
            counted = progress(announcement)
            people = Audience.of(announcement).people() if announcement.is_open else None
            if announcement.is_open and not people and not announcement.due_at and not announcement.by:
                continue  # what was changed has been changed back
            rows.append(
                {
                    "url": announcement_url(announcement),
                    "event": announcement.event,
                    "what": capfirst(announcement.get_what_display()),
                    "reason": announcement.reason,
                    "state": state(announcement),
                    "at": moment(at, self.event) if (at := announcement.announced_at or announcement.due_at) else "",
                    "by": get_user_display_name(announcement.by) if announcement.by else "",
                    "people": people,
                    "progress": counted,
                }
            )
        return super().get_context_data(**kwargs) | {"rows": rows, "event": self.event}


def told_how_many(people: int) -> str:
    """How many persons know something that is no longer true."""
    return ngettext(
        "%(people)d person registered knows what is no longer true.",
        "%(people)d people registered know what is no longer true.",
        people,
    ) % {"people": people}


def duties(user: Any) -> list[tuple[Announcement, int]]:
    """What this person has to announce, or to say that nobody is told of, with how many it concerns."""
    mine = policy_registry.get_by_type(Event).instances_user_has_any_permission_for(user, {"publish"})
    open_ones = Announcement.objects.undecided().filter(event__in=mine.values("pk"))
    latest = open_ones.annotate(at=Max("changes__at")).order_by("-at", "-pk").select_related("event")[:50]
    return [(one, people) for one in latest if (people := Audience.of(one).people())]


class DutiesPanel(Component):
    """On the admin's first page: changes that people registered do not know yet."""

    name = "announcements"
    order = 90
    template_name = "desk/duties.html"

    def __init__(self, found: list[tuple[Announcement, int]]) -> None:
        self.found = found

    def get_context_data(self, parent_context: Any) -> dict[str, Any]:
        return {
            "duties": [
                {
                    "url": announcement_url(one),
                    "title": shown(one.event.title).text,
                    "what": one.get_what_display(),
                    "people": told_how_many(people),
                }
                for one, people in self.found
            ]
        }


def on_the_first_page(request: HttpRequest, panels: list[Any]) -> None:
    """Hook of the admin's first page."""
    found = duties(request.user)
    if found:
        panels.append(DutiesPanel(found))


def open_for(event: Event) -> tuple[Announcement | None, int]:
    """The announcement of an event that has not been made, and how many it concerns."""
    announcement = Announcement.objects.open().of(event).order_by("pk").first()
    return announcement, Audience.of(announcement).people() if announcement else 0


def remind(request: HttpRequest, event: Event) -> None:
    """Above the event's form: what people do not know yet."""
    announcement, people = open_for(event)
    if announcement is None or not people:
        return
    url = announcement_url(announcement)
    if announcement.due_at is not None:
        sentence = _("%(who)s They will be told: %(when)s.") % {
            "who": told_how_many(people),
            "when": moment(announcement.due_at, event),
        }
        messages.info(request, sentence, buttons=[messages.button(url, _("See the announcement"))])
    else:
        messages.warning(request, told_how_many(people), buttons=[messages.button(url, _("Tell them?"))])


def lead(request: HttpRequest, event: Any) -> HttpResponse | None:
    """After a publication by the form: whoever made a change that people must know is led to its announcement."""
    if not isinstance(event, Event) or not may(request.user, "publish", event):
        return None
    event = Event.objects.get(pk=event.pk)
    announcement, people = open_for(event)
    if announcement is None or not people:
        return None
    undecided = announcement.by is None
    if not (undecided or announcement.changes.filter(at__gte=event.last_published_at).exists()):
        return None
    if announcement.due_at is None:
        messages.warning(request, _("Published. %(who)s Tell them?") % {"who": told_how_many(people)})
    else:
        messages.warning(
            request,
            _("Published. The announcement that is planned will tell this too: look at its reason again."),
        )
    return HttpResponseRedirect(announcement_url(announcement))


def warn(request: HttpRequest, event: Any) -> None:
    """After an event is taken back: whoever is registered has not been told."""
    if not isinstance(event, Event):
        return
    people = Registration.objects.living().filter(event=event).order_by().values("email_key").distinct().count()
    if people:
        messages.warning(
            request,
            ngettext(
                "%(people)d person is registered and is told nothing: cancel the event to tell them.",
                "%(people)d people are registered and are told nothing: cancel the event to tell them.",
                people,
            )
            % {"people": people},
        )
