"""Proposals in the admin: the correspondent's form and its fate, the staff's queue and answers."""

from typing import Any

from django import forms
from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, OperationalError, transaction
from django.db.models import Q, QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.template.response import TemplateResponse
from django.urls import path, reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST
from wagtail.admin import messages
from wagtail.admin.menu import MenuItem
from wagtail.log_actions import log

from events.calendars import hours
from events.models import Proposal, Unanswerable
from pages import busy
from pages.trilingual import shown
from regions.mandates import oversees_all, regions_in_care
from regions.models import Region

from . import proposal_letters
from .proposal_form import ProposalForm

SHOWN = 200
ANSWERS = ("accepted", "returned", "declined")
NEEDS_REASON = ("returned", "declined")


class AnswerForm(forms.Form):
    answer = forms.ChoiceField(choices=[(name, name) for name in ANSWERS])
    comment = forms.CharField(required=False, max_length=2000)

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        if cleaned.get("answer") in NEEDS_REASON and not (cleaned.get("comment") or "").strip():
            self.add_error("comment", _("Say why: the answer goes to the person who proposed it."))
        return cleaned


def regions_of(user: Any) -> QuerySet[Region]:
    """The regions for which somebody may propose events."""
    if oversees_all(user):
        return Region.objects.all()
    return Region.objects.filter(pk__in=regions_in_care(user, "events"))


def seen_by(user: Any) -> QuerySet[Proposal]:
    """The staff see all; others those of the regions they care for now."""
    found = Proposal.objects.select_related("event", "region", "proposer")
    return found if oversees_all(user) else found.filter(region__in=regions_in_care(user, "events"))


def add(request: HttpRequest) -> HttpResponse:
    """The short form; sent twice, it makes one proposal."""
    regions = regions_of(request.user)
    if not regions.exists():
        raise PermissionDenied
    return _form(request, regions, None)


def edit(request: HttpRequest, uid: str) -> HttpResponse:
    """The same form again, as long as the proposal was sent back."""
    proposal = get_object_or_404(seen_by(request.user), uid=uid)
    if proposal.state != Proposal.Stage.RETURNED:
        return redirect("proposals:show", uid)
    return _form(request, regions_of(request.user) | Region.objects.filter(pk=proposal.region_id), proposal)


def _form(request: HttpRequest, regions: QuerySet[Region], proposal: Proposal | None) -> HttpResponse:
    form = ProposalForm(regions, request.POST if request.method == "POST" else None, proposal=proposal)
    trouble, status = "", 200
    if request.method == "POST":
        if form.is_valid():
            try:
                kept = _keep(form, request.user)
            except Unanswerable as error:
                messages.error(request, error.messages[0])
                return redirect("proposals:list")
            except OperationalError as error:  # a lock was not had in time; nothing was written
                busy.note(error)
                trouble, status = _("Many people are at work at once. Nothing is lost: please send it again."), 503
            else:
                messages.success(request, _("Thank you: the Secretariat has your proposal."))
                return redirect("proposals:show", kept.uid)
        else:
            status = 422
    title = _("Complete the proposal") if proposal else _("Propose an event")
    return TemplateResponse(
        request,
        "desk/proposal_form.html",
        {"form": form, "trouble": trouble, "zone": _zone(regions)} | _furniture(title),
        status=status,
    )


def _zone(regions: QuerySet[Region]) -> str:
    """The zone in which the hours are typed, where one region alone can be meant."""
    zones = {region.default_timezone for region in regions}
    return zones.pop().replace("_", " ") if len(zones) == 1 else ""


def _keep(form: ProposalForm, user: Any) -> Proposal:
    submission = form.cleaned_data["submission"]
    if form.proposal is None and (known := Proposal.objects.filter(submission=submission, proposer=user).first()):
        return known
    try:
        with transaction.atomic():
            proposal = form.save(user)
            if form.proposal is None:
                step = proposal.steps.create(stage=Proposal.Stage.PROPOSED, by=user)
            else:
                step = proposal.become(Proposal.Stage.PROPOSED, user)
            proposal_letters.tell(step)
    except IntegrityError:
        known = Proposal.objects.filter(submission=submission, proposer=user).first()
        if known is None:
            raise
        return known
    return proposal


