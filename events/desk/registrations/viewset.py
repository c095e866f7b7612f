"""Registrations in the admin: the list, one person, the requests, the waiting list, and who is added by hand."""

from typing import Any

from django.urls import path
from django.utils.translation import gettext_lazy

from events.models import Registration
from pages.desk.viewset import ReadOnlyViewSet

from ..personal.person import DataOfPersonView
from ..questions.answering import AnswersView
from ..questions.file import FileView
from .adding import AddView, ChooseEventView
from .decisions import DECISIONS
from .figures import FiguresView
from .listing import RegistrationFilterSet, RegistrationIndexView
from .person import FIELDS, PersonView
from .queue import QueueView
from .verbs import DecideView, MoveView, NoteView
from .waiting import LineView


class RegistrationViewSet(ReadOnlyViewSet):
    """People register themselves; staff see, decide, add by hand and take away as a file."""

    model = Registration
    name = "registrations"
    icon = "group"
    menu_label = gettext_lazy("Registrations")
    index_view_class = RegistrationIndexView
    inspect_view_class = PersonView
    inspect_template_name = PersonView.template_name
    inspect_view_fields = FIELDS
    filterset_class = RegistrationFilterSet
    ordering = "-created_at"
    search_fields = ["name", "email", "organisation"]

    def get_urlpatterns(self) -> list[Any]:
        return [
            *super().get_urlpatterns(),
            *(path(f"{verb}/<int:pk>/", self.one(DecideView, verb=verb), name=verb) for verb in DECISIONS),
            path("move/<int:pk>/", self.one(MoveView), name="move"),
            path("note/<int:pk>/", self.one(NoteView), name="note"),
            path("answers/<int:pk>/", self.one(AnswersView), name="answers"),
            path("file/<uuid:uid>/", FileView.as_view(), name="file"),
            path("data/<int:pk>/", self.one(DataOfPersonView), name="data"),
            path("requests/", QueueView.as_view(), name="requests"),
            path("requests/<uuid:uid>/", QueueView.as_view(), name="requests_of"),
            path("waiting-list/<uuid:uid>/", LineView.as_view(), name="line"),
            path("new/", ChooseEventView.as_view(), name="add"),
            path("new/<uuid:uid>/", AddView.as_view(), name="add_to"),
            path("figures/<uuid:uid>/", FiguresView.as_view(), name="figures"),
        ]

    def one(self, view: Any, **more: Any) -> Any:
        """A verb sent from the page of one person, which it shows again where it is refused."""
        return self.construct_view(view, **self.get_inspect_view_kwargs(), **more)


def log_actions(registry: Any) -> None:
    """How the log calls what is done here."""
    registry.register_action(
        "events.export_registrations", gettext_lazy("Download registrations"), gettext_lazy("Registrations downloaded")
    )
