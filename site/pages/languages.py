"""The same page in the other languages: where the language switcher and ``hreflang`` lead."""

from collections.abc import Callable
from typing import Any, NamedTuple
from urllib.parse import urlencode

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.http.response import HttpResponseBase
from django.middleware.locale import LocaleMiddleware
from django.urls import translate_url
from django.utils.cache import patch_vary_headers
from django.utils.translation import get_language, override
from wagtail.models import Page

from . import routing
from .keeping import kept


class Version(NamedTuple):
    """A page in one language.

    ``is_same`` is False where only an ancestor exists in that language;
    ``is_told`` is True where the words are really in it, fallbacks excepted.
    ``canonical`` is its address without what only one visitor asked for.
    """

    language: str
    name: str
    url: str
    canonical: str
    is_same: bool
    is_told: bool


class LanguageMiddleware(LocaleMiddleware):
    """Django's own, but an address that is nobody's is a 404 at once, never a guess at a prefix."""

    def process_response(self, request: HttpRequest, response: HttpResponseBase) -> HttpResponseBase:
        if response.status_code != 404:
            return super().process_response(request, response)
        response.headers.setdefault("Content-Language", get_language() or settings.LANGUAGE_CODE)
        return response


@kept
def front_door(request: HttpRequest) -> HttpResponse:
    """Lead from ``/`` to the home page in the visitor's language; the site sets no cookie that names it."""
    response = HttpResponseRedirect(f"/{get_language() or settings.LANGUAGE_CODE}/")
    patch_vary_headers(response, ["Accept-Language"])
    return response


def versions(request: HttpRequest, page: Page | None) -> list[Version]:
    """Where this address leads in each language, in the site's order; kept for the request.

    A page type may say more: ``told_in`` (the languages in which its words really
    exist), ``below(language)`` (what stands after the page's own address),
    ``canonical_below(language)`` and ``asks`` (the names in its query, "q" by default).
    """
    kept = getattr(request, "_versions", None)
    if kept is None:
        if page is not None and page.pk:
            kept = _of_page(request, page)
        elif page is not None:  # a preview of what has no address yet
            kept = []
        else:
            kept = _of_view(request)
        request._versions = kept  # type: ignore[attr-defined]
    return kept


def told(request: HttpRequest, page: Page) -> Version | None:
    """The version search engines should know: this one, or the one whose words are shown here."""
    every = {version.language: version for version in versions(request, page) if version.is_same}
    here = every.get(page.locale.language_code)
    if here is None or here.is_told:
        return here
    return next((version for version in every.values() if version.is_told), here)


def _of_page(request: HttpRequest, page: Page) -> list[Version]:
    known = [other for other in routing.top(request) if other.translation_key == page.translation_key]
    if not known:
        known = list(Page.objects.live().filter(translation_key=page.translation_key).select_related("locale"))
    same = {other.locale.language_code: other for other in known}
    told_in = getattr(page, "told_in", None)
    above = _nearest_above(page, {code for code, _name in settings.LANGUAGES} - same.keys())
    asked = {name: request.GET.get(name, "").strip() for name in getattr(page, "asks", ("q",))}
    query = f"?{urlencode({name: text for name, text in asked.items() if text})}" if any(asked.values()) else ""
    found = []
    for code, name in settings.LANGUAGES:
        if code in same:
            address = same[code].get_url(request) or f"/{code}/"
            found.append(
                Version(
                    code,
                    name,
                    address + _below(page, "below", code) + query,
                    address + _below(page, "canonical_below", code, "below"),
                    True,
                    told_in is None or code in told_in,
                )
            )
        else:
            address = (code in above and above[code].get_url(request)) or f"/{code}/"
            found.append(Version(code, name, address, address, False, False))
    return found


def _below(page: Page, name: str, language: str, otherwise: str = "") -> str:
    say: Callable[[str], str] | None = getattr(page, name, None) or getattr(page, otherwise, None)
    return say(language) if say else ""


def _nearest_above(page: Page, missing: set[str]) -> dict[str, Page]:
    """The deepest ancestor that exists in each of the languages."""
    if not missing:
        return {}
    depths = dict(page.get_ancestors().filter(depth__gt=1).values_list("translation_key", "depth"))
    others = Page.objects.live().filter(translation_key__in=depths, locale__language_code__in=missing)
    nearest: dict[str, Page] = {}
    for other in others.select_related("locale"):
        code = other.locale.language_code
        if code not in nearest or depths[other.translation_key] > depths[nearest[code].translation_key]:
            nearest[code] = other
    return nearest


def _of_view(request: HttpRequest) -> list[Version]:
    here = request.get_full_path()
    match = request.resolver_match
    known = match is not None and match.url_name != "wagtail_serve"  # else a page that is not there
    found: list[Version] = []
    for code, name in settings.LANGUAGES:
        address = translate_url(here, code) if known and code != get_language() else here
        same = known and (code == get_language() or address != here)
        found.append(Version(code, name, address if same else f"/{code}/", address, same, same))
    return found


def name_of(language: str, shown_in: str | None = None) -> str:
    """A language's name in another (the active one by default)."""
    names: dict[str, Any] = dict(settings.LANGUAGES_OF_EVENTS)
    with override(shown_in or get_language()):
        return str(names.get(language, language))
