"""A change of what events refer to opens a new edition, so that no page or feed keeps the old name."""

from typing import Any

from django.db.models.signals import post_delete, post_save

from pages.models import Edition

from .objective import Facility, Goal, Objective
from .organisation import College, Organisation
from .region import Region, RegionCountry


def bump(raw: bool = False, **kwargs: Any) -> None:
    """In the transaction of the change: the admin and every import open one around what they save."""
    if not raw:
        Edition.bump()


# One sender at a time: a receiver for all would slow down every deletion of any table.
for shown in (College, Facility, Goal, Objective, Organisation, Region, RegionCountry):
    post_save.connect(bump, sender=shown)
    post_delete.connect(bump, sender=shown)
