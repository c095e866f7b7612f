"""For search engines: robots.txt, and a sitemap in each language."""

import datetime as dt
from collections.abc import Callable, Iterable
from typing import Any, NamedTuple

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.templatetags.static import static
from wagtail.models import Page


class Known(NamedTuple):
    """What a room knows of one of its pages."""

    told_in: list[str]
    changed: dt.datetime | None


class Below(NamedTuple):
    """Something with an address of its own below a page, as an organisation below the directory."""

    page: Any
    "The page's translation key."
    words: dict[str, str]
    "What follows the page's address, in each language in which it is told."


sources: list[Callable[[], dict[int, Known]]] = []
"Primary key of a page → what is known of it; rooms append theirs when they are ready."
below: list[Callable[[], Iterable[Below]]] = []
"What has no page of its own; rooms append theirs too."


def robots(request: HttpRequest) -> HttpResponse:
    """All may read everything but the staff's door, feeds included."""
    lines = ["User-agent: *", "Allow: /ical/", "Disallow: /admin/", "", f"Sitemap: {settings.SITE_URL}/sitemap.xml", ""]
    return HttpResponse("\n".join(lines), content_type="text/plain; charset=utf-8")


def index(request: HttpRequest) -> HttpResponse:
    """One sitemap per language."""
    addresses = [f"{settings.SITE_URL}/sitemap-{code}.xml" for code, _name in settings.LANGUAGES]
    return render(request, "sitemap_index.xml", {"addresses": addresses}, content_type="application/xml")


def sitemap(request: HttpRequest, language: str) -> HttpResponse:
    """Every public page whose words are in this language, with its translations and last change."""
    if language not in dict(settings.LANGUAGES):
        raise Http404
    return render(request, "sitemap.xml", {"entries": entries(language)}, content_type="application/xml")


def entries(language: str) -> list[dict[str, Any]]:
    """Addresses in one language, each with those of its versions that really exist."""
    known = {pk: what for source in sources for pk, what in source().items()}
    pages = list(
        Page.objects.live()
        .public()
        .filter(depth__gt=1)
        .order_by("path")
        .values_list("pk", "translation_key", "locale__language_code", "url_path", "depth", "last_published_at")
    )
    homes = {code: url_path for _pk, _key, code, url_path, depth, _when in pages if depth == 2}
    groups: dict[Any, dict[str, str]] = {}
    listed: list[dict[str, Any]] = []
    for pk, key, code, url_path, _depth, published in pages:
        what = known.get(pk)
        home = homes.get(code)
        if home is None or not url_path.startswith(home) or (what and code not in what.told_in):
            continue
        address = f"{settings.SITE_URL}/{code}/{url_path[len(home) :]}"
        groups.setdefault(key, {})[code] = address
        if code == language:
            changed = max((when for when in (published, what.changed if what else None) if when), default=None)
            listed.append({"url": address, "versions": groups[key], "changed": changed})
    for source in below:
        for one in source():
            above = groups.get(one.page, {})
            versions = {code: f"{above[code]}{words}" for code, words in one.words.items() if code in above}
            if language in versions:
                listed.append({"url": versions[language], "versions": versions, "changed": None})
    for entry in listed:
        entry["default"] = entry["versions"].get(settings.LANGUAGE_CODE)
    return listed


def icon(request: HttpRequest) -> HttpResponse:
    """Where browsers look for a picture of a site that told them nothing."""
    return redirect(static("img/icon-32.png"))
