"""The event that a news item tells about: a chooser of public events, opened to the room below."""

import uuid
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from wagtail.admin.ui.tables import Column, TitleColumn
from wagtail.admin.views.generic.chooser import (
    ChooseResultsView,
    ChooseView,
    ChosenMultipleView,
)
from wagtail.admin.viewsets.chooser import ChooserViewSet
from wagtail.admin.widgets import BaseChooser
from wagtail.snippets.views.chooser import SnippetChosenView

from events.models import Event, EventOrganiser
from events.models.agenda import EventQuerySet
from pages.trilingual import shown
from regions.event_door import events

from .event_row import dates


class _Public:
    """Whoever writes news may name any public event, and no draft; what is chosen is a UID."""

    def get_object_list(self) -> EventQuerySet:
        return Event.objects.public()

    def get_object(self, pk: Any) -> Event:
        try:
            return Event.objects.public().get(uid=uuid.UUID(str(pk)))
        except ValueError as error:
            raise Event.DoesNotExist from error

    def get_objects(self, pks: Any) -> EventQuerySet:
        return Event.objects.public().filter(uid__in=pks)

    def get_object_id(self, instance: Event) -> str:
        return str(instance.uid)

    def get_display_title(self, instance: Event) -> str:
        return shown(instance.title).text

    def get_edit_item_url(self, instance: Event) -> str | None:
        return None


class _Listed:
    """Two events of one name differ by their dates."""

    @property
    def columns(self) -> list[Column]:
        title = TitleColumn(
            "title",
            label=_("Title"),
            accessor=lambda event: shown(event.title).text,
            get_url=lambda event: reverse("news_events:chosen", args=[event.uid]),
            link_attrs={"data-chooser-modal-choice": True},
        )
        return [title, Column("dates", label=_("Dates, at the place"), accessor=dates)]


class PublicChooseView(_Public, _Listed, ChooseView):
    pass


class PublicChooseResultsView(_Public, _Listed, ChooseResultsView):
    pass


class PublicChosenView(_Public, SnippetChosenView):
    response_data_title_key = "title"


class PublicChosenMultipleView(_Public, ChosenMultipleView):
    pass


class EventWidget(BaseChooser):
    """Shows the title of the event whose UID the form holds."""

    show_edit_link = False

    def get_instance(self, value: Any) -> Event | None:
        if not value or isinstance(value, Event):
            return value or None
        try:
            return Event.objects.filter(uid=uuid.UUID(str(value))).first()
        except ValueError:
            return None

    def get_display_title(self, instance: Event) -> str:
        return shown(instance.title).text

    def get_value_data_from_instance(self, instance: Event) -> dict[str, Any]:
        return {"id": str(instance.uid), "edit_url": "", self.display_title_key: self.get_display_title(instance)}


class NewsEventsViewSet(ChooserViewSet):
    model = Event
    name = "news_events"
    url_prefix = "news-events"
    icon = "calendar-alt"
    choose_one_text = _("Choose an event")
    choose_another_text = _("Choose another event")
    choose_view_class = PublicChooseView
    choose_results_view_class = PublicChooseResultsView
    chosen_view_class = PublicChosenView
    chosen_multiple_view_class = PublicChosenMultipleView
    base_widget_class = EventWidget
    register_widget = False
    per_page = 20


viewset = NewsEventsViewSet()


def title(uid: uuid.UUID) -> str:
    """The title of a public event in the active language; empty if it is none."""
    event = Event.objects.public().filter(uid=uid).first()
    return shown(event.title).text if event else ""


def roles() -> list[tuple[str, str]]:
    return [(value, str(label)) for value, label in EventOrganiser.Role.choices]


def organisations_as(role: str) -> set[int]:
    rows = EventOrganiser.objects.filter(role=role, event__live=True)
    return set(rows.values_list("organisation_id", flat=True))


events.widget = viewset.widget_class
events.title = title
events.roles = roles
events.organisations_as = organisations_as
