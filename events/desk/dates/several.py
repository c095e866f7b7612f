"""Several meetings from a list of dates: read, shown with what is to know of each, and made in one go."""

import uuid
from typing import Any
from zoneinfo import ZoneInfo

from django import forms
from django.core.exceptions import PermissionDenied
from django.db import IntegrityError
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import cached_property
from django.utils.translation import get_language, gettext_lazy, ngettext
from django.utils.translation import gettext as _
from django.views.generic import TemplateView
from wagtail.admin import messages
from wagtail.admin.views.generic.base import WagtailAdminTemplateMixin
from wagtail.permissions import policy_registry

from events.calendars import hours
from events.models import Event
from events.models.occurrence import span
from events.models.several import DateRefused, Meeting, Several, alike
from events.models.wallclock import clock_problem, instant
from pages.desk.readers import ReadersSnippetChooser
from pages.trilingual import shown

from .. import policies
from ..on_event import NAMES, OnEvent, edit_url, may
from ..refusal import reason as refusal
from .list_of_dates import MOST, Line, read

DRAFTS, PUBLISHED = "drafts", "published"


class SeveralDatesForm(forms.Form):
    """The list as it was typed, and whether it becomes public at once."""

    dates = forms.CharField(
        label=gettext_lazy("Dates, one a line"),
        widget=forms.Textarea(attrs={"rows": 10, "spellcheck": "false", "autocomplete": "off"}),
        max_length=10_000,
        help_text=gettext_lazy(
            "As 2027-05-06, 6 May 2027 or 06/05/2027 (the day before the month), in French, English or Spanish; with "
            "an hour, or from one hour to another, where it differs from the model: 6 May 2027, 14:30–16:00."
        ),
    )
    public = forms.ChoiceField(
        label=gettext_lazy("What they become"),
        choices=[
            (DRAFTS, gettext_lazy("Drafts: each is published from its own form")),
            (PUBLISHED, gettext_lazy("Published, all together")),
        ],
        initial=DRAFTS,
        widget=forms.RadioSelect,
    )
    submission = forms.UUIDField(widget=forms.HiddenInput)


def may_make(user: Any) -> bool:
    return bool(policy_registry.get_by_type(Event).user_has_permission(user, "add"))


class ChooseModelForm(forms.Form):
    event = forms.ModelChoiceField(
        label=gettext_lazy("Copied from"),
        queryset=Event.objects.all(),
        widget=ReadersSnippetChooser(model=Event),
        help_text=gettext_lazy(
            "The meeting that stands model: kind, place, organisers, texts and tickets are its own."
        ),
    )


class ChooseModelView(WagtailAdminTemplateMixin, TemplateView):
    """Which event is copied; from an event itself this is known."""

    template_name = "desk/several_model.html"
    page_title = gettext_lazy("Several dates")
    header_icon = "copy"

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> Any:
        if not may_make(request.user):
            raise PermissionDenied
        return super().dispatch(request, *args, **kwargs)

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        form = ChooseModelForm(request.GET if "event" in request.GET else None)
        form.fields["event"].queryset = policies.events.choosable(request.user)  # type: ignore[attr-defined]
        if form.is_bound and form.is_valid():
            return HttpResponseRedirect(reverse(f"{NAMES}:several_dates", args=[form.cleaned_data["event"].pk]))
        return self.render_to_response(self.get_context_data(form=form, media=form.media))

    def get_breadcrumbs_items(self) -> list[dict[str, Any]]:
        return [
            *self.breadcrumbs_items,
            {"url": reverse(f"{NAMES}:list"), "label": _("Events")},
            {"url": "", "label": self.get_page_title()},
        ]


