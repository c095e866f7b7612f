"""Move, postpone, cancel, reinstate: each shows what it will do and whom it concerns, and is done by a second POST."""

import uuid
from typing import Any, ClassVar

from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.utils.functional import cached_property
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _
from wagtail.admin import messages
from wagtail.admin.utils import get_user_display_name
from wagtail.log_actions import log

from events.models import Announcement, Audience, Change, Event, facts, family
from events.models.action import Action, ChangedMeanwhile
from events.models.next_edition import NextEdition

from ..on_event import OnEvent, announcement_url, edit_url, may
from ..refusal import reason as refusal
from . import forms as change_forms
from . import told


class ActionView(OnEvent):
    """One thing to do to a published event. A GET changes nothing, the first POST shows, the second does."""

    template_name = "desk/change.html"
    form_class: ClassVar[type[change_forms.ActionForm]]
    possible_in: ClassVar[tuple[str, ...]] = (Event.Status.TENTATIVE, Event.Status.SCHEDULED)
    intro: Any = ""
    button: Any = ""
    done: Any = ""
    "What the staff read when it is done."

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> Any:
        if may(request.user, self.needs, self.event):
            objection = self._objection()
            if objection and not self._was_sent():
                messages.error(request, objection)
                return HttpResponseRedirect(edit_url(self.event))
        return super().dispatch(request, *args, **kwargs)

    def _objection(self) -> str:
        """Why this can't be done now, if it can't."""
        if not self.event.live:
            return _("This event is not published: change it in its form, nobody knows it yet.")
        lock = self.event.get_lock()
        if lock is not None and lock.for_user(self.request.user):
            return str(lock.get_message(self.request.user) or _("This event is locked."))
        if self.event.status not in self.possible_in:
            return _("This can't be done to an event that is: %(status)s.") % {
                "status": self.event.get_status_display()
            }
        if self.event.is_over and self.event.status not in Event.CALLED_OFF:
            return _("This event has taken place.")
        return ""

    def _was_sent(self) -> bool:
        return self.request.method == "POST" and Change.submitted(self.submission) is not None

    @cached_property
    def submission(self) -> uuid.UUID:
        try:
            return uuid.UUID(self.request.POST.get("submission", ""))
        except ValueError:
            return uuid.uuid4()

    @cached_property
    def inside(self) -> list[Event]:
        """The public events inside, at any depth, that this person may change too."""
        return list(Event.objects.filter(pk__in=family.below(self.event.pk)).order_by("starts_at", "pk"))

    @cached_property
    def may_inside(self) -> bool:
        return bool(self.inside) and all(may(self.request.user, self.needs, child) for child in self.inside)

    def forms(self) -> tuple[change_forms.ActionForm, change_forms.ReasonForm]:
        data = self.request.POST if self.request.method == "POST" else None
        instance = Event.objects.get(pk=self.event.pk)
        form = self.form_class(
            data, instance=instance, for_user=self.request.user, has_inside=self.may_inside, prefix="event"
        )
        if data is None and "inside" in form.fields:
            form.initial["inside"] = True
        zone = self.event.timezone
        if data is not None and form.is_valid():
            zone = form.cleaned_data.get("timezone") or zone
        return form, self._reason(data, zone)

    def _reason(self, data: Any, zone: str) -> change_forms.ReasonForm:
        """When and why people are told; the reason of what is planned already stands in it."""
        planned = Announcement.objects.open().of(self.event).order_by("pk").first()
        return change_forms.ReasonForm(
            data, instance=Announcement(reason=planned.reason if planned else ""), zone=zone, prefix="told"
        )

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        form, reason = self.forms()
        return self.render_to_response(self.get_context_data(form=form, reason=reason))

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        sent = Change.submitted(self.submission)
        if sent is not None:  # a double click, or the page sent again
            return self._answer(sent.announcement)
        form, reason = self.forms()
        right = form.is_valid() & reason.is_valid()
        if not right or "back" in request.POST:
            status = 200 if right else 422
            return self.render_to_response(self.get_context_data(form=form, reason=reason), status=status)
        if "confirm" not in request.POST:
            return self.render_to_response(self.get_context_data(form=form, reason=reason, asks=True))
        return self._do(form, reason)

    def _do(self, form: change_forms.ActionForm, reason: change_forms.ReasonForm) -> HttpResponse:
        try:
            with transaction.atomic():
                announcement = self._action(form).carry_out(reason.cleaned_data["reason"], reason.due_at)
                log(self.event, f"events.{form.verb}", user=self.request.user)
        except ChangedMeanwhile:
            form.add_error(
                None,
                ValidationError(
                    _("Somebody else has just changed this event. Here is what it says now: look at it again.")
                ),
            )
        except (ValidationError, IntegrityError) as error:
            form.add_error(None, ValidationError(refusal(error)))
        else:
            messages.success(self.request, self.done)
            return self._answer(announcement)
        self.event = Event.objects.get(pk=self.event.pk)
        return self.render_to_response(self.get_context_data(form=form, reason=reason, again=True), status=409)

    def _action(self, form: change_forms.ActionForm) -> Action:
        changes = form.changes()
        if form.cleaned_data.get("until") == change_forms.PostponeForm.NEW:
            start = form.cleaned_data["new_start"]
            changes["replacement"] = NextEdition(
                self.event, start, uid=self.submission, by=self.request.user, in_place=True
            ).make()
        return Action(
            self.event,
            changes,
            version=self._version(),
            submission=self.submission,
            inside=bool(form.cleaned_data.get("inside")),
            by=self.request.user,
        )

    def _version(self) -> int | None:
        seen = self.request.POST.get("version", "")
        return int(seen) if seen.isdecimal() else None

    def _answer(self, announcement: Announcement) -> HttpResponse:
        return HttpResponseRedirect(announcement_url(announcement), status=303)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        form, reason = kwargs["form"], kwargs["reason"]
        again = kwargs.get("again")
        context = super().get_context_data(**kwargs) | {
            "event": self.event,
            "verb": form.verb,
            "intro": self.intro,
            "button": self.button,
            "submission": uuid.uuid4() if again or self.request.method == "GET" else self.submission,
            "version": self.event.live_revision_id or "",
            "inside": self.inside,
            "draft": self._draft(),
            "media": form.media + reason.media,
            "back_url": edit_url(self.event),
        }
        if self.request.method == "POST" and not again:
            context["version"] = self.request.POST.get("version", "")
        audience = self._audience(form if kwargs.get("asks") else None)
        if kwargs.get("asks"):
            announcement = Announcement(event=self.event, reason=reason.cleaned_data["reason"])
            language = get_language() or "fr"
            context |= {
                "was": told.state_of(facts.of_change(self.event), language),
                "will": told.state_of(audience.after[str(self.event.uid)], language),
                "due_at": reason.due_at,
                "when": reason.cleaned_data["when"],
                "due_local": reason.cleaned_data.get("due_local"),
                "zone": reason.zone,
                "previews": told.previews(announcement, audience, self.request.user),
                "answers": [
                    (name, value)
                    for name in self.request.POST
                    for value in self.request.POST.getlist(name)
                    if name not in ("csrfmiddlewaretoken", "submission", "version", "back", "confirm")
                ],
            }
        return context | {
            "people": audience.people(),
            "figures": told.figures(audience, {str(event.uid): event for event in audience.steps}),
            "names": told.names(audience, self.request.user),
            "languages": [name for _code, name in change_forms.settings.LANGUAGES],
        }

    def _audience(self, form: change_forms.ActionForm | None) -> Audience:
        """Of what the form says; before it is filled in, everybody whom a change may concern."""
        after: dict[Event, dict[str, Any]] = {}
        now = Event.objects.get(pk=self.event.pk)
        would = form.instance if form else now
        follow = self.inside if form is None or form.cleaned_data.get("inside") else []
        by = would.start_local - now.start_local
        for event in [now, *follow]:
            there = would if event is now else Event.objects.get(pk=event.pk)
            if form and event is not now:
                there.shift(by)
                if would.status != now.status:
                    there.status = would.status
            there.derive_instants()
            after[event] = facts.of_change(there)
            if form is None:  # anything else at all
                after[event] |= {"status": "scheduled" if event.status == "cancelled" else "cancelled"}
        planned = Announcement.objects.open().of(now).order_by("pk").first()
        return Audience.of(planned, after) if planned else Audience.would_be(after)

    def _draft(self) -> dict[str, Any] | None:
        """The unpublished draft with other changes, and what becomes of it."""
        if not self.event.has_unpublished_changes:
            return None
        latest = self.event.latest_revision
        planned = self.event.revisions.filter(approved_go_live_at__isnull=False).exists()
        return {
            "by": get_user_display_name(latest.user) if latest and latest.user else "",
            "at": latest.created_at if latest else None,
            "planned": planned,
            "moderated": self.event.workflow_in_progress,
        }


