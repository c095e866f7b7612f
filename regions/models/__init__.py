"""The tables of this room."""

from .objective import Facility, Goal, Objective
from .organisation import College, Organisation
from .pages import NewsPage, OrganisationsPage, RegionIndexPage, RegionPage
from .region import Region, RegionCountry

__all__ = [
    "College",
    "Facility",
    "Goal",
    "NewsPage",
    "Objective",
    "Organisation",
    "OrganisationsPage",
    "Region",
    "RegionCountry",
    "RegionIndexPage",
    "RegionPage",
]
