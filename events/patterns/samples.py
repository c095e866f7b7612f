"""What the gallery shows in each component. Nothing of it is in a database."""

import datetime as dt
import uuid
from dataclasses import dataclass, replace
from typing import Any, NamedTuple

from django.utils.translation import gettext_lazy as _
from i18nfield.strings import LazyI18nString

from events.calendars import dates as of_series
from events.calendars import days, fair, hours
from events.calendars.rows import Month, Row
from events.models import Event, Occurrence
from events.templatetags.calendar_feeds import calendar_feed
from pages.languages import Version
from pages.paging import PageLink
from regions.models import NewsPage, Region
from regions.templatetags.regions import NewsItem, RegionLink

MAY = dt.datetime(2027, 5, 18, 8, 30)
LONG = "Saint-Vincent-et-les-Grenadines "


def told(fr: str, en: str = "", es: str = "") -> LazyI18nString:
    return LazyI18nString({code: text for code, text in (("fr", fr), ("en", en), ("es", es)) if text})


@dataclass(frozen=True)
class SampleRow(Row):
    """A row whose registration stands as the sample says, whatever the clock."""

    said: str = ""

    @property
    def registration(self) -> str:
        return self.said


class State(NamedTuple):
    """One state of a component, and what its template is given."""

    name: Any
    context: dict[str, Any]


class Sample(NamedTuple):
    """One component with its states."""

    template: str
    name: Any
    states: list[State]
    list_of: str = ""
    "The element that it stands in on a page: ``ol`` of rows, ``ul``."


WEST_AFRICA = Region(pk=1, code="AFR-W", name=told("Afrique de l'Ouest", "West Africa", "África Occidental"))
MEETING = told(
    "Réunion « 4 pour 1000 » Afrique de l'Ouest",
    "4 per 1000 West Africa meeting",
    "Reunión «4 por 1000» África Occidental",
)
THEME = told(
    "Préserver et restaurer les sols forestiers",
    "Preserving and restoring forest soils",
    "Preservar y restaurar los suelos forestales",
)


def event(**facts: Any) -> Event:
    """An event that is nowhere but here."""
    default: dict[str, Any] = {
        "uid": uuid.uuid5(uuid.NAMESPACE_URL, repr(sorted(facts))),
        "title": MEETING,
        "theme": THEME,
        "venue": told(""),
        "city": told("Abidjan", "Abidjan", "Abiyán"),
        "country": "CI",
        "start_local": MAY,
        "end_local": MAY.replace(day=20, hour=17),
        "timezone": "Africa/Abidjan",
        "format": Event.Format.HYBRID,
        "languages": ["fr", "en"],
        "live": True,
    }
    made = Event(**default | {name: value for name, value in facts.items() if name != "region"})
    made.regions = [facts.get("region", WEST_AFRICA)] if facts.get("region", True) else []
    return made


def row(language: str, said: str = "", replacement: Event | None = None, **facts: Any) -> SampleRow:
    made = event(**facts)
    return SampleRow(
        event=made,
        url="#",
        day=days.day(made.start_local, made.end_local, made.all_day, language),
        hours=hours.at_place(made, language),
        where="",
        is_past=False,
        parent=None,
        replacement=(replacement, "#") if replacement else None,
        replaces=None,
        soil="afr-w" if facts.get("region", True) else "global",
        said=said,
    )


def rows(language: str) -> list[State]:
    only_french = told("Journée de terrain à Yamoussoukro")
    return [
        State(_("registration open"), {"row": row(language, "open")}),
        State(_("full"), {"row": row(language, "full", end_local=MAY.replace(hour=10))}),
        State(_("full, with a waiting list"), {"row": row(language, "waiting_list")}),
        State(_("by invitation"), {"row": row(language, "by_invitation", kind="bureau", access="bureau", region=None)}),
        State(_("postponed"), {"row": row(language, status="postponed", replacement=event(title=THEME))}),
        State(_("cancelled"), {"row": row(language, status="cancelled")}),
        State(_("date to be confirmed"), {"row": row(language, status="tentative", all_day=True)}),
        State(_("told in French only"), {"row": row(language, title=only_french, theme=told(""))}),
        State(_("very long"), {"row": row(language, title=told(LONG * 6), theme=told(LONG * 9))}),
    ]


def news(language: str) -> list[State]:
    def item(title: str, summary: str, lang: str) -> NewsItem:
        page = NewsPage(title=title, summary=summary, date=MAY.date())
        return NewsItem(page, "#", lang, WEST_AFRICA)

    texts = {
        "fr": ("Des haies contre l'érosion", "Quarante villages plantent ensemble."),
        "en": ("Hedges against erosion", "Forty villages plant together."),
        "es": ("Setos contra la erosión", "Cuarenta aldeas plantan juntas."),
    }
    return [
        State(_("usual"), {"item": item(*texts[language], language)}),
        State(_("told in French only"), {"item": item(*texts["fr"], "fr")}),
        State(_("without a summary, very long"), {"item": item(LONG * 5, "", language)}),
    ]


def dates(language: str) -> list[State]:
    def day(start: dt.datetime, end: dt.datetime) -> days.Day:
        return days.day(start, end, True, language)

    one, three = day(MAY, MAY), day(MAY, MAY.replace(day=20))
    long = day(MAY, MAY.replace(month=7, day=31))
    return [
        State(_("large"), {"day": three, "size": ""}),
        State(_("medium"), {"day": one, "size": "m"}),
        State(_("small"), {"day": three, "size": "s"}),
        State(_("until another month"), {"day": long, "size": "m"}),
    ]


