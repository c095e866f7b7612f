"""Events in Wagtail's admin: list, form, history, preview, approval and deletion."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.urls import path, reverse
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from wagtail.admin.ui.tables import Column
from wagtail.admin.widgets.button import Button
from wagtail.models import ReferenceIndex
from wagtail.models.reference_index import ReferenceGroups
from wagtail.snippets.views.chooser import (
    ChooseResultsView,
    ChooseView,
    SnippetChosenMultipleView,
    SnippetChosenView,
)
from wagtail.snippets.views.snippets import (
    CreateView,
    DeleteView,
    EditView,
    HistoryView,
    UnpublishView,
    WorkflowActionView,
    WorkflowHistoryView,
)

from events.models import CalendarEntry, Event, EventPage, SeatPool, Ticket
from pages.desk import deletion
from pages.desk.readers import ReadersChooserViewSet, ReadersSnippetViewSet
from pages.trilingual import shown

from . import beside, event_form, overdue, policies, ways
from .calendar import CalendarView
from .changes import announcements
from .dates import coming
from .event_list import EventIndexView, may_see_registrations, registrations_url
from .event_row import dates
from .inspection import SHOWN, EventInspectView
from .refusal import ApprovedKindly, RefusedKindly


class InReadersLanguage:
    """A revision keeps the title as its author read it; here it is told to the reader."""

    object: Any

    def get_page_subtitle(self) -> str:
        return shown(self.object.title).text


class EventCreateView(RefusedKindly, CreateView):
    """Draft first; a publication that is refused leaves the draft."""

    def get_success_buttons(self) -> list[Any]:
        return super().get_success_buttons() + ways.on_the_site(self.object)


class EventEditView(InReadersLanguage, RefusedKindly, EditView):
    """With the ways to the event's registrations, tickets and texts."""

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> Any:
        announcements.remind(request, self.live_object)
        overdue.remind(request, self.live_object)
        return super().get(request, *args, **kwargs)

    @cached_property
    def can_delete(self) -> bool:
        return super().can_delete and explain_deletion(self.live_object, []) is None

    def get_success_buttons(self) -> list[Any]:
        return super().get_success_buttons() + ways.on_the_site(self.object)

    @cached_property
    def header_more_buttons(self) -> list[Button]:
        buttons: list[Button] = super().header_more_buttons
        event = self.live_object
        if address := ways.public_address(event):
            buttons.append(Button(_("See it on the site"), url=address, icon_name="view", priority=10))
        buttons += ways.buttons(event, self.request.user)
        if may_see_registrations(self.request.user):
            buttons.append(Button(_("Registrations"), url=registrations_url(event.pk), icon_name="group", priority=40))
        if self.request.user.has_perm("events.view_ticket"):
            buttons.append(
                Button(_("Tickets"), url=f"{reverse('tickets:index')}?event={event.pk}", icon_name="tag", priority=41)
            )
        pages = event.pages.select_related("locale").order_by("locale_id")
        buttons += [
            Button(
                _("Text: %(language)s") % {"language": page.locale.get_display_name()},
                url=reverse("wagtailadmin_pages:edit", args=[page.pk]),
                icon_name="doc-full",
                priority=50,
            )
            for page in pages
            if page.permissions_for_user(self.request.user).can_edit()
        ]
        return buttons


class EventHistoryView(InReadersLanguage, HistoryView):
    pass


class EventWorkflowHistoryView(InReadersLanguage, WorkflowHistoryView):
    pass


class EventWorkflowActionView(ApprovedKindly, WorkflowActionView):
    """Approval publishes: what the model refuses is told, not thrown."""


class EventDeleteView(DeleteView):
    """What was copied with a draft goes with it, and does not hold it."""

    def get_usage(self) -> Any:
        if drafts_of(self.object):
            return ReferenceGroups(ReferenceIndex.objects.none())
        return super().get_usage()


