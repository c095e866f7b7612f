"""Who sees which events and which participants in the admin, besides the staff.

A correspondent's rights follow the mandates that hold now, a co-organiser's the
organisations that are represented now: nothing is granted by Django's
permissions, which hold for every row and are the staff's.
"""

from collections.abc import Collection
from typing import Any

from django.db.models import F, Q
from wagtail.permissions import register_permission_policy

from events.models import Event, EventOrganiser, Payment, Registration, SharingConsent
from events.models.agenda import EventQuerySet
from events.models.sharing import SHARING
from pages.desk.wall import RowPolicy
from regions.mandates import organisations_of, regions_in_care

SEEING = {"view"}
WRITING = {"change", "publish"}


def held_by(organisations: Collection[int]) -> Q:
    """The events that one of these organisations hosts or co-organises."""
    rows = EventOrganiser.objects.filter(organisation_id__in=organisations, role__in=SHARING)
    return Q(pk__in=rows.values("event_id"))


def lying_in(regions: Collection[int]) -> Q:
    """The events that lie in one of these regions, wherever else they lie too."""
    return Q(pk__in=Event.regions.through.objects.filter(region_id__in=regions).values("event_id"))


def lying_only_in(regions: Collection[int]) -> Q:
    """The events that lie in these regions and nowhere else."""
    elsewhere = Event.regions.through.objects.exclude(region_id__in=regions)
    return lying_in(regions) & ~Q(pk__in=elsewhere.values("event_id"))


class EventPolicy(RowPolicy):
    """Correspondents see the events of their regions, drafts too; co-organisers those of their organisation.

    Who may publish changes the events that lie in their regions and in no other:
    what several regions share is the staff's.
    """

    def rows(self, user: Any, actions: Collection[str]) -> Q | None:
        found = None
        if SEEING & set(actions):
            found = _any(
                (regions_in_care(user, "events"), lying_in),
                (regions_in_care(user, "registrations"), lambda regions: lying_in(regions) & Q(live=True)),
                (organisations_of(user), held_by),
            )
        if WRITING & set(actions) and (regions := regions_in_care(user, "events", publishing=True)):
            found = lying_only_in(regions) if found is None else found | lying_only_in(regions)
        return found

    def choosable(self, user: Any) -> EventQuerySet:
        """What somebody may name in a form: what is public, and what they see."""
        events: EventQuerySet = Event.objects.all()
        if self.holds_for_all(user, {"add", "change", "view"}):
            return events
        own = self._rows(user, SEEING)
        return events.filter(Q(live=True) if own is None else Q(live=True) | own)


class RegistrationPolicy(RowPolicy):
    """Correspondents see who registers for events of their regions; a co-organiser, who agreed to be shared with it."""

    def rows(self, user: Any, actions: Collection[str]) -> Q | None:
        if not SEEING & set(actions):
            return None
        return _any(
            (
                regions_in_care(user, "registrations"),
                lambda regions: Q(event__in=Event.objects.filter(lying_in(regions)).order_by().values("pk")),
            ),
            (organisations_of(user), shared_with),
        )

    def in_care(self, user: Any) -> Q | None:
        """The rows of which somebody sees everything; None for all."""
        if self.holds_for_all(user, {"view", "change"}):
            return None
        regions = regions_in_care(user, "registrations")
        return Q(event__in=Event.objects.filter(lying_in(regions)).order_by().values("pk"))


class PaymentPolicy(RowPolicy):
    """Whoever may see and decide on all registrations does so with their payments.

    A correspondent reads in a registration that it is paid, and how much: no e-mail address
    of another payer, no number of Stripe's, no refund. So nobody has rights on some rows here.
    """

    def rows(self, user: Any, actions: Collection[str]) -> Q | None:
        return None

    def holds_for_all(self, user: Any, actions: Collection[str]) -> bool:
        return registrations.holds_for_all(user, SEEING & set(actions) | WRITING & set(actions))


def decided_by(user: Any) -> EventQuerySet:
    """The events on whose registrations somebody decides, and to which they add people: the staff, all of them."""
    found: EventQuerySet = Event.objects.all()
    return found if registrations.holds_for_all(user, {"change"}) else found.none()


def keeps(user: Any, event: Event) -> bool:
    """Whether the registrations of an event are in somebody's care by a mandate."""
    return Event.objects.filter(lying_in(regions_in_care(user, "registrations")), pk=event.pk).exists()


def sees_people_of(user: Any, event: Event) -> bool:
    """Whether somebody sees all of every registration of an event: the staff, and who cares for them by a mandate."""
    return registrations.holds_for_all(user, {"view", "change"}) or keeps(user, event)


def shared_with(organisations: Collection[int]) -> Q:
    """The registrations shared with one of these organisations, as long as it holds the event with us."""
    consents = SharingConsent.objects.living().filter(
        organisation_id__in=organisations,
        registration__event__organisers__organisation=F("organisation"),
        registration__event__organisers__role__in=SHARING,
    )
    return Q(pk__in=consents.order_by().values("registration_id"))


def _any(*rights: Any) -> Q | None:
    """One of the selections, each of what it is made for; None where none is held."""
    found: Q | None = None
    for held, select in rights:
        if held:
            found = select(held) if found is None else found | select(held)
    return found


events = EventPolicy(Event)
registrations = RegistrationPolicy(Registration)
payments = PaymentPolicy(Payment)


def register() -> None:
    """Before anything asks for the policy of these tables."""
    register_permission_policy(Event, events)
    register_permission_policy(Registration, registrations)
    register_permission_policy(Payment, payments)
