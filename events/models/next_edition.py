"""The next edition: an event made anew from the last one, as a draft, without what belonged to its year."""

import copy
import datetime as dt
import re
import uuid
from dataclasses import dataclass, field
from typing import Any, ClassVar

from django.db import models, transaction
from i18nfield.strings import LazyI18nString
from wagtail.log_actions import log

from .calendar_entry import PublicationLock
from .event import Event
from .letter_text import LetterText
from .organiser import EventOrganiser
from .pages import AgendaPage, EventPage
from .personal.terms import DataTerms
from .questions import copying
from .questions.question import Question
from .refund_policy import RefundStep
from .reminder import Reminder

KEPT = [
    "title",
    "theme",
    "kind",
    "access",
    "series",
    "format",
    "city",
    "country",
    "venue",
    "latitude",
    "longitude",
    "precision",
    "online_platform",
    "languages",
    "interpretation",
    "timezone",
    "all_day",
    "registration",
    "registered_for",
    "capacity",
    "capacity_onsite",
    "capacity_online",
    "verifies_address",
    "needs_approval",
    "requests_hold_seats",
    "has_waiting_list",
    "offer_hours",
    "allows_transfer",
    "joining_hours",
    "contact_email",
    "is_demo",
]
MOVED = [
    "start_local",
    "end_local",
    "recurrence",
    "registration_opens_local",
    "registration_closes_local",
    "changes_close_local",
    "ordinal",
    "parent",
]
"Taken over in another form."
LEFT = [
    "id",
    "uid",
    "status",
    "replacement",
    "continues",
    "registration_url",
    "joining_url",
    "photo",
    "photo_alt",
    "photo_credit",
    "staff_note",
    "moves_children",
    "start_fold",
    "end_fold",
    "starts_at",
    "ends_at",
    "sort_title",
    "live",
    "has_unpublished_changes",
    "first_published_at",
    "last_published_at",
    "live_revision",
    "go_live_at",
    "expire_at",
    "expired",
    "locked",
    "locked_at",
    "locked_by",
    "latest_revision",
]
"What belonged to that year, and what no copy has."
YEAR = re.compile(r"(?<!\d)(?:19|20)\d\d(?!\d)")
WEEK = dt.timedelta(weeks=1)


def suggested(event: Event, now: dt.datetime) -> dt.datetime:
    """The same weekday and hour nearest to the same date, in the first year in which it is still to come.

    Both are naive, on the clock of the place.
    """
    first = event.start_local
    year = first.year
    while True:
        year += 1
        day = first.day if (first.month, first.day) != (2, 29) else 28
        start = first + WEEK * round((first.replace(year=year, day=day) - first) / WEEK)
        if start > now:
            return start


def raised(text: Any, old: int, new: int) -> tuple[Any, list[str]]:
    """A text with its year raised in each language, and the texts in which it is not clear what a year means.

    Clear is: the old year stands there, and no other one.
    """
    said = text.data if isinstance(text, LazyI18nString) else text
    if not isinstance(said, dict):
        return text, []
    found, doubtful = {}, []
    for language, words in said.items():
        years = set(YEAR.findall(words or ""))
        if years == {str(old)}:
            found[language] = YEAR.sub(str(new), words)
        else:
            found[language] = words
            if years:
                doubtful.append(words)
    return LazyI18nString(found), doubtful


