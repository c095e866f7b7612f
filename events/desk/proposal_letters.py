"""Letters about proposals of events: to the staff when something awaits them, to the proposer at each step."""

import datetime as dt
from typing import Any

from django.conf import settings
from django.db import transaction
from django.dispatch import receiver
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _
from wagtail.signals import published

from events.models import Event, Proposal, ProposalStep
from letters.kinds import kind
from letters.models import Letter
from pages.trilingual import shown
from regions.news_letters import write
from regions.reviewing import overseers


def tell(step: ProposalStep) -> None:
    """To the staff what they have to answer; to the proposer the answer. Commits with the step."""
    proposal = step.proposal
    if step.stage in (Proposal.Stage.PROPOSED, Proposal.Stage.WITHDRAWN):
        for person in overseers():
            if person != step.by:
                write("proposal_waits", f"proposal step {step.pk} {person.pk}", person, {"step": step.pk})
    elif proposal.proposer is not None and proposal.proposer != step.by:
        write("proposal_answered", f"proposal step {step.pk}", proposal.proposer, {"step": step.pk})


@receiver(published, sender=Event, dispatch_uid="a proposed event is public")
def tell_published(instance: Event, **kwargs: Any) -> None:
    """Once, however often and by whatever way it is published: the form, a workflow or a schedule."""
    proposal = Proposal.objects.filter(event_id=instance.pk).select_related("proposer").first()
    if instance.live and proposal is not None and proposal.proposer is not None:
        write("proposal_published", f"proposal published {proposal.pk}", proposal.proposer, {"proposal": proposal.pk})


def remind() -> str:
    """Once for each proposal nobody has answered, each of the staff and each period."""
    period, now, written = dt.timedelta(days=settings.REVIEW_REMINDER_DAYS), timezone.now(), 0
    for proposal in Proposal.objects.awaiting().filter(changed_at__lte=now - period):
        number = (now - proposal.changed_at) // period
        with transaction.atomic():
            for person in overseers():
                key = f"proposal reminder {proposal.pk} {proposal.changed_at:%Y%m%d%H%M%S} {number} {person.pk}"
                if person != proposal.proposer and not Letter.objects.filter(key=key).exists():
                    written += write("proposal_reminder", key, person, {"proposal": proposal.pk}) is not None
    return f"{written} reminders"


@kind("proposal_waits", _("proposal of an event, to the staff"))
def waits(letter: Letter) -> dict[str, Any] | None:
    """An event is proposed; not sent once it is answered."""
    step = _step(letter)
    if step is None or (step.stage == Proposal.Stage.PROPOSED and step.proposal.state != Proposal.Stage.PROPOSED):
        return None
    named = _named(step.proposal)
    if step.stage == Proposal.Stage.WITHDRAWN:
        return _about(step.proposal) | {
            "subject": gettext("Withdrawn: %(title)s") % named,
            "lines": [gettext("%(name)s withdraws the event proposed for %(region)s: “%(title)s”.") % named],
        }
    return _about(step.proposal) | {
        "subject": gettext("Proposed: %(title)s") % named,
        "lines": [gettext("%(name)s proposes an event for %(region)s: “%(title)s”.") % named],
        "quote": step.proposal.note,
        "quoted": named["name"],
    }


@kind("proposal_reminder", _("reminder of a proposed event"))
def reminder(letter: Letter) -> dict[str, Any] | None:
    """Nobody has answered for days; not sent once somebody has."""
    proposal = Proposal.objects.awaiting().filter(pk=letter.facts["proposal"]).select_related("event", "region").first()
    if proposal is None:
        return None
    days, named = (timezone.now() - proposal.changed_at).days, _named(proposal)
    return _about(proposal) | {
        "subject": gettext("Still to answer: %(title)s") % named,
        "lines": [
            gettext("%(name)s proposes an event for %(region)s: “%(title)s”.") % named,
            ngettext("It has waited for %(count)d day.", "It has waited for %(count)d days.", days) % {"count": days},
        ],
    }


@kind("proposal_answered", _("answer to a proposed event"))
def answered(letter: Letter) -> dict[str, Any] | None:
    """What becomes of the event you proposed, and why."""
    step = _step(letter)
    if step is None:
        return None
    named = _named(step.proposal)
    said = {
        Proposal.Stage.ACCEPTED: (
            gettext("Accepted: %(title)s"),
            gettext("The event you proposed, “%(title)s”, is accepted. The Secretariat prepares it and publishes it."),
        ),
        Proposal.Stage.RETURNED: (
            gettext("To be completed: %(title)s"),
            gettext("The event you proposed, “%(title)s”, needs a word more from you."),
        ),
        Proposal.Stage.DECLINED: (
            gettext("Declined: %(title)s"),
            gettext("The event you proposed, “%(title)s”, is not taken up."),
        ),
    }
    subject, line = said[Proposal.Stage(step.stage)]
    return _about(step.proposal) | {
        "subject": subject % named,
        "lines": [line % named],
        "quote": step.comment,
        "quoted": step.by.get_full_name() if step.by else "",
        "go": gettext("Complete it") if step.stage == Proposal.Stage.RETURNED else gettext("See the proposal"),
    }


@kind("proposal_published", _("proposed event published"))
def on_the_site(letter: Letter) -> dict[str, Any] | None:
    """The event you proposed is public; not sent if it was taken back meanwhile."""
    proposal = Proposal.objects.filter(pk=letter.facts["proposal"]).select_related("event", "region").first()
    if proposal is None or not proposal.event.live:
        return None
    named = _named(proposal)
    page = proposal.event.pages.filter(live=True, locale__language_code=letter.language).first()
    return {
        "subject": gettext("Published: %(title)s") % named,
        "lines": [gettext("The event you proposed, “%(title)s”, is on the site. Thank you.") % named],
        "link": (page.full_url if page else "") or _about(proposal)["link"],
        "go": gettext("See it on the site"),
    }


def _step(letter: Letter) -> ProposalStep | None:
    found = ProposalStep.objects.select_related("proposal__event", "proposal__region", "proposal__proposer", "by")
    return found.filter(pk=letter.facts["step"]).first()


def _named(proposal: Proposal) -> dict[str, str]:
    event = proposal.event.get_latest_revision_as_object()
    return {
        "name": proposal.proposer.get_full_name() if proposal.proposer else "?",
        "region": shown(proposal.region.name).text,
        "title": shown(event.title).text,
    }


def _about(proposal: Proposal) -> dict[str, Any]:
    return {
        "link": settings.SITE_URL + reverse("proposals:show", args=[proposal.uid]),
        "go": gettext("See the proposal"),
    }
