"""Copy as next edition: asks for the new beginning, makes drafts, and says what to look at."""

import uuid
from typing import Any
from zoneinfo import ZoneInfo

from django import forms
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.utils import timezone
from django.utils.translation import get_language, gettext_lazy, ngettext
from django.utils.translation import gettext as _
from wagtail.admin import messages
from wagtail.permissions import policy_registry

from events.calendars import hours
from events.models import Event
from events.models.fields import WallClockFormField
from events.models.next_edition import NextEdition, suggested

from .on_event import OnEvent, edit_url


class NextEditionForm(forms.Form):
    """When the next one begins, and whether its programme comes along."""

    start = WallClockFormField(label=gettext_lazy("The next edition begins"))
    inside = forms.BooleanField(required=False, label=gettext_lazy("Copy the events inside too"))
    submission = forms.UUIDField(widget=forms.HiddenInput)


class NextEditionView(OnEvent):
    """A GET changes nothing; the same form twice makes one copy."""

    template_name = "desk/next_edition.html"
    header_icon = "copy"
    needs = "change"
    page_title = gettext_lazy("Copy as next edition")

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> Any:
        if not policy_registry.get_by_type(Event).user_has_permission(request.user, "add"):
            raise PermissionDenied
        return super().dispatch(request, *args, **kwargs)

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        return self.render_to_response(self.get_context_data(form=self._form()))

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        form = self._form(request.POST)
        if not form.is_valid():
            return self.render_to_response(self.get_context_data(form=form), status=422)
        edition = NextEdition(
            self.event,
            form.cleaned_data["start"],
            uid=form.cleaned_data["submission"],
            by=request.user,
            inside=bool(form.cleaned_data.get("inside")),
        )
        made = edition.make()
        messages.success(request, _("Here is the next edition, as a draft. Nothing of it is public yet."))
        if edition.doubtful:
            listed = " · ".join(dict.fromkeys(edition.doubtful))
            messages.warning(request, _("Look at the years in these texts: %(texts)s") % {"texts": listed})
        return HttpResponseRedirect(edit_url(made), status=303)

    def _form(self, data: Any = None) -> NextEditionForm:
        now = timezone.now().astimezone(ZoneInfo(self.event.timezone)).replace(tzinfo=None)
        initial = {"start": suggested(self.event, now), "inside": True, "submission": uuid.uuid4()}
        form = NextEditionForm(data, initial=initial)
        if not self._inside():
            del form.fields["inside"]
        return form

    def _inside(self) -> list[Event]:
        return list(Event.objects.filter(parent=self.event).exclude(status__in=Event.CALLED_OFF).order_by("starts_at"))

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        language = get_language() or "fr"
        form = kwargs["form"]
        asked = form.initial["start"]
        weekday = hours.day_of(asked.date(), language)
        same = self.event.start_local.replace(year=asked.year) if self.event.start_local.day < 29 else None
        return super().get_context_data(**kwargs) | {
            "event": self.event,
            "there": hours.at_place(self.event, language),
            "suggestion": weekday,
            "same_date": hours.day_of(same.date(), language) if same and same.date() != asked.date() else "",
            "inside": self._inside(),
            "tickets": ngettext("%(count)d ticket", "%(count)d tickets", n) % {"count": n}
            if (n := self.event.tickets.count())
            else "",
            "media": form.media,
            "back_url": edit_url(self.event),
        }
