"""What somebody may do by mandate, as things stand at this request."""

from collections.abc import Iterable
from typing import Any, Literal

from .models import Mandate, Region, Representative

What = Literal["news", "events", "registrations"]
STAFF_RIGHT = "regions.change_mandate"


def oversees_all(user: Any) -> bool:
    """Whether no wall stands before this person: the staff, and administrators."""
    return bool(user.is_active and user.has_perm(STAFF_RIGHT))


def held_by(user: Any) -> list[Mandate]:
    """The mandates that hold now; one query a request."""
    kept: list[Mandate] | None = getattr(user, "_mandates_held", None)
    if kept is None:
        kept = list(Mandate.objects.current().filter(person=user).select_related("region")) if user.is_active else []
        user._mandates_held = kept
    return kept


def forget(user: Any) -> None:
    """Ask anew for the mandates of somebody whose mandates have just changed."""
    if hasattr(user, "_mandates_held"):
        del user._mandates_held


def regions_in_care(user: Any, what: What, *, publishing: bool = False) -> set[int]:
    """Primary keys of the regions, with sub-regions where the mandate says so, that somebody cares for."""
    mandates = [held for held in held_by(user) if getattr(held, what) and (held.may_publish or not publishing)]
    return reach(mandates)


def languages_in_care(user: Any, what: What) -> list[str]:
    """The languages, in the site's order, of the mandates for this."""
    codes = {code for held in held_by(user) if getattr(held, what) for code in held.languages}
    return [code for code in ("fr", "en", "es") if code in codes]


def organisations_of(user: Any) -> set[int]:
    """Primary keys of the organisations that somebody represents now."""
    kept: set[int] | None = getattr(user, "_organisations_represented", None)
    if kept is None:
        rows = Representative.objects.current().filter(person=user).values_list("organisation_id", flat=True)
        kept = set(rows) if user.is_active else set()
        user._organisations_represented = kept
    return kept


def reach(mandates: Iterable[Mandate]) -> set[int]:
    """Primary keys of the regions that these mandates are for, in one query at most."""
    mandates = list(mandates)
    found = {held.region_id for held in mandates}
    wider = {held.region_id for held in mandates if held.with_subregions}
    if not wider:
        return found
    parents = dict(Region.objects.values_list("pk", "parent_id"))
    while more := {pk for pk, parent in parents.items() if parent in wider} - wider:
        wider |= more
    return found | wider
