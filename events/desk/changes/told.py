"""Who is told what: figures, names and letters of an announcement, before it leaves and afterwards."""

from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.utils import timezone
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from i18nfield.strings import LazyI18nString
from wagtail.permissions import policy_registry

from events.models import Announcement, Audience, Concern, Event, Registration
from events.registration.announcing import letter_to
from events.registration.letters.body import hours_told
from events.registration.letters.changes import date_changes
from letters.writing import write
from pages.trilingual import shown

MOST = 500
"Names listed; the list of registrations has the rest."


@dataclass(frozen=True)
class Preview:
    """A letter as its reader will see it, the personal link left out."""

    language: str
    name: str
    subject: str
    html: str
    reader: str


def figures(audience: Audience | list[dict[str, Any]], events: dict[str, Event]) -> list[dict[str, Any]]:
    """Per event a table: one row a state, one column a language, with sums."""
    counted = audience.figures() if isinstance(audience, Audience) else audience
    codes = [code for code, _name in settings.LANGUAGES]
    states = dict(Registration.State.choices)
    tables = []
    for uid, event in events.items():
        mine = [row for row in counted if row["event"] == uid]
        if not mine:
            continue
        rows = []
        for state in dict.fromkeys(row["state"] for row in mine):
            by_language = [sum(r["count"] for r in mine if (r["state"], r["language"]) == (state, c)) for c in codes]
            rows.append((capfirst(str(states[state])), by_language, sum(by_language)))
        sums = [sum(row[1][place] for row in rows) for place in range(len(codes))]
        tables.append({"event": event, "rows": rows, "sums": sums, "total": sum(sums)})
    return tables


def names(audience: Audience, user: Any) -> dict[str, Any]:
    """Those among the persons concerned that this user may see, and whether there are more."""
    policy = policy_registry.get_by_type(Registration)
    mine = policy.instances_user_has_any_permission_for(user, {"view", "change"})
    rows = audience.registrations().filter(pk__in=mine.values("pk")).select_related("event").order_by("name", "pk")
    found = list(rows[: MOST + 1])
    return {"rows": found[:MOST], "more": len(found) > MOST, "may_see": policy.user_has_any_permission(user, {"view"})}


def previews(announcement: Announcement, audience: Audience, user: Any) -> list[Preview]:
    """The letter in each language, to somebody who will get it where there is one."""
    known = [item for item in audience.steps.items() if str(item[0].uid) in audience.after]
    if not known:
        return []
    event, steps = known[0]
    after = audience.after[str(event.uid)]
    policy = policy_registry.get_by_type(Registration)
    mine = policy.instances_user_has_any_permission_for(user, {"view", "change"})
    people = audience.registrations().filter(event=event, pk__in=mine.values("pk")).select_related("occurrence")
    anybody = audience.registrations().filter(event=event).select_related("occurrence").order_by("pk").first()
    found = []
    for code, name in settings.LANGUAGES:
        reader = people.filter(language=code).order_by("pk").first()
        one = reader or Registration(
            event=event,
            occurrence=anybody.occurrence if anybody else None,
            name=_("Amina Example"),
            email="amina@example.org",
            attendance="onsite",
            language=code,
        )
        like = reader or anybody
        concern = audience.concern(like) if like else Concern(one, steps[0][1], after)
        message = write(letter_to([concern._replace(registration=one)], announcement))
        if message is not None:
            html = str(message.alternatives[0][0])
            found.append(Preview(code, name, str(message.subject), html, reader.name if reader else ""))
    return found


def state_of(told: dict[str, Any], language: str) -> dict[str, Any]:
    """When and where, as an announcement keeps it, in one line each."""
    place = ", ".join(filter(None, [shown_of(told["venue"]), shown_of(told["city"])]))
    return {
        "hours": hours_told(told, language),
        "status": capfirst(str(dict(Event.Status.choices)[told["status"]])),
        "format": capfirst(str(dict(Event.Format.choices)[told["format"]])),
        "place": place,
        "replacement": shown_of((told.get("replacement") or {}).get("title", {})),
    }


def dates_of(before: dict[str, Any], after: dict[str, Any], language: str) -> list[dict[str, Any]]:
    """The single dates of a series that have become others, as its letters list them."""
    return date_changes(before, after, language, timezone.now())


def shown_of(text: dict[str, str]) -> str:
    return shown(LazyI18nString(text)).text if text else ""
