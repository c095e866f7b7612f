"""Mandates: who cares for which region, in which languages, for what, from which day to which."""

import datetime as dt
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any
from zoneinfo import ZoneInfo

from django.conf import settings
from django.contrib.auth import get_user_model
from django.contrib.auth.models import Group
from django.core.exceptions import ValidationError
from django.db import models, transaction
from django.db.models import F, Q
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext_lazy as _

from .mandate_change import MandateChange
from .region import Region

ONE_DAY = dt.timedelta(days=1)
SOON = 30
"A mandate with no more days left than this is shown to the staff."


def midnight(day: dt.date, zone: str) -> dt.datetime:
    """The UTC instant at which a day begins in a zone."""
    return dt.datetime.combine(day, dt.time.min, ZoneInfo(zone)).astimezone(dt.UTC)


def _hold_people(*pks: int) -> None:
    """Whoever gives or changes mandates of these people meanwhile waits; people come before mandates."""
    list(get_user_model().objects.select_for_update(no_key=True).filter(pk__in=pks).order_by("pk").values("pk"))


def all_languages() -> list[str]:
    return [code for code, _name in settings.LANGUAGES]


class MandateRefused(ValidationError):
    """What was asked of a mandate can't be; the message says what to do instead."""


class MandateQuerySet(models.QuerySet["Mandate"]):
    def current(self, at: dt.datetime | None = None) -> "MandateQuerySet":
        """Those that hold at an instant."""
        at = at or timezone.now()
        return self.filter(begins_at__lte=at, expires_at__gt=at)

    def living(self, at: dt.datetime | None = None) -> "MandateQuerySet":
        """Those that hold or are still to begin."""
        return self.filter(expires_at__gt=at or timezone.now()).filter(expires_at__gt=F("begins_at"))

    def held(self) -> "MandateQuerySet":
        """Locked until the transaction ends, so that nobody else changes them meanwhile."""
        return self.select_for_update(of=("self",)).select_related("region", "person")


