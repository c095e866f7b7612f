"""The tables of this room."""

from . import edition  # noqa: F401  (importing it listens)
from .mandate import Mandate, MandateRefused
from .mandate_change import MandateChange
from .objective import Facility, Goal, Objective
from .organisation import College, Organisation
from .pages import NewsPage, OrganisationsPage, RegionIndexPage, RegionPage
from .region import Region, RegionCountry
from .representative import Representative

__all__ = [
    "College",
    "Facility",
    "Goal",
    "Mandate",
    "MandateChange",
    "MandateRefused",
    "NewsPage",
    "Objective",
    "Organisation",
    "OrganisationsPage",
    "Region",
    "RegionCountry",
    "RegionIndexPage",
    "RegionPage",
    "Representative",
]
