"""Pages in a region, people with their rights, and publications that are committed."""

from collections.abc import Callable
from typing import Any

import pytest
from django.contrib.auth.models import Group, User
from django.test import Client
from wagtail.models import Page
from wagtail.rich_text import RichText
from wagtail.users.models import UserProfile
from wagtail_localize.models import StringSegment, StringTranslation, Translation

from events.founding import groups
from events.founding.trees import tell_region
from regions.models import NewsPage, Region, RegionPage
from tests.factories import RegionFactory, mandate

Publish = Callable[..., Any]


@pytest.fixture
def committed(django_capture_on_commit_callbacks: Any) -> Callable[[], Any]:
    """What is done within is committed: what waits for that is done at the end."""
    return lambda: django_capture_on_commit_callbacks(execute=True)


@pytest.fixture
def west(db: None, committed: Any) -> Region:
    """A region with its page in each language."""
    with committed():
        region = RegionFactory(code="WEST-AFRICA")
        tell_region(region)
    return region


@pytest.fixture
def south(db: None, committed: Any) -> Region:
    with committed():
        region = RegionFactory(code="SOUTH-ASIA")
        tell_region(region)
    return region


@pytest.fixture
def publish(committed: Any) -> Publish:
    """Publish a page as it is now, with changes by the name of the field; returned as it is in the database."""

    def do(page: Any, **changes: Any) -> Any:
        page = type(page).objects.get(pk=page.pk)
        for name, value in changes.items():
            setattr(page, name, value)
        with committed():
            page.save_revision().publish()
        return type(page).objects.get(pk=page.pk)

    return do


@pytest.fixture
def write(publish: Publish) -> Callable[..., NewsPage]:
    """News of a region in a language, published unless said otherwise."""

    def do(region: Region, title: str, language: str = "fr", *, published: bool = True, **facts: Any) -> NewsPage:
        above = RegionPage.objects.get(region=region, locale__language_code=language)
        facts.setdefault("body", text("Le sol revit.", "Les femmes ont mené le travail."))
        news = NewsPage(title=title, live=False, **facts)
        above.add_child(instance=news)
        news.save_revision()
        return publish(news) if published else news

    return do


def text(*paragraphs: str) -> list[Any]:
    return [("text", RichText("".join(f"<p>{paragraph}</p>" for paragraph in paragraphs)))]


def other(page: Page, language: str) -> Any:
    """The page in another language, as it is in the database now."""
    return type(page).objects.get(translation_key=page.translation_key, locale__language_code=language)


def translation(page: Page, language: str) -> Translation:
    return Translation.objects.get(source__object_id=page.translation_key, target_locale__language_code=language)


def translate(page: Page, language: str, prefix: str = "", *, leaving: int = 0) -> Translation:
    """Write a translation of every text but the last ones."""
    made = translation(page, language)
    segments = list(StringSegment.objects.filter(source=made.source).order_by("order").select_related("string"))
    for segment in segments[: len(segments) - leaving]:
        StringTranslation.objects.update_or_create(
            translation_of=segment.string,
            context=segment.context,
            locale=made.target_locale,
            defaults={"data": f"{prefix or language.upper()} {segment.string.data}"},
        )
    return made


def browser(user: User, language: str = "en") -> Client:
    client = Client(headers={"accept-language": language})
    client.force_login(user)
    return client


def member(name: str, group: str = "") -> User:
    user = User.objects.create_user(name, f"{name}@example.org", "a long enough password")
    UserProfile.objects.create(user=user)
    if group:
        user.groups.add(Group.objects.get(name=group))
    return user


@pytest.fixture
def staff(db: None) -> User:
    return member("staff", groups.STAFF)


@pytest.fixture
def translator(db: None) -> User:
    return member("translator", groups.TRANSLATORS)


@pytest.fixture
def correspondent(west: Region) -> User:
    """Writes for West Africa in all languages, to propose."""
    user = member("correspondent")
    mandate(user, west)
    return user


@pytest.fixture
def neighbour(south: Region) -> User:
    """Writes for South Asia, and may publish there."""
    user = member("neighbour")
    mandate(user, south, may_publish=True)
    return user
