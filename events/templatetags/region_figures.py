"""A region in figures, and the organisations that meet there."""

from typing import Any, NamedTuple

from django import template
from django.db.models import Count, Q
from django.utils import timezone

from events.models import Event, EventOrganiser, Registration
from pages.folding import fold
from pages.trilingual import shown
from regions.models import Organisation, Region

register = template.Library()

FEWEST = 10
"Fewer participants are not counted in public: somebody could be told among them."


class Figures(NamedTuple):
    """What was held in a region and its sub-regions, and with how many."""

    held: int
    coming: int
    countries: int
    organisations: int
    participants: int


@register.simple_tag
def region_figures(region: Region) -> Figures:
    """Meetings, countries, organisations and, where they are many, participants of what was held."""
    events = Event.objects.public().taking_place().in_region(region.code).order_by()
    over = events.filter(ends_at__lte=timezone.now())
    counted = events.aggregate(
        all=Count("pk", distinct=True), countries=Count("country", filter=~Q(country=""), distinct=True)
    )
    held = over.count()
    participants = Registration.objects.filter(event__in=over.values("pk"), state=Registration.State.CONFIRMED).count()
    return Figures(
        held=held,
        coming=counted["all"] - held,
        countries=counted["countries"],
        organisations=_organisers(events).count(),
        participants=participants if participants >= FEWEST else 0,
    )


@register.simple_tag
def organisations_of_region(region: Region) -> list[Organisation]:
    """Those that hold or support what is or was public there, in alphabetical order."""
    events = Event.objects.public().in_region(region.code).order_by()
    return sorted(_organisers(events), key=lambda one: fold(shown(one.name).text))


def _organisers(events: Any) -> Any:
    rows = EventOrganiser.objects.filter(event__in=events.values("pk")).order_by()
    return Organisation.objects.filter(pk__in=rows.values("organisation")).order_by()