class EventUnpublishView(UnpublishView):
    """Wagtail's own goes around the model: calendars and pages would never learn of it."""

    def unpublish(self) -> HttpResponse | None:
        refusal: HttpResponse | None = self.run_hook("before_unpublish", self.request, self.object)
        if refusal is not None:
            return refusal
        self.object.unpublish(user=self.request.user)
        answer: HttpResponse | None = self.run_hook("after_unpublish", self.request, self.object)
        return answer


class _Choosable:
    """Drafts are named to those only who see them; what is public, to everybody in the admin."""

    request: HttpRequest

    def get_object_list(self) -> Any:
        return policies.events.choosable(self.request.user)

    def get_object(self, pk: Any) -> Event:
        return policies.events.choosable(self.request.user).get(pk=pk)

    def get_objects(self, pks: Any) -> Any:
        return policies.events.choosable(self.request.user).filter(pk__in=[pk for pk in pks if pk.isdecimal()])


class _WithDates:
    """Two events of one name differ by their dates."""

    @property
    def columns(self) -> list[Column]:
        first, *others = super().columns  # type: ignore[misc]
        return [first, Column("dates", label=gettext_lazy("Dates, at the place"), accessor=dates), *others]


class EventChooseView(_Choosable, _WithDates, ChooseView):
    pass


class EventChooseResultsView(_Choosable, _WithDates, ChooseResultsView):
    pass


class EventChosenView(_Choosable, SnippetChosenView):
    pass


class EventChosenMultipleView(_Choosable, SnippetChosenMultipleView):
    pass


class EventChooserViewSet(ReadersChooserViewSet):
    choose_view_class = EventChooseView
    choose_results_view_class = EventChooseResultsView
    chosen_view_class = EventChosenView
    chosen_multiple_view_class = EventChosenMultipleView


class EventViewSet(ReadersSnippetViewSet):
    """Wagtail's stock copy is off: a POST to it overwrites the original."""

    model = Event
    icon = "calendar-alt"
    menu_label = gettext_lazy("Events")
    menu_order = 110
    add_to_admin_menu = True
    base_url_path = "events"
    edit_handler = event_form.edit_handler
    index_view_class = EventIndexView
    index_template_name = "desk/events.html"
    index_results_template_name = "desk/events_results.html"
    inspect_view_enabled = True
    inspect_view_class = EventInspectView
    inspect_view_fields = SHOWN
    add_view_class = EventCreateView
    edit_view_class = EventEditView
    history_view_class = EventHistoryView
    workflow_history_view_class = EventWorkflowHistoryView
    unpublish_view_class = EventUnpublishView
    delete_view_class = EventDeleteView
    workflow_action_view_class = EventWorkflowActionView
    chooser_viewset_class = EventChooserViewSet
    copy_view_enabled = False
    list_per_page = 50
    ordering = "-starts_at"

    def get_urlpatterns(self) -> list[Any]:
        return [
            *super().get_urlpatterns(),
            *ways.urlpatterns,
            path("hours/", beside.lines, name="hours"),
            path("dates/", coming.lines, name="dates"),
            path("calendar/", CalendarView.as_view(), name="calendar"),
            path("calendar/<int:year>/<int:month>/", CalendarView.as_view(), name="calendar_month"),
        ]


def explain_deletion(event: Event, holders: list[Any]) -> str | None:
    """Calendars and letters know a published event: it is cancelled, never deleted."""
    if not CalendarEntry.objects.filter(event=event).exists():
        return None
    return _(
        "“%(title)s” has been published, so that calendars and letters know it: it can't be deleted. "
        "Set its status to cancelled, or unpublish it."
    ) % {"title": event.title}


def drafts_of(event: Event) -> list[Any]:
    """A draft that was never public takes away what was copied with it, which was never public either."""
    return [] if CalendarEntry.objects.filter(event=event).exists() else [EventPage, Ticket, SeatPool]


deletion.explanations[Event] = explain_deletion
deletion.companions[Event] = drafts_of
