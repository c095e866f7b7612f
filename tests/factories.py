"""Things that tests need: each is made as the product makes it, published where that matters."""

import datetime as dt
from typing import Any

import factory
from django.contrib.auth.models import User
from django.utils import timezone
from i18nfield.strings import LazyI18nString

from events.models import Event, Ticket
from regions.models import Goal, Mandate, Objective, Organisation, Region


def told(fr: str, en: str = "", es: str = "") -> LazyI18nString:
    """A trilingual text."""
    return LazyI18nString({code: text for code, text in (("fr", fr), ("en", en), ("es", es)) if text})


class RegionFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = Region
        django_get_or_create = ("code",)

    code = factory.Sequence(lambda n: f"REGION-{n}")
    name = factory.LazyAttribute(lambda region: told(f"Région {region.code}", f"Region {region.code}"))
    default_timezone = "Africa/Abidjan"


class OrganisationFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = Organisation
        django_get_or_create = ("short_name",)

    short_name = factory.Sequence(lambda n: f"ORG{n}")
    name = factory.LazyAttribute(lambda made: told(f"Organisme {made.short_name}", f"Body {made.short_name}"))
    country = "FR"


class ObjectiveFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = Objective
        django_get_or_create = ("code",)

    code = "A1"
    goal = factory.LazyAttribute(
        lambda made: Goal.objects.get_or_create(code=made.code[0], defaults={"title": told(f"But {made.code[0]}")})[0]
    )
    title = told("Objectif", "Objective", "Objetivo")


class EventFactory(factory.django.DjangoModelFactory):
    """An event; ``EventFactory.published()`` goes through a revision as the editors' form does."""

    class Meta:
        model = Event
        skip_postgeneration_save = True

    title = factory.Sequence(lambda n: told(f"Réunion {n}", f"Meeting {n}", f"Reunión {n}"))
    theme = told("")
    venue = told("")
    city = told("")
    start_local = dt.datetime(2031, 5, 12, 9)
    end_local = dt.datetime(2031, 5, 12, 17)
    timezone = "Europe/Paris"
    live = False

    @classmethod
    def published(cls, regions: Any = (), objectives: Any = (), **facts: Any) -> Event:
        """Made, then published; returned as it is in the database."""
        event = cls.create(**facts)
        if regions or objectives:
            event.regions.set(regions)
            event.objectives.set(objectives)
        event.save_revision().publish()
        return Event.objects.get(pk=event.pk)


class TicketFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = Ticket

    event = factory.SubFactory(EventFactory)
    code = factory.Sequence(lambda n: f"ticket-{n}")
    name = told("Entrée libre", "Free entry", "Entrada libre")


def mandate(person: User, region: Region, **terms: Any) -> Mandate:
    """Given by the staff, holding from yesterday for a year; by default for news and events, to propose."""
    today = timezone.now().date()
    days = {"starts_on": today - dt.timedelta(days=1), "ends_on": today + dt.timedelta(days=364)}
    return Mandate.give(person, region, **(days | terms))


def again(event: Event) -> Event:
    """The event as the database has it now."""
    return Event.objects.get(pk=event.pk)


def publish(event: Event, **changes: Any) -> Event:
    """Change facts and publish them, as an editor does."""
    event = again(event)
    for name, value in changes.items():
        setattr(event, name, value)
    event.save_revision().publish()
    return again(event)
