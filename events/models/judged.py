"""What must hold of an event's facts, and how one state of them is told from another."""

import hashlib
from typing import TYPE_CHECKING, Any

from django.core.exceptions import ValidationError
from django.db import models
from django.utils.translation import gettext_lazy as _

from pages.trilingual import shown

from . import by_date, family
from .seats import SeatPool, wanted_of
from .ticket import Ticket

if TYPE_CHECKING:
    from .event import Event


class Judged(models.Model):
    """Checks what joins several facts of an event, in the reader's language; constraints refuse it again."""

    class Meta:
        abstract = True

    def clean(self: "Event") -> None:  # type: ignore[misc]
        """Say what is wrong in the reader's language; the database refuses it again on its own."""
        super().clean()
        errors: dict[str, Any] = self.clock_errors()
        if self.ordinal is not None and self.series_id is None:
            errors["series"] = ValidationError(_("A number needs the series it counts in."), code="series")
        errors.update(self.predecessor_errors())
        errors.update(self.replacement_errors())
        if self.replacement_id and not errors.get("replacement") and self.status not in self.REPLACED:
            errors["replacement"] = ValidationError(
                _("Only a postponed or cancelled event has a replacement."), code="status"
            )
        if self.registration == self.RegistrationMode.ELSEWHERE and not self.registration_url and not self.is_over:
            errors["registration_url"] = ValidationError(_("Say where one registers."), code="where")
        errors.update(self.registration_errors())
        errors.update(self.capacity_errors())
        if not errors:
            errors.update(family.errors(self))
        if errors:
            raise ValidationError(errors)

    def replacement_errors(self: "Event") -> dict[str, Any]:  # type: ignore[misc]
        """A chain of replacements ends at a meeting that takes place: it never comes back to this one."""
        if not self._comes_back("replacement_id"):
            return {}
        if self.replacement_id == self.pk:
            return {"replacement": ValidationError(_("An event can't replace itself."), code="self")}
        return {"replacement": ValidationError(_("That event is itself replaced by this one."), code="loop")}

    def predecessor_errors(self: "Event") -> dict[str, Any]:  # type: ignore[misc]
        """A chain of series that continue one another has a beginning."""
        if not self._comes_back("continues_id"):
            return {}
        if self.continues_id == self.pk:
            return {"continues": ValidationError(_("A series can't continue itself."), code="self")}
        return {"continues": ValidationError(_("That series itself continues this one."), code="loop")}

    def takeover_errors(self: "Event") -> dict[str, Any]:  # type: ignore[misc]
        """A series that continues another one is public only once that one ends before it: no date is held twice."""
        before = self.continues
        if before is None or not before.live or before.status in self.CALLED_OFF or not self.start_local:
            return {}
        day = self.start_local.replace(hour=0, minute=0, second=0, microsecond=0)
        if not before.occurrences.given().filter(original__gte=day).exists():
            return {}
        message = _(
            "“%(title)s”, which this series continues, still has dates from then on. Let this draft take over on the "
            "screen “Dates” of that series: it ends there, and those who are registered are told."
        )
        return {"continues": ValidationError(message, code="overlap", params={"title": before.title})}

    def _comes_back(self: "Event", name: str) -> bool:  # type: ignore[misc]
        following, seen = getattr(self, name), set()
        while following is not None and following not in seen:
            if following == self.pk:
                return True
            seen.add(following)
            following = type(self)._default_manager.filter(pk=following).values_list(name, flat=True).first()
        return False

    def picture_errors(self: "Event") -> dict[str, Any]:  # type: ignore[misc]
        """Nobody is shown a picture that some cannot see: its words come with it."""
        if self.photo_id is None or shown(self.photo_alt).text.strip():
            return {}
        return {"photo_alt": ValidationError(_("Say in a few words what the picture shows."), code="required")}

    def unique_error_message(self: "Event", model_class: Any, unique_check: Any) -> ValidationError:  # type: ignore[misc]
        """Say what is meant where Django would speak of objects and fields."""
        if tuple(unique_check) == ("replacement",):
            return ValidationError(_("That event already takes the place of another one."), code="unique")
        if tuple(unique_check) == ("continues",):
            return ValidationError(_("That series is already continued by another one."), code="unique")
        return super().unique_error_message(model_class, unique_check)

    def capacity_errors(self: "Event") -> dict[str, Any]:  # type: ignore[misc]
        """Fewer seats than are taken are refused with the number; true for good behind the event's first pool.

        A number that stays as it is lowers nothing, even where more seats were once given out than that.
        """
        if not self.pk:
            return {}
        found = by_date.errors(self)
        if found or self.by_date:
            return found
        wanted = wanted_of(self)
        return {
            by_date.FIELDS[pool.key]: pool.refusal
            for pool in SeatPool.objects.filter(event_id=self.pk, key__in=wanted)
            if (seats := wanted[pool.key]) is not None and seats < pool.taken and seats != pool.wanted
        }

    def registration_errors(self: "Event") -> dict[str, Any]:  # type: ignore[misc]
        """When one may register and change, and what a request keeps, fit together."""
        found: dict[str, Any] = {}
        opens, closes = self.registration_opens_local, self.registration_closes_local
        if opens and closes and closes <= opens:
            found["registration_closes_local"] = ValidationError(
                _("Registration must close after it opens."), code="order"
            )
        until = self.changes_close_local
        if until and opens and until <= opens:
            found["changes_close_local"] = ValidationError(
                _("Changes must be possible for a while after registration opens."), code="order"
            )
        elif until and self.end_local and not self.recurs and until.date() > self.end_local.date():
            found["changes_close_local"] = ValidationError(
                _("Nothing can be changed once the event is over."), code="over"
            )
        if self.requests_hold_seats and not self.has_requests:
            found["requests_hold_seats"] = ValidationError(
                _(
                    "There are requests only where you approve registrations, or where a ticket is for members or "
                    "the press."
                ),
                code="requests",
            )
        return found

    @property
    def has_requests(self: "Event") -> bool:  # type: ignore[misc]
        """Whether somebody may have to wait for the staff's yes or no."""
        if self.needs_approval:
            return True
        return bool(self.pk) and self.tickets.filter(audience__in=Ticket.ON_REQUEST).exists()

    def fingerprint(self: "Event") -> str:  # type: ignore[misc]
        """Of the facts whose change raises SEQUENCE: time, place, status and rule (RFC 5545 3.8.7.4)."""
        told: tuple[object, ...] = (
            self.start_local.isoformat(),
            self.start_fold,
            self.end_local.isoformat(),
            self.end_fold,
            self.timezone,
            self.all_day,
            str(self.recurrence) if self.recurrence else "",
            self.status,
            self.format,
            _said(self.city),
            self.country,
            _said(self.venue),
            str(self.replacement.uid) if self.replacement else "",
        )
        exceptions = sorted(filter(None, (one.essence() for one in self.exceptions.all()))) if self.recurs else []
        if exceptions:
            told = (*told, exceptions)
        return hashlib.sha256(repr(told).encode()).hexdigest()


def _said(text: Any) -> list[tuple[str, str]]:
    data = getattr(text, "data", text)
    if isinstance(data, dict):
        return sorted((code, said) for code, said in data.items() if said)
    return [("", data)] if data else []
