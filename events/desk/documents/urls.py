"""The addresses of documents in the admin, and the ways to them from the list and from a person's page."""

from django.http import HttpRequest
from django.urls import path, reverse
from django.utils.translation import gettext as _
from wagtail.admin.widgets.button import HeaderButton

from events.models import Attendance, Event, Registration
from pages import pdf

from ..registrations import listing, person
from .checking import CheckView
from .printing import BadgesFileView, BadgesView, BadgeView, ParticipantsView
from .screen import is_in_care

app_name = "papers"
urlpatterns = [
    path("check-ticket/", CheckView.as_view(), name="check"),
    path("badges/<uuid:uid>/", BadgesView.as_view(), name="badges"),
    path("badges/<uuid:uid>/file/", BadgesFileView.as_view(), name="badges_pdf"),
    path("badge/<int:pk>/", BadgeView.as_view(), name="badge"),
    path("participants/<uuid:uid>/", ParticipantsView.as_view(), name="participants"),
]


def ways(request: HttpRequest, event: Event | None) -> list[HeaderButton]:
    """From the list of one event to its documents, with the filter; from that of all to the check of a ticket."""
    if event is None or not is_in_care(request.user, event):
        return [HeaderButton(_("Check a ticket"), url=reverse("papers:check"), icon_name="tick-inverse")]
    asked = request.GET.copy()
    for name in ("event", "p", "export", "ordering"):
        asked.pop(name, None)
    address = f"{reverse('papers:badges', args=[event.uid])}?{asked.urlencode()}"
    return [HeaderButton(_("Badges, lists, tickets"), url=address, icon_name="tag")]


def of_person(request: HttpRequest, registration: Registration) -> list[tuple[str, str]]:
    """From one person's page: to their badge."""
    wears = registration.is_confirmed and registration.attendance == Attendance.ONSITE and not registration.erased_at
    if not wears or not pdf.is_available() or not is_in_care(request.user, registration.event):
        return []
    return [(_("Badge (PDF)"), reverse("papers:badge", args=[registration.pk]))]


def open_doors() -> None:
    listing.doors.append(ways)
    person.papers.append(of_person)