class MoveView(ActionView):
    form_class = change_forms.MoveForm
    page_title = gettext_lazy("Move")
    intro = gettext_lazy("Give the new date, hour, zone or place. What stays as it is needs no touch.")
    button = gettext_lazy("Move the event")
    done = gettext_lazy("The event is moved.")


class PostponeView(ActionView):
    form_class = change_forms.PostponeForm
    page_title = gettext_lazy("Postpone")
    intro = gettext_lazy("It does not take place on its date. Registration closes; the places taken are kept.")
    button = gettext_lazy("Postpone the event")
    done = gettext_lazy("The event is postponed.")


class CancelView(ActionView):
    form_class = change_forms.CancelForm
    possible_in = (Event.Status.TENTATIVE, Event.Status.SCHEDULED, Event.Status.POSTPONED)
    page_title = gettext_lazy("Cancel")
    intro = gettext_lazy("It does not take place. Registration closes; its page stays and says so.")
    button = gettext_lazy("Cancel the event")
    done = gettext_lazy("The event is cancelled.")


class ReinstateView(ActionView):
    form_class = change_forms.ReinstateForm
    possible_in = Event.CALLED_OFF
    page_title = gettext_lazy("Reinstate")
    intro = gettext_lazy("It takes place after all, on this date or on another. The places taken count again.")
    button = gettext_lazy("Reinstate the event")
    done = gettext_lazy("The event takes place again.")