class SeveralDatesView(OnEvent):
    """A GET changes nothing, the first POST shows, the second makes; the same form twice makes each date once."""

    template_name = "desk/several_dates.html"
    header_icon = "copy"
    needs = "change"
    page_title = gettext_lazy("Several dates")

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> Any:
        if not may_make(request.user):
            raise PermissionDenied
        if self.event.recurs and may(request.user, self.needs, self.event):
            messages.error(request, _("This is a series with a rule: its dates are on its own screen."))
            return HttpResponseRedirect(edit_url(self.event))
        return super().dispatch(request, *args, **kwargs)

    @cached_property
    def may_publish(self) -> bool:
        return may(self.request.user, "publish", self.event)

    def _form(self, data: Any = None) -> SeveralDatesForm:
        form = SeveralDatesForm(data, initial={"submission": uuid.uuid4()})
        if not self.may_publish:
            form.fields["public"].choices = form.fields["public"].choices[:1]  # type: ignore[attr-defined]
        return form

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        return self.render_to_response(self.get_context_data(form=self._form()))

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        form = self._form(request.POST)
        lines: list[Line] = []
        right = form.is_valid()
        if right:
            event = self.event
            lines = read(form.cleaned_data["dates"], event.start_local, event.end_local, all_day=event.all_day)
            self._judge(lines, form)
            right = not form.errors
        if not right or "back" in request.POST:
            status = 200 if right else 422
            return self.render_to_response(self.get_context_data(form=form, lines=lines), status=status)
        if "confirm" not in request.POST:
            return self.render_to_response(self.get_context_data(form=form, lines=lines, asks=True))
        return self._make(form, lines)

    def _judge(self, lines: list[Line], form: SeveralDatesForm) -> None:
        """What the calendar and the clock say of each; what can't be stands at the field, line by line."""
        language = get_language() or "fr"
        ticked = set(self.request.POST.getlist("take"))
        confirmed = "confirm" in self.request.POST
        for line in lines:
            if line.meeting is not None:
                self._look(line, line.meeting, language)
                line.ticked = line.key in ticked if confirmed else not line.warnings
            if line.error:
                form.add_error(
                    "dates",
                    _("Line %(number)d, “%(typed)s”: %(reason)s")
                    % {"number": line.number, "typed": line.typed, "reason": line.error},
                )
        if not lines:
            form.add_error("dates", _("Type one date at least."))
        elif len(lines) > MOST:
            form.add_error("dates", _("At most %(most)d dates at once.") % {"most": MOST})
        elif confirmed and not any(line.ticked for line in lines) and not form.errors:
            form.add_error(None, _("No date is ticked: nothing was made."))

    def _look(self, line: Line, meeting: Meeting, language: str) -> None:
        event, zone = self.event, self.event.timezone
        if not event.all_day:
            for local in (meeting.start, meeting.end):
                if clock_problem(local, zone) == "gap":
                    after = instant(local, zone).astimezone(ZoneInfo(zone))
                    line.error = _(
                        "%(time)s does not exist in %(zone)s that day: the clock is put forward and skips it. "
                        "Did you mean %(meant)s?"
                    ) % {"time": f"{local:%H:%M}", "zone": zone, "meant": f"{after:%H:%M}"}
                    return
        instants = span(meeting.start, meeting.end, zone, event.all_day, 0, 0)
        if instants["ends_at"] <= instants["starts_at"]:
            line.error = _("The end must come after the beginning.")
            return
        when = hours.tell(
            instants["starts_at"], instants["ends_at"], zone, event.all_day, meeting.start, meeting.end, language
        )
        line.when, line.hours = when.date_text, when.time_text
        if instants["ends_at"] <= timezone.now():
            line.warnings.append(_("This date has passed."))
        there = alike(event, meeting.start.date())
        mine = uuid.uuid5(self._submission(), meeting.start.isoformat())
        if there is not None and there.uid != mine:
            line.warnings.append(_("There is already: %(title)s") % {"title": shown(there.title).text})
        if not event.all_day and "twice" in (clock_problem(meeting.start, zone), clock_problem(meeting.end, zone)):
            line.warnings.append(_("This hour comes twice that day: the first one is taken."))

    def _submission(self) -> uuid.UUID:
        try:
            return uuid.UUID(self.request.POST.get("submission", ""))
        except ValueError:
            return uuid.uuid4()

    def _make(self, form: SeveralDatesForm, lines: list[Line]) -> HttpResponse:
        public = form.cleaned_data["public"] == PUBLISHED and self.may_publish
        several = Several(
            self.event,
            [line.meeting for line in lines if line.meeting is not None and line.ticked],
            form.cleaned_data["submission"],
            by=self.request.user,
            publish=public,
        )
        try:
            made = several.make()
        except DateRefused as refused:
            day = hours.day_of(refused.start.date(), get_language() or "fr")
            form.add_error(None, f"{day}: {refusal(refused)}")
        except IntegrityError as error:
            form.add_error(None, refusal(error))
        else:
            self._say(several, made, public=public)
            return HttpResponseRedirect(self._where(made), status=303)
        return self.render_to_response(self.get_context_data(form=form, lines=lines, asks=True), status=409)

    def _say(self, several: Several, made: list[Event], *, public: bool) -> None:
        count = len(made)
        said = (
            ngettext("%(count)d meeting is published.", "%(count)d meetings are published.", count)
            if public
            else ngettext("%(count)d draft is made.", "%(count)d drafts are made.", count)
        )
        messages.success(self.request, said % {"count": count})
        if several.doubtful:
            listed = " · ".join(dict.fromkeys(several.doubtful))
            messages.warning(self.request, _("Look at the years in these texts: %(texts)s") % {"texts": listed})

    def _where(self, made: list[Event]) -> str:
        return edit_url(made[0]) if len(made) == 1 else f"{reverse(f'{NAMES}:list')}?kind={self.event.kind}"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        language = get_language() or "fr"
        there = hours.at_place(self.event, language)
        return super().get_context_data(**kwargs) | {
            "event": self.event,
            "there": there,
            "zone": there.zone_name or self.event.timezone,
            "lines": kwargs.get("lines", []),
            "asks": kwargs.get("asks", False),
            "media": kwargs["form"].media,
            "back_url": edit_url(self.event),
        }
