"""On the form of an event: the letters that leave by themselves, when exactly, and to how many."""

import datetime as dt
from typing import Any

from django.urls import reverse
from django.utils import timezone
from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _
from wagtail.admin.panels import Panel

from events.models import Event, Mailing, Occurrence, Reminder
from events.registration.letters.body import moment_told

from ..on_event import NAMES

MOST = 400
"Dates of a series that are looked through for the next one."


class RemindersPanel(Panel):
    """The rules of an event; each leads to its own form."""

    class BoundPanel(Panel.BoundPanel):
        template_name = "desk/reminders_panel.html"

        def is_shown(self) -> bool:
            return bool(self.request and self.request.user.has_perm("events.view_reminder"))

        def get_context_data(self, parent_context: Any = None) -> dict[str, Any]:
            context: dict[str, Any] = super().get_context_data(parent_context)
            event = self.instance
            if not event.pk:
                return context | {"saved": False}
            rules = standing(Event.objects.get(pk=event.pk))
            may_add = self.request.user.has_perm("events.add_reminder")
            return context | {
                "saved": True,
                "rules": rules,
                "add_url": f"{reverse('reminders:add')}?event={event.pk}" if may_add else "",
                "propose_url": reverse(f"{NAMES}:propose_reminders", args=[event.pk]) if may_add and not rules else "",
            }


class MomentPanel(Panel):
    """On the form of a rule that was saved: when its letters leave, and to whom they have left."""

    class BoundPanel(Panel.BoundPanel):
        template_name = "desk/reminder_moment.html"

        def is_shown(self) -> bool:
            return self.instance.pk is not None

        def get_context_data(self, parent_context: Any = None) -> dict[str, Any]:
            context: dict[str, Any] = super().get_context_data(parent_context)
            return context | {"rule": told(Reminder.objects.select_related("event").get(pk=self.instance.pk))}


def standing(event: Event) -> list[dict[str, Any]]:
    """The rules of an event as they stand, in the order in which their letters leave."""
    rules = sorted(event.reminders.all(), key=lambda rule: rule.place)
    for rule in rules:
        rule.event = event
    return [told(rule) for rule in rules]


def told(rule: Reminder) -> dict[str, Any]:
    """What is known of a rule: when it leaves next and to how many, and when it left."""
    now = timezone.now()
    date = next_date(rule, now)
    return {
        "kind": rule.get_kind_display(),
        "to_whom": rule.get_attendance_display() if rule.attendance else _("everybody"),
        "when": rule.when,
        "url": reverse("reminders:edit", args=[rule.pk]) if rule.pk else "",
        "next": leaves(rule, date, now) if date else "",
        "sent": [left(rule, mailing) for mailing in rule.mailings.all()[:3]] if rule.pk else [],
    }


def next_date(rule: Reminder, now: dt.datetime) -> Occurrence | None:
    """The soonest date whose letters are still to leave, or are leaving; None if there is none."""
    done = (
        {(mailing.date, mailing.start_local) for mailing in rule.mailings.exclude(finished_at=None)}
        if rule.pk
        else set()
    )
    dates = dates_of(rule.event, now)
    if rule.follows and not rule.event.by_date:
        dates = dates[-1:]  # thanks for a whole series come after its last date
    for date in dates:
        original = date.original.isoformat() if rule.event.recurs else ""
        if rule.moment(date) > now or (rule.is_due(date, now) and (original, date.start_local) not in done):
            return date
    return None


def dates_of(event: Event, now: dt.datetime) -> list[Occurrence]:
    """The dates that are held and not long over; of a draft that was never public the first."""
    if not event.first_published_at:
        return [Occurrence.given_by(event, event.start_local, None)]
    recent = event.occurrences.taking_place().filter(ends_at__gt=now - dt.timedelta(days=366))
    dates = list(recent.order_by("starts_at")[:MOST])
    for date in dates:
        date.event = event
    return dates


def leaves(rule: Reminder, date: Occurrence, now: dt.datetime) -> str:
    """When the letters leave on the clock of the event, and to how many persons as things stand."""
    if not rule.event.live:
        held = _("if the event is public then")
    elif rule.event.status in Event.CALLED_OFF:
        return _("not as long as the event does not take place")
    else:
        count = rule.in_time(date).count() if rule.moment(date) <= now else rule.people(date).count()
        held = ngettext("to %(count)d person, as things stand", "to %(count)d persons, as things stand", count)
        held %= {"count": count}
    moment = rule.moment(date)
    if moment <= now:
        return _("in the next minutes, %(to_whom)s") % {"to_whom": held}
    return _("%(moment)s, %(to_whom)s") % {"moment": at_place(moment, rule.event), "to_whom": held}


def left(rule: Reminder, mailing: Mailing) -> str:
    """When letters left, and how many."""
    text = ngettext("%(count)d letter left on %(moment)s", "%(count)d letters left on %(moment)s", mailing.letters)
    return text % {"moment": at_place(mailing.began_at, rule.event), "count": mailing.letters}


def at_place(moment: dt.datetime, event: Event) -> str:
    """A moment on the clock of the event, with the name of its zone, in the reader's language."""
    return moment_told(moment, event.timezone, get_language() or "fr")
