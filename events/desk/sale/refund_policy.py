"""The refund policy of an event: its steps on one screen, in words beside it, with the usual ones as a proposal."""

import datetime as dt
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

from django import forms
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.forms.formsets import BaseFormSet
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import get_language, gettext_lazy, pgettext_lazy
from django.utils.translation import gettext as _
from wagtail.admin import messages
from wagtail.admin.panels import Panel
from wagtail.log_actions import log

from events.models import Event, RefundStep, SeatPool
from events.models.fields import WallClockFormField
from events.models.wallclock import instant
from events.registration.letters.body import moment_told
from pages.models import Edition

from ..on_event import NAMES, OnEvent, edit_url

USUAL = ((dt.timedelta(days=30), 100), (dt.timedelta(days=7), 50))
"How long before the beginning, and how much goes back to who cancels until then."
MOST = 10
"Steps of one policy."


@dataclass
class Told:
    """A policy in words: a sentence a step, what follows the last, and what is odd about it."""

    steps: list[str]
    afterwards: str
    odd: str = ""


def told(event: Event, steps: list[tuple[dt.datetime, int]]) -> Told:
    """Of steps by their moment on the clock of the event and their hundredths."""
    language = get_language() or "fr"
    steps = sorted(steps)
    said = [
        _("Until %(moment)s: %(percent)s %% of the price goes back.")
        % {"moment": moment_told(instant(until, event.timezone), event.timezone, language), "percent": percent}
        for until, percent in steps
    ]
    rises = any(later > earlier for (_one, earlier), (_other, later) in pairwise(steps))
    return Told(
        said,
        _("Later, nothing goes back to who cancels.") if steps else _("Nothing goes back to who cancels."),
        _("More goes back to who cancels later than to who cancels earlier.") if rises else "",
    )


def steps_of(event: Event) -> list[tuple[dt.datetime, int]]:
    return list(event.refund_steps.order_by("until_local").values_list("until_local", "percent"))


def usual(event: Event) -> list[tuple[dt.datetime, int]]:
    """The usual steps that are still to come."""
    now = timezone.now()
    found = [(event.start_local - before, percent) for before, percent in USUAL]
    return [(until, percent) for until, percent in found if instant(until, event.timezone) > now]


class StepForm(forms.Form):
    """One step; both fields, or neither."""

    until = WallClockFormField(label=gettext_lazy("Who cancels until"), required=False)
    percent = forms.IntegerField(
        label=pgettext_lazy("of a refund policy", "gets back, in percent"),
        min_value=1,
        max_value=100,
        required=False,
    )

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or self.cleaned_data
        until, percent = cleaned.get("until"), cleaned.get("percent")
        if until and percent is None and "percent" not in self.errors:
            self.add_error("percent", ValidationError(_("Say how much goes back."), code="percent"))
        if percent is not None and not until and "until" not in self.errors:
            self.add_error("until", ValidationError(_("Say until when."), code="until"))
        return cleaned


class Steps(BaseFormSet):  # type: ignore[type-arg]
    """No moment twice."""

    def clean(self) -> None:
        known: set[dt.datetime] = set()
        for form in self.forms:
            until = getattr(form, "cleaned_data", {}).get("until")
            if until in known:
                form.add_error("until", ValidationError(_("There is already a step with this moment."), code="unique"))
            if until:
                known.add(until)

    @property
    def steps(self) -> list[tuple[dt.datetime, int]]:
        """Those that are filled in."""
        said = [(form.cleaned_data.get("until"), form.cleaned_data.get("percent")) for form in self.forms]
        return sorted((until, percent) for until, percent in said if until and percent)


StepFormSet = forms.formset_factory(
    StepForm, formset=Steps, extra=2, max_num=MOST, absolute_max=MOST, validate_max=True
)


class RefundPolicyView(OnEvent):
    """What was written is shown in words before it holds; what holds is what people read before they pay."""

    template_name = "desk/refund_policy.html"
    page_title = gettext_lazy("Refund policy")
    header_icon = "decimal"
    needs = "change"

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> Any:
        if not request.user.has_perm("events.change_ticket"):
            raise PermissionDenied
        return super().dispatch(request, *args, **kwargs)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        steps = steps_of(self.event)
        proposes = "propose" in self.request.GET and not steps
        formset = kwargs.get("formset")
        if formset is None:
            first = usual(self.event) if proposes else steps
            formset = StepFormSet(initial=[{"until": until, "percent": percent} for until, percent in first])
        return super().get_context_data(**kwargs) | {
            "event": self.event,
            "formset": formset,
            "media": formset.media,
            "proposes": proposes,
            "may_propose": not steps and bool(usual(self.event)) and not proposes,
            "stands": told(self.event, steps),
            "would": kwargs.get("would"),
            "back_url": edit_url(self.event),
        }

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        formset: Any = StepFormSet(request.POST)
        if not formset.is_valid():
            return self.render_to_response(self.get_context_data(formset=formset), status=422)
        would = told(self.event, formset.steps)
        if "show" in request.POST:
            return self.render_to_response(self.get_context_data(formset=formset, would=would))
        if settle(self.event, formset.steps, request.user):
            messages.success(request, _("The refund policy is kept."))
        else:
            messages.info(request, _("That had been done already: nothing has changed."))
        if would.odd:
            messages.warning(request, would.odd)
        return HttpResponseRedirect(request.path, status=303)


def settle(event: Event, steps: list[tuple[dt.datetime, int]], by: Any) -> bool:
    """These are the steps from now on; False if they were already. Public pages tell them at once."""
    with transaction.atomic():
        SeatPool.objects.hold(event.pk)  # nobody else changes them meanwhile
        was = steps_of(event)
        if was == steps:
            return False
        event.refund_steps.all().delete()
        RefundStep.objects.bulk_create(
            RefundStep(event=event, until_local=until, percent=percent) for until, percent in steps
        )
        log(
            event,
            "events.refund_policy",
            user=by,
            data={
                "was": [[f"{until}", percent] for until, percent in was],
                "becomes": [[f"{until}", percent] for until, percent in steps],
            },
        )
        Edition.bump()
    return True


class RefundPolicyPanel(Panel):
    """On the form of an event: what goes back to who cancels, in words."""

    class BoundPanel(Panel.BoundPanel):
        template_name = "desk/refund_policy_panel.html"

        def is_shown(self) -> bool:
            return bool(self.request and self.request.user.has_perm("events.view_ticket"))

        def get_context_data(self, parent_context: Any = None) -> dict[str, Any]:
            context: dict[str, Any] = super().get_context_data(parent_context)
            event = self.instance
            if not event.pk:
                return context | {"saved": False}
            event = Event.objects.get(pk=event.pk)
            url = reverse(f"{NAMES}:refund_policy", args=[event.pk])
            steps = steps_of(event)
            return context | {
                "saved": True,
                "policy": told(event, steps),
                "is_empty": not steps,
                "is_priced": event.tickets.filter(price__gt=0).exists(),
                "url": url if self.request.user.has_perm("events.change_ticket") else "",
                "propose_url": f"{url}?propose" if not steps and usual(event) else "",
            }