def index(request: HttpRequest) -> HttpResponse:
    """What waits first; the staff see the queue of all regions, others that of theirs."""
    may_propose = regions_of(request.user).exists()
    if not may_propose:
        raise PermissionDenied
    proposals = seen_by(request.user)
    region = request.GET.get("region", "").replace("\x00", "")
    if region:
        proposals = proposals.filter(region__code=region)
    waiting = Q(
        stage__in=[Proposal.Stage.PROPOSED, Proposal.Stage.RETURNED, Proposal.Stage.ACCEPTED], event__live=False
    )
    context = {
        "waiting": proposals.filter(waiting).order_by("changed_at")[:SHOWN],
        "answered": proposals.exclude(waiting).order_by("-changed_at")[:SHOWN],
        "regions": Region.objects.filter(proposals__in=seen_by(request.user)).distinct(),
        "region": region,
        "of_staff": oversees_all(request.user),
    }
    return TemplateResponse(request, "desk/proposals.html", context | _furniture())


def show(request: HttpRequest, uid: str) -> HttpResponse:
    """One proposal: what it says, where it stands, every step, and what may be done with it."""
    return _shown(request, get_object_or_404(seen_by(request.user), uid=uid), AnswerForm())


def _shown(request: HttpRequest, proposal: Proposal, form: AnswerForm, status: int = 200) -> HttpResponse:
    event = proposal.event if proposal.event.live else proposal.event.get_latest_revision_as_object()
    of_staff = oversees_all(request.user)
    context = {
        "proposal": proposal,
        "event": event,
        "when": hours.at_place(event, request.LANGUAGE_CODE) if proposal.date_known else None,  # type: ignore[attr-defined]
        "steps": proposal.steps.select_related("by"),
        "answers": [name for name in ANSWERS if of_staff and proposal.may_become(name)],
        "may_edit": proposal.state == Proposal.Stage.RETURNED,
        "may_withdraw": proposal.may_become(Proposal.Stage.WITHDRAWN) and not of_staff,
        "event_url": reverse("wagtailsnippets_events_event:edit", args=[event.pk]) if of_staff else "",
        "form": form,
    }
    return TemplateResponse(request, "desk/proposal.html", context | _furniture(shown(event.title).text), status=status)


@require_POST
def answer(request: HttpRequest, uid: str) -> HttpResponse:
    """Accept, send back or decline; an accepted one opens in the form of events."""
    if not oversees_all(request.user):
        raise PermissionDenied
    proposal = get_object_or_404(seen_by(request.user), uid=uid)
    form = AnswerForm(request.POST)
    if not form.is_valid():
        return _shown(request, proposal, form, status=422)
    stage = form.cleaned_data["answer"]
    if not _step(request, proposal, stage, form.cleaned_data["comment"].strip()):
        return redirect("proposals:show", uid)
    if stage == Proposal.Stage.ACCEPTED:
        return redirect("wagtailsnippets_events_event:edit", proposal.event_id)
    return redirect("proposals:list")


@require_POST
def withdraw(request: HttpRequest, uid: str) -> HttpResponse:
    """By those who care for the region, until it is accepted."""
    proposal = get_object_or_404(seen_by(request.user), uid=uid)
    if oversees_all(request.user):
        raise Http404
    _step(request, proposal, Proposal.Stage.WITHDRAWN)
    return redirect("proposals:show", uid)


def _step(request: HttpRequest, proposal: Proposal, stage: str, comment: str = "") -> bool:
    try:
        with transaction.atomic():
            step = proposal.become(stage, request.user, comment)
            proposal_letters.tell(step)
            log(proposal.event, "events.proposal", data={"stage": stage}, user=request.user)
    except Unanswerable as error:
        messages.error(request, error.messages[0])
        return False
    messages.success(request, _("Done: the proposal is now %(state)s.") % {"state": proposal.get_state_display()})
    return True


def _furniture(title: str = "") -> dict[str, Any]:
    crumbs = [
        {"url": reverse("wagtailadmin_home"), "label": _("Home")},
        {"url": reverse("proposals:list") if title else "", "label": _("Proposed events")},
    ]
    if title:
        crumbs.append({"url": "", "label": title})
    return {
        "header_title": title or _("Proposed events"),
        "breadcrumbs_items": crumbs,
        "header_icon": "calendar-alt",
    }


class ProposalsItem(MenuItem):
    """For those who propose, and those who answer."""

    def is_shown(self, request: HttpRequest) -> bool:
        return oversees_all(request.user) or bool(regions_in_care(request.user, "events"))


def menu_item() -> MenuItem:
    return ProposalsItem(
        gettext_lazy("Proposed events"),
        reverse("proposals:list"),
        name="proposals",
        icon_name="calendar-alt",
        order=115,
    )


app_name = "proposals"
urlpatterns = [
    path("", index, name="list"),
    path("add/", add, name="add"),
    path("<uuid:uid>/", show, name="show"),
    path("<uuid:uid>/edit/", edit, name="edit"),
    path("<uuid:uid>/answer/", answer, name="answer"),
    path("<uuid:uid>/withdraw/", withdraw, name="withdraw"),
]
