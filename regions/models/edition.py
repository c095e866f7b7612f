"""A change of what events refer to opens a new edition, so that no page or feed keeps the old name."""

from pages.editions import tell

from .objective import Facility, Goal, Objective
from .organisation import College, Organisation
from .region import Region, RegionCountry

tell(College, Facility, Goal, Objective, Organisation, Region, RegionCountry)
