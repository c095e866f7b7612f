"""What pages show of regions, their news and the organisations."""

from typing import Any, NamedTuple

from django import template
from django.conf import settings
from django.core.paginator import Paginator
from django.db.models import Prefetch, prefetch_related_objects
from django.http import Http404
from django.urls import reverse
from django.utils.translation import get_language
from wagtail.images import get_image_model

from pages import routing
from pages.folding import fold
from pages.keeping import changes_at
from pages.paging import page_links
from regions import countries, directory
from regions.correspondents import Correspondent, changes, correspondents_of
from regions.models import NewsPage, Organisation, OrganisationsPage, Region, RegionPage
from regions.soils import NAMES, soil_of

register = template.Library()

PER_PAGE = 12
CARD = "fill-720x405"
"The picture on a card, as its template asks for it."


def _language() -> str:
    return get_language() or settings.LANGUAGE_CODE


class NewsItem(NamedTuple):
    """A news item, where it is, the language it is in and the region it comes from."""

    page: NewsPage
    url: str
    lang: str
    region: Region | None

    @property
    def soil(self) -> str:
        """The name of the ground drawn above it."""
        return soil_of(self.region.code if self.region else "")


@register.simple_tag(takes_context=True)
def latest_news(context: Any, count: int = 3) -> list[NewsItem]:
    """The latest news of all regions."""
    return _items(context, NewsPage.objects.for_readers_of(_language())[:count])


@register.simple_tag(takes_context=True)
def news_of_region(context: Any, region: Region, count: int = 6) -> list[NewsItem]:
    """The latest news of a region and its sub-regions."""
    return _items(context, NewsPage.objects.about(region).for_readers_of(_language())[:count])


@register.simple_tag(takes_context=True)
def news_of_event(context: Any, event: Any, count: int = 3) -> list[NewsItem]:
    """The latest news that tell of an event."""
    return _items(context, NewsPage.objects.telling_of(event.uid).for_readers_of(_language())[:count])


@register.simple_tag(takes_context=True)
def news_list(context: Any) -> dict[str, Any]:
    """One page of all the news.

    Raises:
        Http404: there is no such page.
    """
    page = context["page"]
    paginator = Paginator(NewsPage.objects.for_readers_of(_language()), PER_PAGE)
    if page.news_page > paginator.num_pages:
        raise Http404
    part = paginator.page(page.news_page)
    above = page.get_url(context["request"]) or ""
    return {
        "found": _items(context, part.object_list),
        "pages": page_links(paginator, page.news_page, lambda number: above + page.news_path(_language(), number)),
    }


@register.simple_tag(takes_context=True)
def news_url(context: Any) -> str:
    """The address of all the news in the active language."""
    from regions.models.pages import NEWS

    known = routing.top_in(context["request"], _language())
    page = next((page for page in known if routing.is_of(page, "regions.RegionIndexPage")), None)
    return f"{page.get_url(context['request'])}{NEWS[_language()]}/" if page else ""


@register.simple_tag
def region_of_news(page: NewsPage) -> RegionPage | None:
    """The page of the region that a news item stands below."""
    above = page.get_parent()
    return RegionPage.objects.select_related("region").filter(pk=above.pk).first() if above else None


def _items(context: Any, found: Any) -> list[NewsItem]:
    listed = list(found)
    pictures = get_image_model().objects.prefetch_renditions(CARD)
    prefetch_related_objects(listed, Prefetch("image", queryset=pictures))
    parents = {page.path[: -page.steplen] for page in listed}
    regions = {page.path: page.region for page in RegionPage.objects.filter(path__in=parents).select_related("region")}
    return [
        NewsItem(
            page,
            page.get_url(context["request"]) or "",
            page.locale.language_code,
            regions.get(page.path[: -page.steplen]),
        )
        for page in listed
    ]


# -- regions


class RegionLink(NamedTuple):
    """A region, the address of its page in the active language, and the regions in it."""

    region: Region
    url: str
    inside: list[Any]


@register.simple_tag(takes_context=True)
def region_tree(context: Any) -> list[RegionLink]:
    """All regions that have a page, as a tree; two queries."""
    pages = RegionPage.objects.live().filter(locale__language_code=_language())
    urls = {page.region_id: page.get_url(context["request"]) or "" for page in pages}
    regions = [region for region in Region.objects.all() if region.pk in urls]
    present = {region.pk for region in regions}

    def below(parent: int | None) -> list[RegionLink]:
        return [
            RegionLink(region, urls[region.pk], below(region.pk))
            for region in regions
            if (region.parent_id if region.parent_id in present else None) == parent
        ]

    return below(None)


@register.simple_tag(takes_context=True)
def region_links(context: Any) -> list[RegionLink]:
    """The same, one after the other."""
    return [one for link in region_tree(context) for one in (link, *link.inside)]


@register.simple_tag(takes_context=True)
def region_facts(context: Any) -> dict[str, Any]:
    """A region's countries by name, and the regions around it that have a page."""
    region = context["page"].region
    links = {link.region.pk: link for link in _flat(region_tree(context))}
    link = links.get(region.pk)
    return {
        "region": region,
        "countries": sorted((countries.name(one.country, _language()) for one in region.countries.all()), key=fold),
        "parent": links.get(region.parent_id),
        "inside": link.inside if link else [],
    }


@register.simple_tag(takes_context=True)
def region_addresses(context: Any) -> dict[int, str]:
    """Region → the address of its page in the active language."""
    return {link.region.pk: link.url for link in _flat(region_tree(context))}


def _flat(links: list[RegionLink]) -> list[RegionLink]:
    return [one for link in links for one in (link, *_flat(link.inside))]


@register.filter
def soil(code: str) -> str:
    """The name of a region's ground, of which the pictures are drawn."""
    return soil_of(code)


@register.filter
def soil_name(ground: str) -> str:
    """What soil science calls it: "Ferralsol"."""
    return NAMES.get(ground, "")


@register.filter
def at(mapping: dict[Any, Any], key: Any) -> Any:
    """What a mapping holds at a key, or nothing."""
    return mapping.get(key, "")


@register.simple_tag(takes_context=True)
def correspondents(context: Any, region: Region) -> list[Correspondent]:
    """Who is in charge of a region now; the page changes when a mandate begins or ends."""
    changes_at(context["request"], *changes(region))
    return correspondents_of(region)


@register.simple_tag
def news_feed(region: Region | None = None) -> str:
    """The address of the feed of all news, or of those of a region, in the active language."""
    if region is None:
        return settings.SITE_URL + reverse("news_feeds:all", args=[_language()])
    return settings.SITE_URL + reverse("news_feeds:region", args=[_language(), region.code])


# -- organisations


@register.simple_tag(takes_context=True)
def organisation_directory(context: Any) -> dict[str, Any]:
    """Organisations by college, with filters and map, as the address asks for them."""
    request, page = context["request"], context["page"]
    return directory.listing(directory.asked(request.GET), _language(), page.get_url(request) or "")


@register.simple_tag(takes_context=True)
def organisation_url(context: Any, organisation: Organisation) -> str:
    """The address of an organisation's page in the active language; empty if there is none."""
    request = context["request"]
    above: str | None = getattr(request, "_directory_url", None)
    if above is None:
        page = OrganisationsPage.objects.live().filter(locale__language_code=_language()).first()
        above = (page.get_url(request) or "") if page else ""
        request._directory_url = above
    return f"{above}{organisation.slug}/" if above and organisation.slug else ""
