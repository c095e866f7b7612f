"""A site that keeps pages, within the process of the tests, and one page of each public kind."""

import pytest
from django.contrib.contenttypes.models import ContentType
from django.test import Client
from django.utils import timezone
from wagtail.models import Page, get_page_models

from events.models import EventPage
from pages.models import KeptPage
from regions.models import NewsPage, RegionPage
from tests.factories import EventFactory, RegionFactory


@pytest.fixture(autouse=True)
def _keeping(settings):
    settings.KEPT_PAGES_MB = 4


@pytest.fixture
def visitor(db) -> Client:
    """A browser that never signed in; its server has kept nothing yet."""
    return Client()


@pytest.fixture
def event(db):
    region = RegionFactory(code="KEPT")
    return EventFactory.published(regions=[region], registration="here", capacity=20)


@pytest.fixture
def kinds(event) -> dict[str, str]:
    """The address of one page of each kind that visitors see, in English."""
    _news()
    addresses = {}
    for model in get_page_models():
        if issubclass(model, KeptPage):
            pages = model.objects.live().filter(locale__language_code="en").order_by("pk")
            page = pages.filter(event=event).first() if model is EventPage else pages.first()
            assert page is not None, f"no test knows a page of the kind {model.__name__}"
            addresses[model.__name__] = page.get_url()
    agenda = addresses["AgendaPage"]
    return addresses | {
        "coming of a region": f"{agenda}region/KEPT/",
        "past": f"{agenda}past/",
        "month": f"{agenda}month/2031-05/",
        "hours elsewhere": f"{addresses['EventPage']}time/Asia/Kolkata/",
        "all news": f"{addresses['RegionIndexPage']}news/",
    }


def _news() -> None:
    above = RegionPage.objects.live().filter(locale__language_code="en").first()
    if above is None:
        region = RegionFactory(code="NEWS")
        index = Page.objects.get(
            content_type=ContentType.objects.get(app_label="regions", model="regionindexpage"),
            locale__language_code="en",
        )
        above = index.add_child(instance=RegionPage(title="A region", region=region, locale=index.locale))
    item = NewsPage(title="Rain at last", slug="rain", summary="It rains.", locale=above.locale)
    item.date = timezone.localdate()
    above.add_child(instance=item)
