"""The directory of organisations: what its address asks for, the list that answers, and the same on a map."""

from collections import Counter
from math import sqrt
from typing import Any, NamedTuple
from urllib.parse import urlencode

from pages.folding import fold
from pages.trilingual import Shown, shown

from . import countries, worldmap
from .event_door import events
from .models import College, Organisation

ASKED = ("q", "country", "kind", "college", "role")


class Member(NamedTuple):
    """An organisation as the directory names it."""

    organisation: Organisation
    name: Shown
    country: str


class Pin(NamedTuple):
    """A circle on the map: where, how wide, what it says and where it leads."""

    x: float
    y: float
    r: float
    text: str
    url: str


class Choice(NamedTuple):
    """One value of a filter, and how many organisations have it."""

    value: str
    name: str
    number: int


def asked(query: Any) -> dict[str, str]:
    """What the address asks for, by name; what is left out is empty."""
    return {name: query.get(name, "").replace("\x00", " ").strip()[:200] for name in ASKED}


def listing(wanted: dict[str, str], language: str, above: str) -> dict[str, Any]:
    """Organisations by college, in the alphabetical order of a language, with filters and map; few queries."""
    every = [
        Member(one, shown(one.name, language), countries.name(one.country, language) if one.country else "")
        for one in Organisation.objects.select_related("college")
    ]
    as_role = events.organisations_as(wanted["role"]) if wanted["role"] else None
    words = fold(wanted["q"]).split()
    members = [member for member in every if _answers(member, wanted, words, as_role)]
    members.sort(key=lambda member: fold(member.name.text))
    colleges: list[College | None] = list(College.objects.all())
    groups = [
        {
            "college": college,
            "members": [m for m in members if m.organisation.college_id == (college.pk if college else None)],
        }
        for college in [*colleges, None]
    ]
    return {
        "groups": [group for group in groups if group["members"]],
        "count": len(members),
        "all_count": len(every),
        "asked": wanted,
        "is_narrowed": any(wanted.values()),
        "countries": _choices((m.organisation.country, m.country) for m in every),
        "kinds": _choices((m.organisation.kind, str(m.organisation.get_kind_display())) for m in every),
        "colleges": _choices(
            (m.organisation.college.code, shown(m.organisation.college.name, language).text)
            for m in every
            if m.organisation.college
        ),
        "roles": events.roles(),
        "pins": pins(members, wanted, above),
    }


def _answers(member: Member, wanted: dict[str, str], words: list[str], as_role: set[int] | None) -> bool:
    one = member.organisation
    told = fold(f"{one.short_name} {one.all_names()} {member.country}")
    return (
        (not wanted["country"] or one.country == wanted["country"])
        and (not wanted["kind"] or one.kind == wanted["kind"])
        and (not wanted["college"] or (one.college is not None and one.college.code == wanted["college"]))
        and (as_role is None or one.pk in as_role)
        and all(word in told for word in words)
    )


def _choices(pairs: Any) -> list[Choice]:
    counted = Counter(pair for pair in pairs if pair[0])
    found = [Choice(value, name[:1].upper() + name[1:], count) for (value, name), count in counted.items()]
    return sorted(found, key=lambda choice: fold(choice.name))


def pins(members: list[Member], wanted: dict[str, str], above: str) -> list[Pin]:
    """One circle a country, wider where there are more; one of its own for what has coordinates. Widest first."""
    found, in_country = [], Counter[tuple[str, str]]()
    for member in members:
        one = member.organisation
        if one.latitude is not None and one.longitude is not None:
            x, y = worldmap.place(float(one.latitude), float(one.longitude))
            found.append(Pin(x, y, 8, member.name.text, f"{above}{one.slug}/" if one.slug else above))
        elif one.country in worldmap.countries():
            in_country[one.country, member.country] += 1
    for (code, name), count in in_country.items():
        x, y = worldmap.place(*worldmap.countries()[code])
        query = urlencode({key: text for key, text in (wanted | {"country": code}).items() if text})
        found.append(Pin(x, y, round(9 + 4.2 * sqrt(count), 1), f"{name}: {count}", f"{above}?{query}"))
    return sorted(found, key=lambda pin: -pin.r)
