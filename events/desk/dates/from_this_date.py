"""From this date on: a series ends before a date, and another one goes on from there, at once or once it is ready."""

import datetime as dt
import uuid
from typing import Any

from django import forms
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import IntegrityError, transaction
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.utils.functional import cached_property
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _
from wagtail.admin import messages
from wagtail.permissions import policy_registry

from events.calendars import hours
from events.models import Announcement, Audience, Event, Registration, facts
from events.models.action import ChangedMeanwhile
from events.models.continuation import Continuation, GoingOn, Successor, last_before, ready
from events.models.first_date import objection

from .. import event_form, policies  # noqa: F401  (it says how a rule is typed)
from ..changes import forms as change_forms
from ..changes import told
from ..changes.screen import ActionView
from ..on_event import announcement_url, edit_url
from ..refusal import reason as refusal
from .actions import OnDate, dates_url

NOW, DRAFT = "now", "draft"
FIRST = 4
"Dates of the new series shown before it is made."
FIELDS = [*change_forms.CLOCK, "recurrence", *change_forms.PLACE, "joining_url"]
SEATS = ["capacity", "capacity_onsite", "capacity_online"]


class FromThisDateForm(change_forms.ActionForm):
    """The facts of the series that goes on, as they would be if nothing changed but the date."""

    verb = "from_this_date"
    joining_url = forms.URLField(
        label=gettext_lazy("Joining link"), max_length=500, required=False, assume_scheme="https"
    )
    public = forms.ChoiceField(
        label=gettext_lazy("When does it take over"),
        choices=[
            (NOW, gettext_lazy("At once: the old series ends and the new one is published, in one step")),
            (
                DRAFT,
                gettext_lazy(
                    "Later: make the new one as a draft. The old series goes on, whole, until the draft takes over "
                    "from the screen “Dates”"
                ),
            ),
        ],
        initial=NOW,
        widget=forms.RadioSelect,
    )
    along = forms.BooleanField(
        label=gettext_lazy("Take along those who are registered for the whole series"),
        required=False,
        initial=True,
        help_text=gettext_lazy("Each has a place in the new series too; one letter tells them."),
    )

    class Meta:
        model = Event
        fields = [*FIELDS, *SEATS]
        widgets = change_forms.TEXTS

    def __init__(self, *args: Any, series: Event, day: dt.date, taken: int, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.series, self.day = series, day
        if self.instance.registration != Event.RegistrationMode.HERE:
            for name in SEATS:
                del self.fields[name]
        if not taken:
            del self.fields["along"]

    def take(self, cleaned: dict[str, Any]) -> None:
        start = cleaned.get("start_local")
        last = last_before(self.series, self.day)
        if start and last and start.date() <= last:
            message = _("The new series begins after the last date of the old one, %(day)s.") % {"day": _day(last)}
            self.add_error("start_local", ValidationError(message, code="early"))
        refused = objection(cleaned.get("recurrence"), start) if start else None
        if refused:
            self.add_error("recurrence", refused)

    def typed(self) -> dict[str, Any]:
        """What the successor has of its own."""
        return super().changes()


class ReadyForm(forms.Form):
    """A draft stands ready and takes over as it stands."""

    verb = "from_this_date"
    along = FromThisDateForm.base_fields["along"]

    def __init__(self, *args: Any, taken: int, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if not taken:
            del self.fields["along"]

    def shown(self) -> list[forms.BoundField]:
        return list(self)

    def typed(self) -> dict[str, Any]:
        return {}


class FromThisDateView(OnDate, ActionView):
    """Shown first, with the letters, by doing it and taking it back; done by a second POST."""

    template_name = "desk/from_this_date.html"
    form_class = FromThisDateForm
    page_title = gettext_lazy("From this date on")
    intro = gettext_lazy(
        "The series ends before this date, and a new one goes on from here with another rule, hour or place. Both "
        "are linked. Organisers, regions, objectives, tickets and the texts of the page are copied."
    )
    button = gettext_lazy("End the series here and go on")
    done = gettext_lazy("The series ends before this date, and the new one goes on.")
    ready_made = gettext_lazy("Here is the series that will go on, as a draft. Nothing has changed for the old one.")

    @property
    def inside(self) -> list[Event]:  # type: ignore[override]
        return []

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> Any:
        if not policy_registry.get_by_type(Event).user_has_permission(request.user, "add"):
            raise PermissionDenied
        return super().dispatch(request, *args, **kwargs)

    def _was_sent(self) -> bool:
        return super()._was_sent() or (self.request.method == "POST" and self._made() is not None)

    def _objection(self) -> str:
        if self._was_sent():
            return ""  # the date is the other series' by now
        if self.event.live and Event.objects.filter(continues=self.event, live=True).exists():
            return _("This series is already continued by another one: look there.")
        day = self.day
        objection = super()._objection()
        if objection:
            return objection
        if day <= self.event.start_local.date():
            return _("This is the first date: the whole series is moved or changed in its form.")
        if self.date.ends_at <= dt.datetime.now(dt.UTC):
            return _("This date has passed: %(day)s.") % {"day": _day(day)}
        return ""

    @cached_property
    def ready(self) -> Event | None:
        """The draft that stands ready, as it was last written."""
        found = ready(self.event)
        return found.get_latest_revision_as_object() if found is not None else None

    def _made(self) -> Event | None:
        """The draft that this very form has made."""
        return Event.objects.filter(uid=self.submission, continues=self.event).first()

    @cached_property
    def going(self) -> GoingOn:
        return GoingOn(self.event, self.event, self.day)

    def forms(self) -> tuple[Any, change_forms.ReasonForm]:
        data = self.request.POST if self.request.method == "POST" else None
        taken = self.going.whole().count()
        form: Any
        if self.ready is not None:
            form = ReadyForm(data, taken=taken, prefix="event")
        else:
            start = dt.datetime.combine(self.day, self.event.start_local.time())
            proposed = Successor(self.event, start, uid=self.submission, day=self.day).proposed()
            form = FromThisDateForm(
                data,
                instance=proposed,
                series=self.event,
                day=self.day,
                taken=taken,
                for_user=self.request.user,
                prefix="event",
            )
        return form, self._reason(data, self.event.timezone)

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        made = self._made()
        if made is not None and not made.live:  # the same form again
            return HttpResponseRedirect(edit_url(made), status=303)
        if request.POST.get("event-public") == DRAFT and self.ready is None:
            return self._prepare()
        return super().post(request, *args, **kwargs)

    def _prepare(self) -> HttpResponse:
        form, reason = self.forms()
        reason.errors.clear()  # nobody is told of a draft
        if not form.is_valid():
            return self.render_to_response(self.get_context_data(form=form, reason=reason), status=422)
        try:
            made = self._action(form).prepare()
        except ChangedMeanwhile:
            form.add_error(None, ValidationError(self.changed_meanwhile))
        except (ValidationError, IntegrityError) as error:
            form.add_error(None, ValidationError(refusal(error)))
        else:
            messages.success(self.request, self.ready_made)
            return HttpResponseRedirect(edit_url(made), status=303)
        self.event = Event.objects.get(pk=self.event.pk)
        return self.render_to_response(self.get_context_data(form=form, reason=reason, again=True), status=409)

    changed_meanwhile = gettext_lazy(
        "Somebody else has just changed this event. Here is what it says now: look at it again."
    )

    def _action(self, form: Any) -> Any:
        return Continuation(
            self.event,
            self.day,
            form.typed(),
            version=self._version(),
            submission=self.submission,
            by=self.request.user,
            along=bool(form.cleaned_data.get("along")),
        )

    def _do(self, form: Any, reason: change_forms.ReasonForm) -> HttpResponse:
        answer = super()._do(form, reason)
        if answer.status_code == 409:
            self.__dict__.pop("ready", None)
        return answer

    def _audience(self, form: Any) -> Audience:
        """Everybody registered who will know that it ends: all of them, before it is rehearsed."""
        now = Event.objects.get(pk=self.event.pk)
        after = {now: facts.of_change(now) | {"status": "cancelled"}}
        return Audience.would_be(after)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        asks = kwargs.pop("asks", False)
        form, reason = kwargs["form"], kwargs["reason"]
        language = get_language() or "fr"
        rehearsed: dict[str, Any] = {}
        if asks:
            try:
                rehearsed = self._rehearse(form, reason)
            except ChangedMeanwhile:
                form.add_error(None, ValidationError(self.changed_meanwhile))
            except (ValidationError, IntegrityError) as error:
                form.add_error(None, ValidationError(refusal(error)))
        context: dict[str, Any] = super().get_context_data(**kwargs)
        last = last_before(self.event, self.day)
        context |= {
            "day": _day(self.day),
            "last": _day(last) if last else "",
            "back_url": dates_url(self.event),
            "ready": self.ready,
            "whole": self.going.whole().count(),
        }
        if not rehearsed:
            return context
        return (
            context
            | rehearsed
            | {
                "asks": True,
                "when": reason.cleaned_data["when"],
                "due_local": reason.cleaned_data.get("due_local"),
                "zone": reason.zone,
                "answers": [
                    (name, value)
                    for name in self.request.POST
                    for value in self.request.POST.getlist(name)
                    if name not in ("csrfmiddlewaretoken", "submission", "version", "back", "confirm")
                ],
                "language": language,
            }
        )

    def _rehearse(self, form: Any, reason: change_forms.ReasonForm) -> dict[str, Any]:
        """Do it, see what it is and whom it concerns, and take everything back."""
        language = get_language() or "fr"
        trial = self._action(form)
        trial.submission = uuid.uuid4()
        said = [one.day for one in self.event.exceptions.all() if one.day >= self.day]
        with transaction.atomic():
            announcement = trial.carry_out(reason.cleaned_data["reason"], None)
            successor = Event.objects.get(continues=self.event)
            audience = Audience.of(announcement)
            dates = successor.occurrences.given()[:FIRST]
            found: dict[str, Any] = {
                "first_dates": [hours.at_place(successor, language, date) for date in dates],
                "zone_of_new": hours.at_place(successor, language).zone_name,
                "people": audience.people(),
                "figures": told.figures(audience, {str(one.uid): one for one in audience.steps}),
                "names": told.names(audience, self.request.user),
                "previews": told.previews(announcement, audience, self.request.user),
                "going": Registration.objects.living().filter(event=successor).count(),
                "seats": _seats(successor),
                **self._left(successor, said),
            }
            transaction.set_rollback(True)
        return found

    def _left(self, successor: Event, said: list[dt.date]) -> dict[str, Any]:
        """What has no place in the new series: what was said of later dates, and people registered for one of them."""
        event = Event.objects.get(pk=self.event.pk)
        over = {one.day for one in successor.exceptions.all()}
        rows = GoingOn(event, successor, self.day).of_dates()
        seen = policies.registrations.instances_user_has_any_permission_for(self.request.user, {"view", "change"})
        mine = rows.filter(pk__in=seen.values("pk"))
        return {
            "exceptions_left": [_day(one) for one in said if one not in over],
            "people_left": [(row.name, row.email, _day(row.occurrence.original.date())) for row in mine],  # type: ignore[union-attr]
        }

    def _answer(self, announcement: Announcement) -> HttpResponse:
        return HttpResponseRedirect(announcement_url(announcement), status=303)

    def get_breadcrumbs_items(self) -> list[dict[str, Any]]:
        *above, last = super().get_breadcrumbs_items()
        return [*above, {"url": dates_url(self.event), "label": _("Dates")}, last]


def _seats(event: Event) -> str:
    pool = event.pools.filter(key="event").first()
    if pool is None or event.registration != Event.RegistrationMode.HERE:
        return ""
    return f"{pool.taken} / {'∞' if pool.capacity is None else pool.capacity}"


def _day(day: dt.date) -> str:
    return hours.day_of(day, get_language() or "fr")
