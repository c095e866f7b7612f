"""Subscribing: the page on which somebody finds the calendar they want, and how to have it in theirs.

Its address says what is chosen, so that it can be kept, linked and sent; the form
only leads there. ``subscription`` builds what the page shows.
"""

from __future__ import annotations

from typing import Any, NamedTuple

from django.conf import settings
from django.http import Http404, HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import path
from django.utils.text import format_lazy
from django.utils.translation import get_language, gettext, override, pgettext_lazy
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_safe

from events.calendars import filter_form
from events.calendars.subscription import SYNDICATED, subscribe_url, subscription, syndication
from pages.keeping import kept

GROUPS = {"region": _("Region"), "kind": _("Kind"), "objective": _("Objective")}
ALL = "all"


class Choice(NamedTuple):
    """One calendar that can be had: what the form sends, and what it is called."""

    value: str
    text: str


@kept
@require_safe
def page(request: HttpRequest, scope: str = ALL, code: str = "", language: str = "") -> HttpResponseBase:
    """One calendar and the ways to have it; the form leads to the address of another one.

    Raises:
        Http404: there is no such region, kind, objective or language.
    """
    if "calendar" in request.GET:
        return redirect(asked(request))
    spoken = get_language() or settings.LANGUAGE_CODE
    if language == spoken:
        return redirect(subscribe_url(scope, code), permanent=True)
    chosen = language or spoken
    groups = choices()
    value = f"{scope}:{code}" if code else ALL
    name = next((one.text.strip() for group in groups.values() for one in group if one.value == value), "")
    if (code and not name) or chosen not in dict(settings.LANGUAGES):
        raise Http404
    versions = _alternates()
    with override(chosen):
        title = gettext("4 per 1000 – %(what)s") % {"what": _named(value) if code else gettext("agenda")}
    return render(
        request,
        "events/subscribe.html",
        {
            "scope": scope,
            "value": value,
            "name": name,
            "groups": [(str(GROUPS[key]), found) for key, found in groups.items()],
            "language": chosen,
            "spoken": spoken,
            "feed": subscription(scope, code or None, chosen, title),
            "news": syndication(scope if scope in SYNDICATED else ALL, code, chosen),
            "is_syndicated": scope in SYNDICATED,
            "versions": versions,
            "canonical": next(one for one in versions if one["language"] == spoken),
            "default": next(one for one in versions if one["language"] == settings.LANGUAGE_CODE),
            "languages": settings.LANGUAGES,
            "site_url": settings.SITE_URL,
        },
    )


def asked(request: HttpRequest) -> str:
    """The address of what a form asks for.

    Raises:
        Http404: no form of ours sends that.
    """
    calendar, language = request.GET["calendar"] or ALL, request.GET.get("language", "")
    scope, _colon, code = calendar.partition(":")
    known = {one.value for group in choices().values() for one in group} | {ALL}
    if calendar not in known or language not in ["", *dict(settings.LANGUAGES)]:
        raise Http404
    return subscribe_url(scope, code, "" if language == get_language() else language)


def choices() -> dict[str, list[Choice]]:
    """Every region, kind and objective, as the active language calls them; two queries."""
    found = filter_form.choices()
    return {
        scope: [Choice(f"{scope}:{value}", text) for value, text in found[scope] if scope != "objective" or value[1:]]
        for scope in GROUPS
    }


def _named(value: str) -> str:
    """What a calendar is called in the active language."""
    found = next(one.text.strip() for group in choices().values() for one in group if one.value == value)
    return found[:1].upper() + found[1:]


def _alternates() -> list[dict[str, str]]:
    """The page with nothing chosen, in each language."""
    found = []
    for code, _name in settings.LANGUAGES:
        with override(code):
            found.append({"language": code, "canonical": subscribe_url()})
    return found


def words() -> dict[str, str]:
    """What follows the home page's address in each language, for sitemaps."""
    return {one["language"]: one["canonical"].removeprefix(f"/{one['language']}/") for one in _alternates()}


subscribe = pgettext_lazy("address", "subscribe")
spoken_in = pgettext_lazy("address", "language")
SCOPES: dict[str, Any] = {
    "region": pgettext_lazy("address", "region"),
    "kind": pgettext_lazy("address", "kind"),
    "objective": pgettext_lazy("address", "objective"),
}

urlpatterns = [
    path(format_lazy("{}/", subscribe), page, name="subscribe"),
    path(format_lazy("{}/{}/<slug:language>/", subscribe, spoken_in), page, name="subscribe"),
]
for scope, word in SCOPES.items():
    urlpatterns += [
        path(format_lazy("{}/{}/<slug:code>/", subscribe, word), page, {"scope": scope}, name="subscribe"),
        path(
            format_lazy("{}/{}/<slug:code>/{}/<slug:language>/", subscribe, word, spoken_in),
            page,
            {"scope": scope},
            name="subscribe",
        ),
    ]
