"""News as RSS, per language and region (RSS 2.0): each item says the language its words are in."""

import datetime as dt
import hashlib
from typing import Any

from django.conf import settings
from django.core.cache import cache
from django.db import OperationalError
from django.http import HttpRequest, HttpResponse
from django.urls import path, reverse
from django.utils.cache import get_conditional_response
from django.utils.feedgenerator import Enclosure, Rss201rev2Feed
from django.utils.http import http_date
from django.utils.translation import gettext as _
from django.utils.translation import override
from django.utils.xmlutils import SimplerXMLGenerator
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_safe

from pages.models import Edition
from pages.trilingual import shown

from .models import NewsPage, Region, RegionIndexPage, RegionPage
from .wording import paragraphs

ITEMS = 30
KEPT_FOR = 900  # seconds
DAY = 86_400
SUMMARY = 400
"Characters of a text that stand for a summary nobody wrote."


class NewsFeed(Rss201rev2Feed):
    """RSS 2.0 whose items say their language twice: as an element, and for what reads XML itself."""

    changed: dt.datetime | None = None
    "When anything in it last changed."

    def latest_post_date(self) -> dt.datetime:
        return self.changed or dt.datetime.fromtimestamp(0, dt.UTC)

    def rss_attributes(self) -> dict[str, str]:
        return super().rss_attributes() | {"xmlns:dc": "http://purl.org/dc/elements/1.1/"}

    def item_attributes(self, item: dict[str, Any]) -> dict[str, str]:
        return {"xml:lang": item["language"]}

    def add_item_elements(self, handler: SimplerXMLGenerator, item: dict[str, Any]) -> None:
        super().add_item_elements(handler, item)
        handler.addQuickElement("dc:language", item["language"])


@csrf_exempt
@require_safe
def news(request: HttpRequest, language: str, code: str = "") -> HttpResponse:
    """The latest news, or 304 if the reader has them."""
    region = Region.objects.filter(code=code).first() if code else None
    if language not in dict(settings.LANGUAGES) or (code and region is None):
        return HttpResponse("There is no such feed.\n", status=404, content_type="text/plain; charset=utf-8")
    try:
        content, changed = kept(language, region)
    except OperationalError:
        busy = HttpResponse("Come back in a moment.\n", status=503, content_type="text/plain; charset=utf-8")
        busy["Retry-After"], busy["Cache-Control"] = "60", "no-store"
        return busy
    etag = f'"{hashlib.blake2b(content, digest_size=12).hexdigest()}"'
    response = get_conditional_response(request, etag=etag, last_modified=changed, response=None)
    if response is None:
        body = b"" if request.method == "HEAD" else content
        response = HttpResponse(body, content_type="application/rss+xml; charset=utf-8")
        response["Content-Length"] = str(len(content))
    response["ETag"] = etag
    if changed:
        response["Last-Modified"] = http_date(changed)
    response["Cache-Control"] = f"public, max-age={KEPT_FOR}"
    return response


def kept(language: str, region: Region | None) -> tuple[bytes, int]:
    """The feed of this edition, written once: whatever changes what it tells opens another one."""
    key = f"news feed {Edition.now()} {language} {region.pk if region else ''}".replace(" ", "-")
    found: tuple[bytes, int] | None = cache.get(key)
    if found is None:
        with override(language):
            found = written(language, region)
        cache.set(key, found, DAY)
    return found


def written(language: str, region: Region | None) -> tuple[bytes, int]:
    """The feed, the same bytes as long as nothing changes, and when its newest part did (seconds since 1970)."""
    found = NewsPage.objects.about(region) if region else NewsPage.objects.all()
    pages = list(found.for_readers_of(language).prefetch_related("image")[:ITEMS])
    changed = max((page.last_published_at for page in pages if page.last_published_at), default=None)
    where = shown(region.name, language).text if region else _("News from the regions")
    own = reverse(
        "news_feeds:region" if region else "news_feeds:all", args=[language, *([region.code] if region else [])]
    )
    feed = NewsFeed(
        title=_("4 per 1000 – %(what)s") % {"what": where},
        link=_page_url(language, region),
        description=_("News from the regions of the “4 per 1000” Initiative, told by their correspondents."),
        language=language,
        feed_url=settings.SITE_URL + own,
        ttl="60",  # type: ignore[arg-type]
    )
    for page in pages:
        _add(feed, page)
    feed.changed = changed
    return feed.writeString("utf-8").encode(), int(changed.timestamp()) if changed else 0


def _add(feed: NewsFeed, page: NewsPage) -> None:
    standing = page.standing
    words = page.summary or _plain(page)
    image = page.image.get_rendition("width-1200") if page.image else None
    if standing.since is not None:
        # A reader who sees this alone is told what the page tells too.
        words = f"[{_('This translation is behind its source.')}] {words}"
    feed.add_item(
        title=page.title,
        link=page.full_url or settings.SITE_URL,
        description=words,
        unique_id=f"urn:uuid:{page.translation_key}",
        unique_id_is_permalink=False,
        pubdate=page.first_published_at,
        updateddate=page.last_published_at,
        author_name=page.byline,
        categories=[str(page.get_kind_display())],
        enclosures=[Enclosure(_absolute(image.url), str(image.file.size), "image/jpeg")] if image else [],
        language=standing.lang,
    )


def _plain(page: NewsPage) -> str:
    text = " ".join(paragraphs(page.body))
    return text if len(text) <= SUMMARY else text[:SUMMARY].rsplit(" ", 1)[0] + "…"


def _absolute(url: str) -> str:
    return url if "://" in url else settings.SITE_URL + url


def _page_url(language: str, region: Region | None) -> str:
    if region is not None:
        page = RegionPage.objects.live().filter(region=region, locale__language_code=language).first()
        return (page.full_url if page else "") or settings.SITE_URL
    index = RegionIndexPage.objects.live().filter(locale__language_code=language).first()
    return f"{index.full_url}{index.news_path(language)}" if index else settings.SITE_URL


app_name = "news_feeds"
urlpatterns = [
    path("<slug:language>/news.rss", news, name="all"),
    path("<slug:language>/region/<slug:code>/news.rss", news, name="region"),
]
