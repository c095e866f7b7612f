"""Who walks along the wall, the words that are hidden behind it, and who may read which of them.

Each secret is a word that stands nowhere else. ``may`` are those who may read
it, ``must`` those who have to find it somewhere: the proof that it could leak.
"""

from dataclasses import dataclass, field
from typing import Any

from django.contrib.auth.models import User
from wagtail.models import (
    Page,
)

from regions.models import Region

PREFIX = "wallsecret"
REGIONS = ("west", "south", "latin")
CORRESPONDENTS = {f"{region} correspondent": region for region in REGIONS}
CO_ORGANISERS = {"co-organiser fao": "fao", "co-organiser ird": "ird"}
ACTORS = ("staff", *CORRESPONDENTS, *CO_ORGANISERS, "translator", "anonymous")
SHOWN_TO_STAFF = "west"
ELSEWHERE = ("south", "latin", "ird")
"Where the same lies as in the west: the staff need not find it twice."
WITH_EVENTS = {"west", "south"}
"The third correspondent writes news in one language, and nothing else."


@dataclass
class World:
    users: dict[str, User] = field(default_factory=dict)
    may: dict[str, set[str]] = field(default_factory=dict)
    must: dict[str, set[str]] = field(default_factory=dict)
    regions: dict[str, Region] = field(default_factory=dict)
    rows: dict[type[Any], list[Any]] = field(default_factory=dict)
    homes: dict[tuple[Any, Any], set[str]] = field(default_factory=dict)

    def secret(self, name: str, may: Any = (), must: Any = (), *, shown: bool = True) -> str:
        """A word that only these people and the staff may read, and that the staff and those of ``must`` find.

        What is shown to nobody today may appear tomorrow: it is looked for all the same.
        """
        word = f"{PREFIX}{name.replace(' ', '')}end"
        assert word not in self.may, word
        self.must[word] = {"staff", *must} if shown else set()
        self.may[word] = {"staff", *may, *must}
        return word

    def keep(self, row: Any, *homes: str) -> Any:
        """A row by whose number the walk will ask, and where it is at home."""
        model = Page if isinstance(row, Page) else type(row)
        self.rows.setdefault(model, []).append(row)
        self.homes[model, row.pk] = set(homes)
        return row

    def sample(self, actor: str, rows: list[Any]) -> list[Any]:
        """Enough to try: one of one's own and three of others, of as many kinds as there are.

        The staff, for whom there is no wall, look at all that lies in one region, and what lies in none.
        """
        own = (CORRESPONDENTS | CO_ORGANISERS).get(actor, SHOWN_TO_STAFF)
        homes = {row.pk: self.homes.get((Page if isinstance(row, Page) else type(row), row.pk), set()) for row in rows}
        if actor == "staff":
            return [row for row in rows if own in homes[row.pk] or not homes[row.pk]]
        mine = [row for row in rows if own in homes[row.pk]]
        foreign = [row for row in rows if own not in homes[row.pk]]
        return [*mine[:1], *(foreign[at] for at in (0, 4, 2) if at < len(foreign))]

    def forbidden(self, actor: str) -> list[bytes]:
        return [word.encode() for word, readers in self.may.items() if actor not in readers]

    def owed(self, actor: str) -> set[bytes]:
        words = {word for word, readers in self.must.items() if actor in readers}
        if actor == "staff":
            words = {word for word in words if not any(name in word for name in ELSEWHERE)}
        return {word.encode() for word in words}
