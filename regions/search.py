"""What search finds in this room, and what sitemaps list of it beside its pages."""

from collections.abc import Iterator

from django.utils.translation import gettext as _

from pages.search import AT_MOST, Found, Group, looked_up
from pages.sitemaps import Below
from pages.trilingual import shown, told_in

from . import countries
from .models import NewsPage, Organisation, OrganisationsPage, Region, RegionIndexPage, RegionPage
from .models.pages import NEWS


def news(asked: str, language: str) -> Group:
    """News in any language, each item once."""
    found = looked_up(asked, NewsPage.objects.live().order_by("-date"), AT_MOST * 3)
    told = {
        page.pk: page
        for page in NewsPage.objects.for_readers_of(language).filter(
            translation_key__in=[p.translation_key for p in found]
        )
    }
    best = {page.translation_key: page for page in told.values()}
    results = [
        Found(page.get_url() or "", page.title, page.locale.language_code, page.summary)
        for page in dict.fromkeys(best.get(one.translation_key) for one in found)
        if page is not None
    ]
    return Group(_("News"), results[:AT_MOST])


def regions(asked: str, language: str) -> Group:
    """Regions by their names; the page is the one in the language."""
    found = looked_up(asked, Region.objects.all())
    pages = {
        page.region_id: page
        for page in RegionPage.objects.live().filter(region__in=found, locale__language_code=language)
    }
    results = []
    for region in found:
        if region.pk in pages:
            text, lang = shown(region.name, language)
            results.append(Found(pages[region.pk].get_url() or "", text, lang, ""))
    return Group(_("Regions"), results)


def organisations(asked: str, language: str) -> Group:
    """Organisations by any of their names: each leads to its page."""
    directory = OrganisationsPage.objects.live().filter(locale__language_code=language).first()
    above = directory.get_url() if directory else ""
    results = []
    for one in looked_up(asked, Organisation.objects.all()):
        text, lang = shown(one.name, language)
        about = " · ".join(
            part for part in (one.acronym, countries.name(one.country, language) if one.country else "") if part
        )
        results.append(Found(f"{above}{one.slug}/", text, lang, about))
    return Group(_("Organisations"), results if above else [])


def below() -> Iterator[Below]:
    """The list of news and each organisation, for sitemaps."""
    index = RegionIndexPage.objects.live().order_by("pk").first()
    if index is not None:
        yield Below(index.translation_key, {code: f"{words}/" for code, words in NEWS.items()})
    directory = OrganisationsPage.objects.live().order_by("pk").first()
    if directory is not None:
        for slug, name in Organisation.objects.exclude(slug="").order_by("slug").values_list("slug", "name"):
            yield Below(directory.translation_key, dict.fromkeys(told_in(name), f"{slug}/"))
