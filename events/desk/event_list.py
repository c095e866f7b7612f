"""The list of events: what staff see at a glance, look for, choose from and take away as a file."""

from typing import Any

from django.http import FileResponse, StreamingHttpResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import cached_property
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from wagtail.admin.ui.tables import BaseColumn, BulkActionsCheckboxColumn, Column, StatusTagColumn
from wagtail.admin.widgets.button import HeaderButton
from wagtail.permissions import policy_registry
from wagtail.snippets.views.snippets import IndexView

from events.models import Event, Registration
from events.models.agenda import EventQuerySet
from pages.desk.trilingual import TrilingualTitleColumn
from pages.desk.wall import OwnRows

from . import policies
from .event_export import EXPORTED
from .event_filters import EventFilterSet, saying
from .event_row import dates, listed, seats, state
from .languages import MISSING, STALE, annotate, languages_of
from .spreadsheet import AsFile, csv_response, xlsx_response


class EventTitleColumn(TrilingualTitleColumn):
    """The title; on a phone, where there is room for no other column, what matters most below it."""

    cell_template_name = "desk/event_title_cell.html"

    def get_cell_context_data(self, instance: Any, parent_context: Any) -> dict[str, Any]:
        context: dict[str, Any] = super().get_cell_context_data(instance, parent_context)
        taken = seats(instance)
        return context | {
            "when": dates(instance),
            "standing": ", ".join(
                [
                    capfirst(state(instance)),
                    str(instance.get_status_display()),
                    *([_("seats: %(taken)s") % {"taken": taken}] if taken else []),
                ]
            ),
        }


class LanguagesColumn(Column):
    """Which languages an event is really told in, and what lacks in the others, in words."""

    cell_template_name = "desk/languages_cell.html"

    def get_cell_context_data(self, instance: Any, parent_context: Any) -> dict[str, Any]:
        context: dict[str, Any] = super().get_cell_context_data(instance, parent_context)
        told = languages_of(instance)
        lacks = [
            (_("no title in:"), [one for one in told if one.is_absent]),
            (_("incomplete in:"), [one for one in told if one.lacking and not one.is_absent]),
            (_("no text in:"), [one for one in told if one.prose == MISSING]),
            (_("outdated text in:"), [one for one in told if one.prose == STALE]),
        ]
        return context | {
            "told": [one for one in told if not one.is_absent],
            "lacks": [(what, where) for what, where in lacks if where],
        }


class RegistrationsColumn(Column):
    """The seats taken, leading to who has them; and, for who decides, the requests that await it."""

    cell_template_name = "desk/registrations_cell.html"

    def get_cell_context_data(self, instance: Any, parent_context: Any) -> dict[str, Any]:
        context: dict[str, Any] = super().get_cell_context_data(instance, parent_context)
        decides = instance.requests and policies.registrations.user_has_permission(
            parent_context["request"].user, "change"
        )
        asked = reverse("registrations:requests_of", args=[instance.uid]) if decides else ""
        return context | {"url": registrations_url(instance.pk), "requests_url": asked, "requests": instance.requests}


class EventIndexView(AsFile, OwnRows, IndexView):
    """In a number of queries that does not grow with the events."""

    filterset_class = EventFilterSet
    list_export = list(EXPORTED)
    show_other_searches = False
    add_item_label = gettext_lazy("Add an event")

    def get_base_queryset(self) -> EventQuerySet:
        events: EventQuerySet = annotate(listed(super().get_base_queryset()))  # type: ignore[assignment, arg-type]
        if self.is_export:
            events = events.prefetch_related("regions", "organisers__organisation")
        return events

    def search_queryset(self, queryset: EventQuerySet) -> EventQuerySet:
        return saying(queryset, self.search_query) if self.is_searching else queryset

    @cached_property
    def columns(self) -> list[BaseColumn]:
        title = self._get_title_column_class(EventTitleColumn)
        seats_column = RegistrationsColumn if may_see_registrations(self.request.user) else Column
        return [
            BulkActionsCheckboxColumn("bulk_actions", obj_type="snippet"),
            title(
                "title",
                label=_("Title"),
                sort_key="sort_title",
                get_url=self.get_leading_url,
                get_title_id=lambda event: f"snippet_{event.pk}_title",
            ),
            Column("kind", label=_("Kind"), accessor=lambda event: capfirst(event.get_kind_display()), sort_key="kind"),
            Column("dates", label=_("Dates, at the place"), accessor=dates, sort_key="starts_at"),
            Column(
                "status",
                label=_("Status"),
                accessor=lambda event: capfirst(event.get_status_display()),
                sort_key="status",
            ),
            StatusTagColumn("state", label=_("Publication"), accessor=state, primary=lambda event: event.live),
            LanguagesColumn("languages", label=_("Languages")),
            seats_column("seats", label=_("Seats taken"), accessor=seats, sort_key="seats_taken"),
        ]

    @cached_property
    def header_buttons(self) -> list[HeaderButton]:
        buttons: list[HeaderButton] = super().header_buttons
        url = reverse("wagtailsnippets_events_event:calendar")
        buttons = [*buttons, HeaderButton(_("Calendar"), url=url, icon_name="date", priority=20)]
        if policy_registry.get_by_type(Event).user_has_permission(self.request.user, "add"):
            several = reverse("wagtailsnippets_events_event:several_model")
            buttons.append(HeaderButton(_("Several dates"), url=several, icon_name="copy", priority=30))
        return buttons

    # -- the file

    def get_filename(self) -> str:
        return f"events-{timezone.now():%Y-%m-%d}"

    def write_csv_response(self, queryset: EventQuerySet) -> StreamingHttpResponse:
        return csv_response(self.get_filename(), _headings(), queryset, _values)

    def write_xlsx_response(self, queryset: EventQuerySet) -> FileResponse:
        return xlsx_response(self.get_filename(), _("Events"), _headings(), queryset, _values)


def _headings() -> list[Any]:
    return [label for label, _value in EXPORTED.values()]


def _values(event: Event) -> list[Any]:
    return [value(event) for _label, value in EXPORTED.values()]


def may_see_registrations(user: Any) -> bool:
    return bool(policy_registry.get_by_type(Registration).user_has_any_permission(user, {"view", "change"}))


def registrations_url(event_id: int) -> str:
    return f"{reverse('registrations:index')}?event={event_id}"
