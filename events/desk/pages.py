"""The pages of events in the page explorer: prose is edited there, nothing else.

There is one page a language for an event; the event makes it, names it and takes
it back. By hand it can't be copied, moved, deleted or unpublished.
"""

from collections.abc import Iterator
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from wagtail.admin import messages
from wagtail.admin.widgets.button import Button
from wagtail.models import Page

from events.models import AgendaPage, EventPage


def refuse_copy(request: HttpRequest, page: Page) -> HttpResponse | None:
    """Two pages would tell of one event in one language."""
    return _refuse(
        request,
        _holds_events(page),
        page,
        _("The page of an event can't be copied: each event has one page a language. Make another event instead."),
    )


def refuse_move(request: HttpRequest, page: Page, destination: Page) -> HttpResponse | None:
    """The agenda is where calendars and letters look for it."""
    return _refuse(request, _holds_events(page), page, _("The page of an event stays in the agenda of its language."))


def refuse_deletion(request: HttpRequest, page: Page) -> HttpResponse | None:
    """The event's addresses stand in letters and calendars."""
    return _refuse(
        request,
        _holds_events(page),
        page,
        _("The page of an event can't be deleted. Unpublish the event: its pages are taken back with it."),
    )


def refuse_unpublishing(request: HttpRequest, page: Page) -> HttpResponse | None:
    """A page is public as long as its event is."""
    return _refuse(
        request,
        _holds_events(page),
        page,
        _("The page of an event is public as long as the event is: unpublish the event."),
    )


def refuse_in_bulk(request: HttpRequest, action_type: str, pages: list[Page], action: object) -> HttpResponse | None:
    """The same for what is done to many pages at once."""
    if action_type not in ("delete", "move", "unpublish"):
        return None
    chosen = [page for page in pages if isinstance(page, Page) and _holds_events(page)]
    if not chosen:
        return None
    return _refuse(
        request,
        True,
        chosen[0],
        _("Pages of events can't be moved, deleted or unpublished by hand: they follow their event."),
    )


def facts_button(page: Page, user: Any, view_name: str, next_url: str | None = None) -> Iterator[Button]:
    """From an event's prose to its facts, for those who may change them."""
    if view_name == "edit" and isinstance(page, EventPage) and user.has_perm("events.change_event"):
        url = reverse("wagtailsnippets_events_event:edit", args=[page.event_id])
        yield Button(_("Facts of the event"), url=url, icon_name="calendar-alt", priority=5)


def _is_of_an_event(page: Page) -> bool:
    return isinstance(page.specific_deferred, EventPage)


def _holds_events(page: Page) -> bool:
    """Whether it is an event's page, or an agenda, a home or a root above some."""
    return _is_of_an_event(page) or EventPage.objects.descendant_of(page).exists()


def _refuse(request: HttpRequest, refused: bool, page: Page, sentence: str) -> HttpResponse | None:
    if not refused:
        return None
    messages.error(request, sentence)
    parent = page.get_parent()
    return redirect("wagtailadmin_explore", parent.pk if parent else AgendaPage.objects.order_by("pk")[0].pk)
