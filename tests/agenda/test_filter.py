"""The agenda: what comes first, and how it is narrowed; its address holds the choice."""

import datetime as dt

import pytest
import time_machine

from tests.factories import EventFactory, ObjectiveFactory, RegionFactory, told
from tests.reading import Pages, rows, text

pytestmark = pytest.mark.django_db
NOW = dt.datetime(2026, 6, 15, 12, tzinfo=dt.UTC)


@pytest.fixture(autouse=True)
def now():
    with time_machine.travel(NOW, tick=False):
        yield


@pytest.fixture
def pages(client):
    return Pages(client)


def event(name, start, end=None, **facts):
    start = dt.datetime.fromisoformat(start)
    return EventFactory.published(
        title=told(f"{name} fr", f"{name} en", f"{name} es"),
        start_local=start,
        end_local=dt.datetime.fromisoformat(end) if end else start + dt.timedelta(hours=2),
        **facts,
    )


@pytest.fixture
def world():
    """Eight meetings in three years and four places."""
    africa = RegionFactory(code="T-AFR", name=told("Afrique"))
    west = RegionFactory(code="T-AFR-W", name=told("Afrique de l’Ouest"), parent=africa)
    asia = RegionFactory(code="T-ASIA", name=told("Asie"))
    d2, d1 = ObjectiveFactory(code="D2"), ObjectiveFactory(code="D1")
    event("Old", "2024-03-01T09:00", regions=[africa])
    event("Newer", "2025-12-31T23:30", regions=[west], kind="forum")
    event("Ending", "2026-06-10T09:00", "2026-06-20T17:00", regions=[asia])
    event(
        "June",
        "2026-06-25T09:00",
        regions=[west],
        kind="forum",
        languages=["fr", "en"],
        format="online",
        objectives=[d2],
    )
    event("July", "2026-07-02T09:00", regions=[africa], languages=["en"], format="hybrid", objectives=[d1])
    event("NextYear", "2027-01-10T09:00", regions=[asia], languages=["es"], format="onsite", kind="webinar")
    EventFactory(
        title=told("Draft en", "Draft en"),
        start_local=dt.datetime(2026, 8, 1, 9),
        end_local=dt.datetime(2026, 8, 1, 10),
    )


@pytest.mark.usefixtures("world")
def test_what_comes_is_first_by_month_and_drafts_are_nowhere(pages):
    page = pages.open("/en/calendar/")
    assert rows(page) == ["Ending en", "June en", "July en", "NextYear en"]
    assert [text(month, "h2") for month in page.select(".month")] == ["June 2026", "July 2026", "January 2027"]


@pytest.mark.usefixtures("world")
def test_what_is_over_is_by_year_latest_first(pages):
    page = pages.open("/en/calendar/past/")
    assert rows(page) == ["Newer en", "Old en"]
    assert [link["href"] for link in page.select(".views a")] == [
        "/en/calendar/",
        "/en/calendar/month/2026-06/",
        "/en/calendar/past/2025/",
        "/en/calendar/past/2024/",
    ]
    assert rows(pages.open("/en/calendar/past/2025/")) == ["Newer en"], "by the clock at the place, not in UTC"
    assert rows(pages.open("/en/calendar/past/2023/")) == []


@pytest.mark.usefixtures("world")
@pytest.mark.parametrize(
    ("path", "names"),
    [
        ("region/T-AFR/", ["June", "July"]),
        ("region/T-AFR-W/", ["June"]),
        ("kind/forum/", ["June"]),
        ("language/en/", ["June", "July"]),
        ("format/online/", ["June", "July"]),
        ("format/onsite/", ["Ending", "July", "NextYear"]),
        ("format/hybrid/", ["July"]),
        ("objective/D2/", ["June"]),
        ("objective/D/", ["June", "July"]),
        ("region/T-AFR/kind/forum/language/fr/format/online/objective/D2/", ["June"]),
        ("past/region/T-AFR/", ["Newer", "Old"]),
        ("past/2025/kind/forum/", ["Newer"]),
        ("?q=july", ["July"]),
        ("region/T-ASIA/?q=JULY", []),
    ],
)
def test_each_choice_narrows_the_list(pages, path, names):
    assert rows(pages.open(f"/en/calendar/{path}")) == [f"{name} en" for name in names]


