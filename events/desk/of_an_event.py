"""Lists of what belongs to an event: narrowed by a link from it, added for it."""

from typing import Any

import django_filters
from django.core.exceptions import ValidationError
from django.http import HttpResponse
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _
from wagtail.admin.views import generic

from events.models import Event
from pages.desk.readers import ReadersSnippetChooser

from .refusal import REFUSALS, reason


class EventFilter(django_filters.ModelChoiceFilter):
    """One event, chosen by its title."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(
            label=_("Event"),
            queryset=Event.objects.order_by("-starts_at"),
            widget=ReadersSnippetChooser(model=Event),
            **kwargs,
        )


class OfAnEvent:
    """A list that a link from an event narrows; what is added there belongs to that event."""

    request: Any

    @cached_property
    def add_url(self) -> str | None:
        url: str | None = super().get_add_url()  # type: ignore[misc]
        event = self.request.GET.get("event", "")
        return f"{url}?event={event}" if url and event.isdecimal() else url


class TableIndexView(OfAnEvent, generic.IndexView):
    """With the event of each row, in a number of queries that does not grow."""

    def get_base_queryset(self) -> Any:
        return super().get_base_queryset().select_related("event")


class ToldAtTheField:
    """What is refused only while it is saved, behind the lock of the seats, comes back with the form."""

    def form_valid(self, form: Any) -> HttpResponse:
        new = form.instance.pk is None
        try:
            response: HttpResponse = super().form_valid(form)  # type: ignore[misc]
        except REFUSALS as error:
            if new:
                form.instance.pk, form.instance._state.adding = None, True
                self.object = None
            form.add_error(None, error if isinstance(error, ValidationError) else reason(error))
            self.produced_error_code, self.produced_error_message = "validation_error", self.get_error_message()  # type: ignore[attr-defined]
            return self.form_invalid(form)  # type: ignore[attr-defined, no-any-return]
        return response


class TableCreateView(ToldAtTheField, generic.CreateView):
    """Begins with the event whose list one comes from."""

    def get_initial(self) -> dict[str, Any]:
        asked = self.request.GET.get("event", "")
        known = Event.objects.filter(pk=asked).first() if asked.isdecimal() else None
        return super().get_initial() | ({"event": known.pk} if known else {})


class TableEditView(ToldAtTheField, generic.EditView):
    """A row that stays with its event."""