class Mandate(models.Model):
    """One person's care for one region.

    ``starts_on`` and ``ends_on`` are days in the region's own zone, both included;
    ``begins_at`` and ``expires_at`` are the instants derived from them: the last
    day ends at midnight there, unless the mandate was ended at once (``ended_at``).
    Rights are never stored with a date: whoever asks, asks for the mandates that
    hold now, and ``regions.rights`` makes groups and grants follow.

    One person holds a region's matter in a language once at a time: ending a
    mandate would otherwise leave the same door open by another row. Mandates for
    a region and for one that lies in it may overlap; each is ended by itself.
    """

    class State(models.TextChoices):
        COMING = "coming", _("still to begin")
        HOLDING = "holding", _("holds")
        ENDING = "ending", _("ends soon")
        ENDED = "ended", _("ended")

    person = models.ForeignKey(
        settings.AUTH_USER_MODEL, verbose_name=_("person"), on_delete=models.PROTECT, related_name="mandates"
    )
    region = models.ForeignKey(Region, verbose_name=_("region"), on_delete=models.PROTECT, related_name="mandates")
    with_subregions = models.BooleanField(_("with its sub-regions"), default=True)
    languages = models.JSONField(_("languages"), default=all_languages)
    news = models.BooleanField(_("news"), default=True)
    events = models.BooleanField(_("events"), default=True)
    registrations = models.BooleanField(_("registrations of the region's events"), default=False)
    may_publish = models.BooleanField(_("may publish"), default=False)
    starts_on = models.DateField(_("first day"))
    ends_on = models.DateField(_("last day"))
    begins_at = models.DateTimeField(editable=False, db_index=True)
    expires_at = models.DateTimeField(editable=False, db_index=True)
    ended_at = models.DateTimeField(null=True, blank=True, editable=False)
    follows = models.OneToOneField(
        "self", null=True, blank=True, editable=False, on_delete=models.PROTECT, related_name="followed_by"
    )
    group = models.OneToOneField(
        Group, null=True, blank=True, editable=False, on_delete=models.SET_NULL, related_name="mandate"
    )

    objects = MandateQuerySet.as_manager()

    MATTERS = ("news", "events", "registrations")
    TERMS = ("with_subregions", "languages", *MATTERS, "may_publish")
    "What a mandate is about, beside the person, the region and the days."

    class Meta:
        ordering = ["region", "-ends_on", "pk"]
        verbose_name = _("mandate")
        verbose_name_plural = _("mandates")
        constraints = [
            models.CheckConstraint(
                condition=Q(ends_on__gte=F("starts_on")),
                name="mandate_ends_after_it_begins",
                violation_error_message=_("The last day can't be before the first."),
            ),
            models.CheckConstraint(
                condition=Q(news=True) | Q(events=True) | Q(registrations=True),
                name="mandate_is_for_something",
                violation_error_message=_("Say what the mandate is for."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.person} · {self.region}"

    def save(self, **kwargs: Any) -> None:  # type: ignore[override]
        self.set_instants()
        super().save(**kwargs)

    def set_instants(self) -> None:
        """Derive when it begins and expires from its days, by the clock of the region."""
        zone = self.region.default_timezone
        self.begins_at = midnight(self.starts_on, zone)
        self.expires_at = midnight(self.ends_on + ONE_DAY, zone)
        if self.ended_at:
            self.expires_at = min(self.expires_at, self.ended_at)

    def clean(self) -> None:
        super().clean()
        known = all_languages()
        if not self.languages or set(self.languages) - set(known):
            raise ValidationError({"languages": _("Choose at least one language.")})
        self.languages = [code for code in known if code in self.languages]

    # -- how it stands

    def today(self, at: dt.datetime | None = None) -> dt.date:
        """The day it is in the region."""
        return (at or timezone.now()).astimezone(ZoneInfo(self.region.default_timezone)).date()

    def state(self, at: dt.datetime | None = None) -> State:
        at = at or timezone.now()
        if self.expires_at <= max(at, self.begins_at):
            return self.State.ENDED
        if self.begins_at > at:
            return self.State.COMING
        return self.State.ENDING if self.days_left(at) <= SOON else self.State.HOLDING

    def days_left(self, at: dt.datetime | None = None) -> int:
        """Days after this one on which it still holds; 0 on the last."""
        return (self.ends_on - self.today(at)).days

    def matters(self) -> list[str]:
        return [name for name in self.MATTERS if getattr(self, name)]

    # -- verbs: each one transaction, with its line of history

    @classmethod
    def give(
        cls,
        person: Any,
        region: Region,
        *,
        starts_on: dt.date,
        ends_on: dt.date,
        by: Any = None,
        note: str = "",
        follows: "Mandate | None" = None,
        **terms: Any,
    ) -> "Mandate":
        """Entrust a region to somebody, from a first day to a last.

        Raises:
            MandateRefused: the days are over, or the person holds the same already.
            ValidationError: something on it can't be.
        """
        with transaction.atomic():
            _hold_people(person.pk)
            mandate = cls(person=person, region=region, starts_on=starts_on, ends_on=ends_on, follows=follows, **terms)
            if ends_on < mandate.today():
                raise MandateRefused({"ends_on": _("That day is over.")}, code="over")
            mandate._save_beside_others()
            MandateChange.note_down(mandate, MandateChange.What.GIVEN, by, note)
            return mandate

    def change(self, *, by: Any = None, note: str = "", **terms: Any) -> None:
        """Give it other terms, from now on.

        Raises:
            MandateRefused: it has ended, or the person holds the same already.
            ValidationError: something on it can't be.
        """
        with self._hold() as held:
            for name in self.TERMS:
                setattr(held, name, terms.get(name, getattr(held, name)))
            held._save_beside_others()
            MandateChange.note_down(held, MandateChange.What.CHANGED, by, note)

    def renew(self, until: dt.date, *, by: Any = None, note: str = "") -> None:
        """Let it last longer, without a gap.

        Raises:
            MandateRefused: it has ended, or lasts that long already.
        """
        with self._hold() as held:
            if until <= held.ends_on:
                raise MandateRefused({"until": _("Choose a day after its last day.")}, code="shorter")
            held.ends_on = until
            held._save_beside_others()
            MandateChange.note_down(held, MandateChange.What.RENEWED, by, note)

    def hand_over(self, to: Any, on: dt.date, *, by: Any = None, note: str = "") -> "Mandate":
        """Let somebody else go on with it, on the same terms, from a day to its last.

        This one ends the day before, so that at no instant both or neither hold it.

        Raises:
            MandateRefused: it has ended, the day can't be, or the other holds the same already.
        """
        with self._hold(to) as held:
            if to.pk == held.person_id:
                raise MandateRefused({"person": _("This person holds it already.")}, code="same")
            if on <= held.today():
                raise MandateRefused({"on": _("Hand over tomorrow at the earliest.")}, code="early")
            if not held.starts_on < on <= held.ends_on:
                raise MandateRefused(
                    {"on": _("Choose a day after its first and no later than its last.")}, code="outside"
                )
            if hasattr(held, "followed_by"):
                raise MandateRefused(_("This mandate has been handed over already."), code="followed")
            until, held.ends_on = held.ends_on, on - ONE_DAY
            held.save()
            MandateChange.note_down(held, MandateChange.What.HANDED_OVER, by, note)
            terms = {name: getattr(held, name) for name in self.TERMS}
            return type(self).give(
                to, held.region, starts_on=on, ends_on=until, by=by, note=note, follows=held, **terms
            )

    def end(self, on: dt.date | None = None, *, by: Any = None, note: str = "") -> None:
        """Let it end with a day that comes before its last one; without a day, at this instant.

        Raises:
            MandateRefused: it has ended, or the day can't be.
        """
        with self._hold() as held:
            today = held.today()
            if on is None:
                held.ended_at = timezone.now()
                held.ends_on = max(held.starts_on, min(held.ends_on, today))
            elif not max(today, held.starts_on) <= on < held.ends_on:
                raise MandateRefused({"on": _("Choose a day from today to the day before its last.")}, code="outside")
            else:
                held.ends_on = on
            held.save()
            MandateChange.note_down(held, MandateChange.What.ENDED, by, note)

    @classmethod
    def keep_time(cls, region: Region) -> None:
        """Let what a region entrusts begin and end by its clock as it is now; one transaction.

        Whoever changes one of these mandates meanwhile is waited for: what ended does not come back.
        """
        with transaction.atomic():
            _hold_people(*cls.objects.living().filter(region=region).values_list("person", flat=True))
            for held in cls.objects.living().held().filter(region=region).order_by("pk"):
                kept = held.begins_at, held.expires_at
                held.set_instants()
                if (held.begins_at, held.expires_at) != kept:
                    held.save()
                    MandateChange.note_down(held, MandateChange.What.CHANGED, None, region.default_timezone)

    @contextmanager
    def _hold(self, *others: Any) -> "Iterator[Mandate]":
        """This mandate as it is now, changed by nobody else meanwhile; afterwards ``self`` is like it."""
        with transaction.atomic():
            _hold_people(self.person_id, *(other.pk for other in others))
            held = type(self).objects.held().get(pk=self.pk)
            if held.state() == self.State.ENDED:
                raise MandateRefused(_("This mandate has ended. Give a new one."), code="ended")
            yield held
        self.refresh_from_db()

    def _save_beside_others(self) -> None:
        """Save it if it may stand beside the person's other mandates."""
        self.set_instants()
        self.full_clean()
        same = Q()
        for name in self.matters():
            same |= Q(**{name: True})
        others = (
            type(self)
            .objects.living()
            .filter(
                same,
                person=self.person_id,
                region=self.region_id,
                begins_at__lt=self.expires_at,
                expires_at__gt=self.begins_at,
            )
        )
        for other in others.exclude(pk=self.pk):
            if set(other.languages) & set(self.languages):
                raise MandateRefused(
                    _("%(person)s holds this already, until %(day)s: change, renew or end that mandate.")
                    % {"person": self.person.get_full_name() or self.person, "day": date_format(other.ends_on)},
                    code="overlap",
                )
        self.save()
