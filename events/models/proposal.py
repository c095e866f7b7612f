"""Proposals: what correspondents would like to meet about, and what becomes of it."""

import uuid
from typing import Any, ClassVar

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from regions.models import Region

from .event import Event


class Unanswerable(ValidationError):
    """The proposal has moved on: what was asked can't be done any more."""


class ProposalQuerySet(models.QuerySet["Proposal"]):
    def open(self) -> "ProposalQuerySet":
        """Those the staff still have to answer or to finish."""
        return self.filter(stage__in=[Proposal.Stage.PROPOSED, Proposal.Stage.ACCEPTED], event__live=False)

    def awaiting(self) -> "ProposalQuerySet":
        """Those nobody has answered."""
        return self.filter(stage=Proposal.Stage.PROPOSED, event__live=False)


class Proposal(models.Model):
    """An event that somebody proposes for a region, told in few words.

    The event exists from the beginning, as a draft that nobody but the staff
    and the region sees. Its state is that of the event where that says enough:
    a published event is a published proposal, whoever published it.
    """

    class Stage(models.TextChoices):
        PROPOSED = "proposed", _("proposed")
        RETURNED = "returned", _("sent back for completion")
        ACCEPTED = "accepted", _("accepted, in preparation")
        PUBLISHED = "published", _("published")
        DECLINED = "declined", _("declined")
        WITHDRAWN = "withdrawn", _("withdrawn")

    FOLLOWING: ClassVar[dict[str, tuple[str, ...]]] = {
        "proposed": ("accepted", "returned", "declined", "withdrawn"),
        "returned": ("proposed", "accepted", "declined", "withdrawn"),
        "accepted": ("returned", "declined"),
        "declined": (),
        "withdrawn": (),
        "published": (),
    }
    "What may follow each state."

    uid = models.UUIDField(default=uuid.uuid4, editable=False, unique=True)
    submission = models.UUIDField(
        default=uuid.uuid4, editable=False, unique=True, help_text=_("The form it came from: sent twice, kept once.")
    )
    event = models.OneToOneField(Event, on_delete=models.PROTECT, related_name="proposal")
    region = models.ForeignKey(Region, verbose_name=_("region"), on_delete=models.PROTECT, related_name="proposals")
    proposer = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("proposed by"),
        null=True,
        on_delete=models.SET_NULL,
        related_name="proposals",
    )
    language = models.CharField(_("language"), max_length=5, choices=settings.LANGUAGES)
    stage = models.CharField(
        _("state"), max_length=12, choices=Stage.choices, default=Stage.PROPOSED, db_index=True, editable=False
    )
    date_known = models.BooleanField(_("the dates are known"), default=True)
    around = models.CharField(_("around when"), max_length=60, blank=True)
    organisers = models.TextField(_("organisers"), blank=True)
    note = models.TextField(_("why, and what the staff should know"), blank=True)
    contact = models.CharField(_("contact"), max_length=254, blank=True)
    created_at = models.DateTimeField(_("proposed on"), default=timezone.now, editable=False)
    changed_at = models.DateTimeField(default=timezone.now, editable=False)

    objects = ProposalQuerySet.as_manager()

    class Meta:
        ordering = ["-created_at", "-pk"]
        verbose_name = _("proposal of an event")
        verbose_name_plural = _("proposals of events")

    def __str__(self) -> str:
        return str(self.event.title)

    @property
    def state(self) -> "Proposal.Stage":
        """Where it stands: the event itself says whether it is public."""
        return self.Stage.PUBLISHED if self.event.live else self.Stage(self.stage)

    def get_state_display(self) -> str:
        return str(self.state.label)

    def may_become(self, stage: str) -> bool:
        return stage in self.FOLLOWING[self.state]

    def become(self, stage: str, by: Any, comment: str = "") -> "ProposalStep":
        """Take the next step, behind a lock, and write it down. Commits with the caller.

        Raises:
            Unanswerable: somebody was faster.
        """
        now = Proposal.objects.select_for_update(of=("self",)).select_related("event").get(pk=self.pk)
        if not now.may_become(stage):
            raise Unanswerable(_("Meanwhile this proposal is: %(state)s.") % {"state": now.get_state_display()})
        self.stage, self.changed_at = stage, timezone.now()
        self.save(update_fields=["stage", "changed_at"])
        return self.steps.create(stage=stage, by=by, comment=comment)


class ProposalStep(models.Model):
    """One step of a proposal: what, when, by whom and why."""

    proposal = models.ForeignKey(Proposal, on_delete=models.CASCADE, related_name="steps")
    stage = models.CharField(max_length=12, choices=Proposal.Stage.choices)
    comment = models.TextField(blank=True)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+")
    at = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering = ["at", "pk"]

    def __str__(self) -> str:
        return f"{self.get_stage_display()} {self.at}"
