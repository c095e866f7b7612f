"""The tables of this room."""

from . import edition  # noqa: F401  (importing it listens)
from .mandate import Mandate, MandateRefused
from .mandate_change import MandateChange
from .news import NewsPage, today_in
from .objective import Facility, Goal, Objective
from .organisation import College, FormerAddress, Organisation
from .pages import OrganisationsPage, RegionIndexPage, RegionPage
from .profile import Profile
from .region import Region, RegionCountry
from .representative import Representative
from .review import RegionalReview, Review

__all__ = [
    "College",
    "Facility",
    "FormerAddress",
    "Goal",
    "Mandate",
    "MandateChange",
    "MandateRefused",
    "NewsPage",
    "Objective",
    "Organisation",
    "OrganisationsPage",
    "Profile",
    "Region",
    "RegionCountry",
    "RegionIndexPage",
    "RegionPage",
    "RegionalReview",
    "Representative",
    "Review",
    "today_in",
]
