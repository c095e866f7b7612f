"""Pages are complete without JavaScript, without cookies and without anybody else's server."""

import re
from itertools import pairwise

import pytest
from django.contrib.auth.models import User
from django.core.exceptions import PermissionDenied
from django.db import OperationalError
from django.template.loader import render_to_string
from django.test import RequestFactory
from django.utils.translation import override
from django.views.defaults import permission_denied

from events.founding.trees import tell_region
from pages.busy import BusyMiddleware
from pages.errors import csrf_failure
from tests.factories import EventFactory, RegionFactory
from tests.reading import Pages

pytestmark = pytest.mark.django_db


@pytest.fixture
def addresses():
    tell_region(RegionFactory(code="MARK"))
    event = EventFactory.published()
    paths = ["", "calendar/", "calendar/past/", "regions/", "regions/region-mark/", "regions/news/", "organisations/"]
    paths += ["search/?q=soil", "privacy/", event.pages.get(locale__language_code="en").get_url().removeprefix("/en/")]
    return [f"/en/{path}" for path in paths]


def test_every_page_can_be_read_by_everybody(client, addresses):
    for address in addresses:
        page = Pages(client).open(address)
        assert page.select_one("a.skip")["href"] == "#content"
        assert page.select_one("main#content"), address
        assert len(page.select("h1")) == 1, address
        inline = "style, [style], [onclick], script:not([src]):not([type='application/ld+json'])"
        assert not page.select(inline), address
        assert all(image.has_attr("alt") for image in page.select("img"))
        for field in page.select("input:not([type=hidden]), select, textarea"):
            assert page.select_one(f"label[for='{field['id']}']"), field
        ids = [tag["id"] for tag in page.select("[id]")]
        assert len(ids) == len(set(ids)), address
        levels = [int(tag.name[1]) for tag in page.select("main h1, main h2, main h3, main h4")]
        assert all(after - before <= 1 for before, after in pairwise(levels)), (address, levels)
        assert page.select_one("link[rel=alternate][type='text/calendar']")["href"].endswith("/ical/en/all.ics")
        assert [link.get_text(strip=True) for link in page.select(".menu a")] == [
            "Agenda", "Regions", "News", "Organisations",
        ]  # fmt: skip


def test_nothing_comes_from_another_host_and_no_cookie_is_set(client, addresses):
    for address in addresses:
        response = client.get(address)
        assert not response.cookies, address
        assert "Cookie" not in response.get("Vary", ""), address
        body = response.content.decode()
        loaded = re.findall(r'(?:src|srcset)="([^"]*)"', body) + re.findall(
            r'rel="(?:stylesheet|icon|preload)" href="([^"]*)"', body
        )
        assert loaded
        assert all(address.startswith(("/static/", "/soil/")) for address in loaded), loaded


@pytest.mark.parametrize("language", ["fr", "en", "es"])
def test_a_busy_database_gets_calm_words_in_the_language(language, django_assert_num_queries, caplog):
    with override(language), django_assert_num_queries(0):
        middleware = BusyMiddleware(lambda request: None)
        response = middleware.process_exception(RequestFactory().get(f"/{language}/"), OperationalError("locked"))
    assert response.status_code == 503
    assert response["Retry-After"]
    assert "locked" in caplog.text
    assert f'<html lang="{language}">' in response.content.decode()


def test_a_lock_that_is_not_had_while_rights_are_settled_is_a_busy_page_too(client, monkeypatch):
    def settle(user):
        raise OperationalError("database is locked")

    client.force_login(User.objects.create_user("awa"))
    client.raise_request_exception = False
    monkeypatch.setattr("regions.rights.settle", settle)
    for address in ("/admin/", "/account/", "/admin/pages/1/edit/"):
        response = client.get(address)
        assert (response.status_code, response["Retry-After"]) == (503, "5"), address
        assert response["Cache-Control"] == "no-store"


def test_an_error_of_another_kind_is_told_as_one(client, monkeypatch):
    def settle(user):
        raise LookupError("a mistake")

    client.force_login(User.objects.create_user("awa"))
    client.raise_request_exception = False
    monkeypatch.setattr("regions.rights.settle", settle)
    response = client.get("/admin/")
    assert response.status_code == 500
    assert "Something went wrong" in response.content.decode()


def test_a_form_without_its_cookie_is_told_kindly():
    with override("en"):
        response = csrf_failure(RequestFactory().post("/en/"))
    assert response.status_code == 403
    assert "Nothing was recorded" in response.content.decode()


@pytest.mark.parametrize(("language", "said"), [("fr", "pas ouverte"), ("es", "no está abierta")])
def test_what_is_not_open_to_a_visitor_is_told_in_their_language(language, said):
    with override(language):
        response = permission_denied(RequestFactory().get(f"/{language}/"), PermissionDenied())
    assert response.status_code == 403
    assert said in response.content.decode()


@pytest.mark.parametrize("page", ["400.html", "500.html"])
def test_an_error_page_needs_neither_database_nor_context(django_assert_num_queries, page):
    with django_assert_num_queries(0):
        body = render_to_string(page)
    assert "{" not in body
    for language in ("fr", "en", "es"):
        assert f'lang="{language}"' in body


def test_prose_is_shown_block_by_block(client):
    import json

    from pages.models import StandardPage

    page = StandardPage.objects.get(slug="privacy")
    page.body = json.dumps(
        [
            {"type": "text", "value": "<p>Plain <b>words</b></p>"},
            {"type": "practical", "value": {"title": "By train", "text": "<p>Every hour</p>"}},
            {"type": "quote", "value": {"text": "Soil is life", "source": "A farmer"}},
            {"type": "video", "value": {"title": "The film", "url": "https://video.example/1"}},
            {
                "type": "contact",
                "value": {"name": "The Secretariat", "email": "hello@example.org", "phone": "+33 1 23"},
            },
            {
                "type": "accordion",
                "value": [{"type": "item", "id": "a", "value": {"title": "Visa?", "text": "<p>Ask early</p>"}}],
            },
            {"type": "documents", "value": []},
        ]
    )
    page.save_revision().publish()
    shown = Pages(client).open("/en/privacy/")
    main = shown.select_one("main").get_text(" ")
    for words in ("Plain", "By train", "Every hour", "Soil is life", "A farmer", "The Secretariat", "Ask early"):
        assert words in main
    assert shown.select_one("details summary").get_text() == "Visa?"
    assert shown.select_one("a[href='mailto:hello@example.org']")
    assert not shown.select("iframe")
