"""One's private calendar: made, given another address and closed from one's own page, by POST."""

from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_POST

from events.models import CalendarKey, Registration

from .opened import back, own_page

MAKE, REPLACE, CLOSE = "make", "replace", "close"


@own_page
@require_POST
def settle(request: HttpRequest, token: str, registration: Registration) -> HttpResponse:
    """Make it, unless there is one that opens; give it another address; or close it."""
    wish, person = request.POST.get("wish"), registration.email_key
    if wish == MAKE:
        known = CalendarKey.objects.of(person)
        if known is None or not known.token:  # pressed twice it stays the same
            CalendarKey.objects.give(person)
    elif wish == REPLACE:
        CalendarKey.objects.give(person)
    elif wish == CLOSE:
        CalendarKey.objects.revoke(person)
    return back(token, f"calendar-{wish}" if wish in (MAKE, REPLACE, CLOSE) else "")
