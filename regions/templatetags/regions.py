"""What pages show of regions, their news and the organisations."""

from collections import Counter
from typing import Any, NamedTuple

from django import template
from django.conf import settings
from django.core.paginator import Paginator
from django.db.models import Prefetch, prefetch_related_objects
from django.http import Http404
from django.utils.translation import get_language
from wagtail.images import get_image_model

from pages import routing
from pages.folding import fold
from pages.paging import page_links
from pages.trilingual import Shown, shown
from regions import countries
from regions.models import College, NewsPage, Organisation, Region, RegionPage
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


# -- organisations


class Member(NamedTuple):
    """An organisation as the directory names it."""

    organisation: Organisation
    name: Shown
    country: str


@register.simple_tag(takes_context=True)
def directory(context: Any) -> dict[str, Any]:
    """Organisations by college, in the alphabetical order of the active language.

    ``country`` and ``q`` in the address narrow the list; two queries.
    """
    request, language = context["request"], _language()
    asked = request.GET.get("q", "").replace("\x00", " ").strip()[:200]
    country = request.GET.get("country", "").strip()
    every = [
        Member(one, shown(one.name, language), countries.name(one.country, language) if one.country else "")
        for one in Organisation.objects.select_related("college")
    ]
    words = fold(asked).split()
    members = [
        member
        for member in every
        if (not country or member.organisation.country == country)
        and all(
            word in fold(f"{member.organisation.short_name} {member.organisation.all_names()} {member.country}")
            for word in words
        )
    ]
    members.sort(key=lambda member: fold(member.name.text))
    colleges: list[College | None] = list(College.objects.all())
    groups = [
        {
            "college": college,
            "members": [m for m in members if m.organisation.college_id == (college.pk if college else None)],
        }
        for college in [*colleges, None]
    ]
    by_country = Counter(member.organisation.country for member in every if member.organisation.country)
    return {
        "groups": [group for group in groups if group["members"]],
        "count": len(members),
        "all_count": len(every),
        "asked": asked,
        "country": country,
        "countries": sorted(
            (
                {"code": code, "name": countries.name(code, language), "count": count}
                for code, count in by_country.items()
            ),
            key=lambda one: fold(str(one["name"])),
        ),
    }
