"""Looking: every page and file of the admin that shows people's data leaves a line, before anybody reads it.

It is done here, for whatever leaves, rather than in each view. A view that notes more than this
can tell (a download, badges) does so itself and is not named here. An address that shows somebody
and leaves no line fails the tests, which walk all of them.
"""

from collections.abc import Callable
from typing import Any

from django.http import HttpRequest, HttpResponse

from events.models import DataAccess, Event, Registration

from ..on_event import NAMES

What = DataAccess.What
Facts = dict[str, Any]
Finder = Callable[[HttpRequest, Any], Facts]

TOLD = ("state", "attendance", "payment", "date", "where", "currency", "rows", "kind", "language", "ticket")
"Filters that name nobody; of a search it is told only that there was one."
LISTS = ("object_list", "requests", "waiters", "offers", "rows", "readers")
"What our screens call the people that they list."
REFUSED = (401, 403, 404, 405)


def by_filter(request: HttpRequest, response: Any) -> Facts:
    """A list: of the event that it is narrowed to, if it is to one."""
    asked = request.GET.get("event", "")
    event = Event.objects.filter(pk=asked).first() if asked.isascii() and asked.isdecimal() else None
    return {"event": event, "people": _shown(response), **_filters(request)}


def by_uid(request: HttpRequest, response: Any) -> Facts:
    """A screen about an event whose UID stands in the address, or about all of them."""
    uid = request.resolver_match.kwargs.get("uid")  # type: ignore[union-attr]
    event = Event.objects.filter(uid=uid).first() if uid else None
    return {"event": event, "people": _shown(response), **_filters(request)}


def by_number(request: HttpRequest, response: Any) -> Facts:
    """A screen about an event whose number stands in the address."""
    pk = request.resolver_match.kwargs["pk"]  # type: ignore[union-attr]
    return {"event": Event.objects.filter(pk=pk).first(), "people": _shown(response)}


def by_person(request: HttpRequest, response: Any) -> Facts:
    """The page of one registration."""
    pk = request.resolver_match.kwargs["pk"]  # type: ignore[union-attr]
    return {"registration": Registration.objects.select_related("event").filter(pk=pk).first()}


def by_payment(request: HttpRequest, response: Any) -> Facts:
    """The page of one payment."""
    pk = request.resolver_match.kwargs["pk"]  # type: ignore[union-attr]
    return {"registration": Registration.objects.select_related("event").filter(payments=pk).first()}


def by_letter(request: HttpRequest, response: Any) -> Facts:
    """One letter, or the list of them: about the event that it tells of."""
    letter = _context(response).get("object")
    about = getattr(letter, "about", None)
    event = Event.objects.filter(uid=about).first() if about else None
    return {"event": event, "people": _shown(response), **_filters(request)}


SHOWING: dict[str, tuple[str, Finder]] = {
    "registrations:index": (What.LIST, by_filter),
    "registrations:index_results": (What.LIST, by_filter),
    "registrations:inspect": (What.PERSON, by_person),
    "registrations:data": (What.PERSON, by_person),
    **{
        f"registrations:{verb}": (What.PERSON, by_person)
        for verb in ("approve", "queue", "offer", "confirm", "decline", "cancel", "move", "note")
    },
    "registrations:answers": (What.PERSON, by_person),
    "registrations:requests": (What.REQUESTS, by_uid),
    "registrations:requests_of": (What.REQUESTS, by_uid),
    "registrations:line": (What.WAITING, by_uid),
    "payments:index": (What.PAYMENTS, by_filter),
    "payments:index_results": (What.PAYMENTS, by_filter),
    "payments:inspect": (What.PAYMENTS, by_payment),
    **{f"payments:{verb}": (What.PAYMENTS, by_payment) for verb in ("refund", "accept", "send_back", "settle", "ask")},
    "payments:event": (What.PAYMENTS, by_uid),
    "letters:index": (What.LETTERS, by_letter),
    "letters:index_results": (What.LETTERS, by_letter),
    "letters:inspect": (What.LETTERS, by_letter),
    **{f"{NAMES}:{verb}": (What.LETTERS, by_number) for verb in ("move", "postpone", "cancel", "letter_text")},
    f"{NAMES}:invited": (What.INVITED, by_number),
    "invitations:index": (What.INVITED, by_filter),
    "invitations:index_results": (What.INVITED, by_filter),
}
"Name of an address → what it shows, and of whom. Rooms add theirs."


class AccessMiddleware:
    """Notes a look once its answer is made and before it leaves: what can't be noted isn't shown.

    A database that is busy is then a busy page, as everywhere.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        match = request.resolver_match
        look = SHOWING.get(match.view_name) if match else None
        if look is not None and _shows(response):
            what, find = look
            try:
                note(request, response, what, find(request, response))
            except BaseException:
                if file := getattr(response, "file_to_stream", None):
                    file.close()
                raise
        return response


def note(request: HttpRequest, response: Any, what: str, facts: Facts) -> None:
    """One look; a file that is taken away is one whatever list it is of."""
    is_file = response.get("Content-Disposition", "").startswith("attachment")
    if is_file:
        facts = facts | {"list": str(what), "format": request.GET.get("export", "")[:4]}
        what = What.EXPORT
        facts["people"] = getattr(response, "people", facts.get("people", 1))
    if facts.get("people") != 0:  # an empty list shows nobody
        DataAccess.objects.note(request.user, what, **facts)


def _shows(response: HttpResponse) -> bool:
    """Whether it is an answer that holds what was asked for; one that comes back with errors does."""
    code = response.status_code
    return not (300 <= code < 400 or code in REFUSED or code >= 500)


def _context(response: Any) -> Facts:
    return getattr(response, "context_data", None) or {}


def _shown(response: Any) -> int:
    """How many people stand on this page; one, if it holds no list."""
    context = _context(response)
    found = [len(context[name]) for name in LISTS if name in context]
    found += [len(named) for _why, named in context.get("troubles", ())]
    return sum(found) if found or "troubles" in context else 1


def _filters(request: HttpRequest) -> Facts:
    """What the list was narrowed by: never a name or an address that was searched for."""
    asked = {name: sorted(request.GET.getlist(name))[:20] for name in TOLD if request.GET.get(name)}
    searched = {"search": True} if request.GET.get("q") else {}
    return ({"filters": {name: [one[:40] for one in said] for name, said in asked.items()}} if asked else {}) | searched
