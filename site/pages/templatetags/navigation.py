"""Finding one's way: sections, breadcrumbs, the same page in other languages."""

from typing import Any

from django import template
from django.conf import settings
from django.utils.translation import get_language, gettext
from wagtail.models import Page

from pages import landmarks, languages, routing
from pages.sections import sections

register = template.Library()


def _top(context: Any) -> list[Page]:
    """The home page of the active language and the pages right below it."""
    return routing.top_in(context["request"], get_language() or settings.LANGUAGE_CODE)


@register.simple_tag(takes_context=True)
def home_url(context: Any) -> str:
    """The address of the home page in the active language."""
    return f"/{get_language() or settings.LANGUAGE_CODE}/"


@register.simple_tag(takes_context=True)
def section_links(context: Any) -> list[dict[str, Any]]:
    """The masthead's links; ``current`` is "page" on the section itself, "true" below it."""
    request = context["request"]
    language = get_language() or settings.LANGUAGE_CODE
    pages = {f"{page.content_type.app_label}.{page.content_type.model}": page for page in reversed(_top(context))}
    links = []
    for section in sections:
        page = pages.get(section.model.lower())
        if page is None:
            continue
        url = (page.get_url(request) or "") + section.below.get(language, "")
        links.append({"url": url, "label": section.label or page.title, "current": ""})
    inside = [link for link in links if request.path.startswith(link["url"])]
    if inside:
        nearest = max(inside, key=lambda link: len(link["url"]))
        nearest["current"] = "page" if request.path == nearest["url"] else "true"
    return links


@register.simple_tag(takes_context=True)
def page_of_type(context: Any, label: str) -> str:
    """The address of the first page of a type below the home page; empty if there is none."""
    return next((page.get_url(context["request"]) or "" for page in _top(context) if routing.is_of(page, label)), "")


@register.simple_tag(takes_context=True)
def landmark(context: Any, name: str) -> str:
    """The address of a page that the site itself made, by its name: "privacy"; empty if it was withdrawn."""
    wanted = landmarks.key(name)
    return next(
        (page.get_url(context["request"]) or "" for page in _top(context) if page.translation_key == wanted), ""
    )


@register.simple_tag(takes_context=True)
def plain_pages(context: Any) -> list[dict[str, str]]:
    """The standard pages right below the home page: privacy, accessibility."""
    return [
        {"url": page.get_url(context["request"]) or "", "label": page.title}
        for page in _top(context)
        if page.content_type.model == "standardpage"
    ]


@register.inclusion_tag("components/languages.html", takes_context=True)
def language_switch(context: Any) -> dict[str, Any]:
    """Links to the same page in the other languages, or to the nearest one above it."""
    return {"versions": languages.versions(context["request"], context.get("page"))}


@register.inclusion_tag("components/alternates.html", takes_context=True)
def alternates(context: Any) -> dict[str, Any]:
    """The canonical address and, both ways, those in the languages in which the page really exists."""
    page, request = context.get("page"), context["request"]
    if not isinstance(page, Page) or not page.pk:
        return {"versions": []}
    told = [version for version in languages.versions(request, page) if version.is_told]
    return {
        "site_url": settings.SITE_URL,
        "canonical": languages.told(request, page),
        "versions": told,
        "default": next((version for version in told if version.language == settings.LANGUAGE_CODE), None),
    }


@register.simple_tag(takes_context=True)
def crumbs(context: Any, within: str = "") -> list[dict[str, str]]:
    """The pages above this one, from the home page down.

    ``within`` is the address of what is no page of the tree: it lies below the page
    that shows it, or below the home page.
    """
    page = context.get("page")
    if not isinstance(page, Page) or not page.pk:
        return [{"url": home_url(context), "title": gettext("Home")}] if within else []
    above = [*routing.above(page), *([page] if within else [])]
    return [{"url": one.get_url(context["request"]) or "", "title": one.title} for one in above]


@register.filter
def language_name(code: str) -> str:
    """A language's name in the active language, as in the middle of a sentence: "anglais", "English"."""
    name = languages.name_of(code)
    return name if get_language() == "en" else name.lower()


@register.filter
def own_name(code: str) -> str:
    """A language's name in itself: "English"."""
    return dict(settings.LANGUAGES).get(code, code)


@register.filter
def sentence(text: Any) -> str:
    """A text with a capital first letter; the rest as it is."""
    said = str(text)
    return said[:1].upper() + said[1:]