@pytest.mark.usefixtures("world")
@pytest.mark.parametrize(
    "path",
    [
        "region/NOWHERE/",
        "region/t-afr/",
        "region/",
        "kind/party/",
        "type/forum/",
        "language/xx/",
        "format/paper/",
        "objective/Z9/",
        "page/2/",
        "page/0/",
        "page/x/",
        "page/01/",
        "past/23/",
        "past/2024/2025/",
        "kind/forum/kind/webinar/",
        "past/0000/",
        "region/T-AFR/extra/",
        "?kind=party",
        "?past=1&year=abc",
    ],
)
def test_what_the_agenda_does_not_have_is_not_there(pages, path):
    pages.open(f"/en/calendar/{path}", 404)


@pytest.mark.usefixtures("world")
def test_a_choice_has_one_address(pages):
    right = "/fr/agenda/region/T-AFR/type/forum/langue/fr/"
    assert pages.led("/fr/agenda/langue/fr/type/forum/region/T-AFR/") == (301, right)
    assert pages.led("/fr/agenda/page/1/") == (301, "/fr/agenda/")
    assert pages.led("/fr/agenda/?region=T-AFR&kind=forum&language=fr&format=&objective=&q=") == (302, right)
    assert pages.led("/fr/agenda/?region=T-AFR&kind=&q=sol%20vivant&past=1&year=2024") == (
        302,
        "/fr/agenda/passees/2024/region/T-AFR/?q=sol+vivant",
    )
    form = pages.open(right).select_one("form.filters")
    assert (form["method"], form["action"]) == ("get", "/fr/agenda/")
    assert [option["value"] for option in form.select("option[selected]")] == ["T-AFR", "forum", "fr"]


@pytest.mark.usefixtures("world")
def test_the_title_names_what_was_chosen(pages):
    page = pages.open("/fr/agenda/region/T-AFR/type/forum/?q=June")
    assert text(page, "title").startswith("Agenda · Afrique · Forum des Partenaires · June – ")


@pytest.mark.usefixtures("world")
def test_an_empty_list_says_what_will_be_there_and_offers_more(pages):
    page = pages.open("/en/calendar/region/T-ASIA/kind/forum/")
    assert "No coming meeting answers to this choice yet." in text(page, ".empty")
    ways = [link["href"] for link in page.select(".empty a")]
    assert "/en/calendar/kind/forum/" in ways
    assert "/en/calendar/region/T-ASIA/" in ways
    assert "/en/calendar/past/region/T-ASIA/kind/forum/" in ways
    assert "/en/calendar/" in ways
    for way in ways:
        pages.open(way)


def test_a_long_list_is_cut_in_pages_that_keep_the_choice(pages):
    for number in range(27):
        event(f"N{number}", f"2026-07-{number + 1:02}T09:00", kind="training")
    first = pages.open("/es/calendario/tipo/training/")
    assert len(rows(first)) == 25
    assert [link["href"] for link in first.select(".pages a")] == ["/es/calendario/tipo/training/pagina/2/"]
    second = pages.open("/es/calendario/tipo/training/pagina/2/")
    assert rows(second) == ["N25 es", "N26 es"]
    assert second.select_one("link[hreflang=fr]")["href"].endswith("/fr/agenda/type/training/page/2/")
    pages.open("/es/calendario/tipo/training/pagina/3/", 404)


def test_events_called_like_words_of_the_agenda_keep_their_own_address(pages):
    made = event("x", "2026-07-01T09:00")
    made.title = told("Région", "Past", "Página")
    made.save_revision().publish()
    addresses = [page.get_url() for page in made.pages.order_by("locale__language_code")]
    for address in addresses:
        pages.open(address)
    assert "/en/calendar/past/" not in addresses
