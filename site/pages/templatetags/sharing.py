"""What a page says of itself to programs: structured data and the card of a shared link."""

import json
from html import unescape
from typing import Any

from django import template
from django.conf import settings
from django.utils.html import strip_tags
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import get_language

register = template.Library()

LOCALES = {"fr": "fr_FR", "en": "en_GB", "es": "es_ES"}
"As Facebook's Open Graph writes languages."
ESCAPES = {ord(">"): "\\u003E", ord("<"): "\\u003C", ord("&"): "\\u0026"}


@register.filter
def json_ld(data: dict[str, Any]) -> SafeString:
    """A block of structured data. A browser never runs it; no text in it can end the element."""
    text = json.dumps(data, ensure_ascii=False).translate(ESCAPES)
    return mark_safe(f'<script type="application/ld+json">{text}</script>')  # noqa: S308


@register.simple_tag
def absolute(url: str) -> str:
    """An address of this site with its scheme and host; any other as it is."""
    return settings.SITE_URL + url if url.startswith("/") else url


@register.simple_tag
def open_graph_locale() -> str:
    return LOCALES.get(get_language() or "", "fr_FR")


@register.simple_tag(takes_context=True)
def trail(context: Any, above: list[dict[str, str]], here: str = "", within: str = "") -> dict[str, Any]:
    """The breadcrumbs as schema.org tells them, from the home page down to this page; {} where it has no address.

    ``here`` is what the last of them says on the page, if that is not the page's title,
    ``within`` its address, if it is no page of the tree.
    """
    page = context.get("page")
    url = within or (page.get_url(context["request"]) if getattr(page, "pk", None) else None)
    if not url:
        return {}
    last = unescape(strip_tags(here)) or getattr(page, "title", "")
    places = [*((one["title"], one["url"]) for one in above), (last, url)]
    return {
        "@context": "https://schema.org",
        "@type": "BreadcrumbList",
        "itemListElement": [
            {"@type": "ListItem", "position": number, "name": name, "item": settings.SITE_URL + url}
            for number, (name, url) in enumerate(places, start=1)
        ],
    }