@dataclass
class NextEdition:
    """One copy to be made, once: the same ``uid`` asked for twice is the same event.

    Everything keeps its distance from the beginning on the clock of the wall.
    With ``inside`` the events inside come along; ``in_place`` is for one that
    takes the place of another in the same series, whose number it does not take.
    ``doubtful`` names afterwards what somebody should look at.
    """

    logged: ClassVar[str] = "events.next_edition"

    event: Event
    start: dt.datetime
    uid: uuid.UUID = field(default_factory=uuid.uuid4)
    by: Any = None
    inside: bool = False
    in_place: bool = False
    doubtful: list[str] = field(default_factory=list)

    @property
    def by_how_much(self) -> dt.timedelta:
        return self.start - self.event.start_local

    def make(self) -> Event:
        """The copy with its organisers, tickets, questions and pages, all drafts; nothing of it is public."""
        with transaction.atomic():
            PublicationLock.hold()
            made = Event.objects.filter(uid=self.uid).first()
            if made is not None:
                return made
            return self._copy(self.event, self.uid, None)

    def _copy(self, event: Event, uid: uuid.UUID, parent: Event | None) -> Event:
        made = Event(uid=uid, live=False, parent=parent, has_unpublished_changes=True)
        self._fill(made, event)
        made.regions, made.objectives, made.facilities = (  # type: ignore[assignment]
            list(getattr(event, name).all()) for name in ("regions", "objectives", "facilities")
        )
        made.organisers = [  # type: ignore[misc]
            EventOrganiser(organisation_id=one.organisation_id, role=one.role, sort_order=one.sort_order)
            for one in event.organisers.all()
        ]
        made.save()
        made.save_revision(user=self.by)
        self._tickets(event, made)
        copying.copy_to(made, Question.objects.filter(event=event).asked().whole())
        DataTerms.copied(event, made)
        self._letters(event, made)
        self._pages(event, made)
        log(made, self.logged, user=self.by, data={"from": event.pk, "title": str(event.title)})
        if self.inside:
            for child in Event.objects.filter(parent=event).order_by("starts_at", "pk"):
                if child.status not in Event.CALLED_OFF:
                    self._copy(child, uuid.uuid5(self.uid, str(child.uid)), made)
        return made

    def _fill(self, made: Event, event: Event) -> None:
        """The facts of the copy; not saved yet."""
        for name in KEPT:
            setattr(made, name, copy.deepcopy(getattr(event, name)))
        self._date(made, event)
        made.ordinal = None if self.in_place else self._free_number(event)
        if event.registration == Event.RegistrationMode.ELSEWHERE:
            made.registration = Event.RegistrationMode.NONE  # its address was that of the year
        for name in ("title", "theme"):
            words, doubtful = raised(getattr(made, name), event.start_local.year, made.start_local.year)
            setattr(made, name, words)
            self.doubtful += doubtful

    def _date(self, made: Event, event: Event) -> None:
        by = self.by_how_much
        for name in (name for name in MOVED if name.endswith("_local")):
            moment = getattr(event, name)
            setattr(made, name, moment + by if moment else None)
        if event.recurs:
            rule = copy.deepcopy(event.recurrence)
            rule.exdates, rule.rdates = [], []
            for one in rule.rrules:
                one.until = one.until + by if one.until else None
            made.recurrence = rule

    def _free_number(self, event: Event) -> int | None:
        if event.series_id is None or event.ordinal is None:
            return None
        taken = set(Event.objects.filter(series=event.series_id).values_list("ordinal", flat=True))
        number = event.ordinal + 1
        while number in taken:
            number += 1
        return number

    def _tickets(self, event: Event, made: Event) -> None:
        """Sale windows and what goes back to who cancels move along; seats, registrations and payments stay behind."""
        for ticket in event.tickets.all():
            ticket.copied_to(made).save()
        by = made.start_local - event.start_local
        for step in event.refund_steps.all():
            RefundStep.objects.create(event=made, until_local=step.until_local + by, percent=step.percent)

    def _letters(self, event: Event, made: Event) -> None:
        """Which letters leave by themselves, and what the staff wrote into the letters, with the year raised."""
        for rule in event.reminders.all():
            Reminder.objects.create(
                event=made, kind=rule.kind, attendance=rule.attendance, amount=rule.amount, unit=rule.unit
            )
        for text in event.letter_texts.all():
            words = {}
            for name in ("subject", "text"):
                said = copy.deepcopy(getattr(text, name))
                words[name], doubtful = raised(said, event.start_local.year, made.start_local.year)
                self.doubtful += doubtful
            LetterText.objects.create(event=made, kind=text.kind, **words)

    def _pages(self, event: Event, made: Event) -> None:
        """The prose of each language, as a draft of the page that the event will show once it is published."""
        agendas = {agenda.locale_id: agenda for agenda in AgendaPage.objects.select_related("locale").order_by("-pk")}
        for page in EventPage.objects.filter(event=event).select_related("locale").order_by("locale_id"):
            agenda = agendas.get(page.locale_id)
            if agenda is None:
                continue
            draft = EventPage(
                event=made,
                locale=page.locale,
                translation_key=made.uid,
                live=False,
                has_unpublished_changes=True,
                show_in_menus=False,
                body=page.body.raw_data if hasattr(page.body, "raw_data") else page.body,
                seo_title=page.seo_title,
                search_description=page.search_description,
            )
            draft.follow(agenda)
            agenda.add_child(instance=draft)
            draft.save_revision(user=self.by)
            if str(event.start_local.year) in str(page.body):
                self.doubtful.append(f"{page.locale.get_display_name()}: {page.title}")


def decided() -> set[str]:
    """The fields of which it is decided what a copy does with them."""
    return {*KEPT, *MOVED, *LEFT}


def undecided() -> set[str]:
    """Fields of an event of which nobody has said whether they belong to its year; a test wants it empty."""
    own: list[models.Field[Any, Any]] = list(Event._meta.concrete_fields)
    return {one.name for one in own} - decided()