def series(language: str) -> tuple[Event, list[of_series.Date]]:
    """A series online, with a date as it should be, a moved one and a cancelled one."""
    made = event(format=Event.Format.ONLINE, end_local=MAY.replace(hour=10))

    def on(number: int, **facts: Any) -> of_series.Date:
        start = MAY + dt.timedelta(days=14 * number)
        original = facts.pop("original", start)
        end = start + dt.timedelta(minutes=90)
        instants = made.span(start, end, None, None)
        texts = {"venue": told(""), "city": told(""), "note": told("")} | facts
        one = Occurrence(event=made, original=original, start_local=start, end_local=end, **instants, **texts)
        told_hours = hours.at_place(made, language, one)
        return of_series.Date(one, told_hours, days.moved_from(one, language), "" if one.is_cancelled else "#")

    guest = told("Avec un invité", "With a guest", "Con un invitado")
    return made, [
        on(0),
        on(1, is_cancelled=True, note=told("Jour férié", "Public holiday", "Feriado")),
        on(2, original=MAY + dt.timedelta(days=29), note=guest, city=told("Bouaké"), venue=told("Salle B", "Room B")),
    ]


def hours_there(language: str) -> of_series.Hours:
    """A change of the clocks in Paris, and somebody's night."""
    start = dt.datetime(2027, 3, 24, 19, tzinfo=dt.UTC)
    spans = [(at, at + dt.timedelta(hours=1)) for at in (start, start + dt.timedelta(days=7))]
    regions = [
        ("Méditerranée", "Europe/Rome"),
        ("Asie-Pacifique", "Asia/Kolkata"),
        ("Amérique du Nord", "America/Toronto"),
    ]
    return of_series.compared(fair.table(event(), spans, language, regions=regions), language)


def dated_rows(language: str, listed: list[of_series.Date]) -> list[State]:
    """A series in a list: as it should be, cancelled, moved."""
    names = (_("usual"), _("one date cancelled"), _("one date moved"))
    usual = row(language, "open")
    return [
        State(
            name,
            {
                "row": replace(
                    usual,
                    date=one.occurrence,
                    moved_from=one.moved_from,
                    hours=one.hours,
                    day=days.day(one.occurrence.start_local, one.occurrence.end_local, False, language),
                    is_further=number > 0,
                )
            },
        )
        for number, (name, one) in enumerate(zip(names, listed, strict=True))
    ]


def samples(language: str) -> list[Sample]:
    """Every component, in the order in which the gallery shows them."""
    listed = rows(language)
    repeated, repeated_dates = series(language)
    link = RegionLink(WEST_AFRICA, "#", [])
    pages = [PageLink(1, "#", False), PageLink(2, "#", True), PageLink(None, "", False), PageLink(9, "#", False)]
    versions = [
        Version("fr", "Français", "#", "#", True, True),
        Version("en", "English", "#", "#", True, True),
        Version("es", "Español", "#", "#", False, False),
    ]
    return [
        Sample("day.html", _("Date"), dates(language)),
        Sample(
            "state.html",
            _("State"),
            [
                State(one.name, {"event": one.context["row"].event, "state": one.context["row"].registration})
                for one in listed[:6]
            ],
        ),
        Sample("event_row.html", _("Event in a list"), listed, "rows"),
        Sample("event_row.html", _("Dates of a series in a list"), dated_rows(language, repeated_dates), "rows"),
        Sample(
            "date_list.html",
            _("Dates of a series"),
            [State(_("usual"), {"dates": repeated_dates, "event": repeated, "off": False})],
        ),
        Sample(
            "date_marks.html",
            _("What is different about a date"),
            [
                State(name, {"date": one.occurrence, "moved_from": one.moved_from})
                for name, one in zip((_("one date cancelled"), _("one date moved")), repeated_dates[1:], strict=True)
            ],
        ),
        Sample(
            "fair_hours.html",
            _("Table of hours"),
            [State(_("usual"), {"table": hours_there(language), "id": "hours-sample"})],
        ),
        Sample("event_row_dated.html", _("Event in a list without months"), listed[:1], "rows"),
        Sample("event_card.html", _("Event as a card"), [listed[0], listed[-1]]),
        Sample(
            "month.html",
            _("Month of a list"),
            [
                State(
                    _("usual"),
                    {
                        "month": Month(
                            days.month_of(MAY.date(), language),
                            2027,
                            [listed[0].context["row"], listed[3].context["row"]],
                            "sample",
                        )
                    },
                )
            ],
        ),
        Sample("news_card.html", _("News"), news(language)),
        Sample("region_links.html", _("Regions"), [State(_("usual"), {"links": [link] * 3})]),
        Sample(
            "region_branch.html",
            _("Regions as a tree"),
            [State(_("with one inside"), {"link": link._replace(inside=[link])})],
            "regions tree",
        ),
        Sample(
            "pages.html",
            _("Pages of a list"),
            [State(_("usual"), {"pages": pages}), State(_("one page only: nothing"), {"pages": []})],
        ),
        Sample("languages.html", _("Languages"), [State(_("one is missing"), {"versions": versions})]),
        Sample(
            "search_form.html",
            _("Search"),
            [State(_("empty"), {"search_url": "#"}), State(_("asked"), {"search_url": "#", "asked": "terra rossa"})],
        ),
        Sample(
            "subscribe.html",
            _("Subscription"),
            [State(_("usual"), {"feed": calendar_feed("all"), "about": _("The whole agenda.")})],
        ),
    ]
