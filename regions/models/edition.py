"""A change of what events refer to opens a new edition, so that no page or feed keeps the old name."""

from pages.editions import tell

from .mandate import Mandate
from .objective import Facility, Goal, Objective
from .organisation import College, FormerAddress, Organisation
from .profile import Profile
from .region import Region, RegionCountry

tell(College, Facility, FormerAddress, Goal, Mandate, Objective, Organisation, Profile, Region, RegionCountry)
