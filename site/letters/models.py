"""A letter: one e-mail to one person, in that person's language."""

import datetime as dt
import uuid
from typing import Any

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _


class LetterQuerySet(models.QuerySet["Letter"]):
    def due(self) -> "LetterQuerySet":
        """Letters to be sent now, the longest waiting first."""
        return self.filter(sent_at=None, abandoned_at=None, due_at__lte=timezone.now()).order_by("due_at", "pk")

    def waiting(self) -> "LetterQuerySet":
        return self.filter(sent_at=None, abandoned_at=None)


class Letter(models.Model):
    """One row of the outbox.

    Written in the transaction of the change that causes it, with the facts
    frozen; rendered and sent later by the worker, at least once, with a fixed
    Message-ID. The signed link is made when the letter leaves, from
    ``link_view`` and ``link_subject``: no row holds one, and staff never see it.
    """

    uid = models.UUIDField(default=uuid.uuid4, editable=False, unique=True)
    key = models.CharField(
        _("key"),
        max_length=200,
        unique=True,
        null=True,
        editable=False,
        help_text=_("What this letter answers: the same cause never writes two."),
    )
    kind = models.CharField(_("kind"), max_length=40)
    recipient = models.EmailField(_("to"), max_length=254)
    recipient_name = models.CharField(_("name"), max_length=200, blank=True)
    language = models.CharField(_("language"), max_length=5, choices=settings.LANGUAGES)
    facts = models.JSONField(_("facts"), default=dict)
    link_view = models.CharField(max_length=100, blank=True, editable=False)
    link_subject = models.CharField(max_length=200, blank=True, editable=False)
    about = models.UUIDField(_("about"), null=True, blank=True, db_index=True, help_text=_("The UID of the event."))

    created_at = models.DateTimeField(_("written"), default=timezone.now, editable=False)
    due_at = models.DateTimeField(_("due"), default=timezone.now)
    attempts = models.PositiveSmallIntegerField(_("attempts"), default=0)
    last_error = models.TextField(_("last error"), blank=True)
    sent_at = models.DateTimeField(_("sent"), null=True, blank=True)
    abandoned_at = models.DateTimeField(_("given up"), null=True, blank=True)

    objects = LetterQuerySet.as_manager()

    class Meta:
        ordering = ["-created_at", "-pk"]
        verbose_name = _("letter")
        verbose_name_plural = _("letters")
        indexes = [models.Index(fields=["due_at"], condition=Q(sent_at=None, abandoned_at=None), name="letters_due")]

    def __str__(self) -> str:
        return f"{self.kind} → {self.recipient}"

    @property
    def state(self) -> str:
        """One of sent, abandoned, retrying, waiting."""
        if self.sent_at:
            return "sent"
        if self.abandoned_at:
            return "abandoned"
        return "retrying" if self.attempts else "waiting"

    def resend(self) -> "Letter":
        """Queue the same letter again, as a row of its own. Commits with the caller."""
        copy: dict[str, Any] = {
            name: getattr(self, name)
            for name in (
                "kind",
                "recipient",
                "recipient_name",
                "language",
                "facts",
                "link_view",
                "link_subject",
                "about",
            )
        }
        return Letter.objects.create(key=None, **copy)


class Heartbeat(models.Model):
    """When each job of the worker last ran, and how it went."""

    job = models.CharField(max_length=60, primary_key=True)
    ran_at = models.DateTimeField(default=timezone.now)
    took = models.DurationField(default=dt.timedelta)
    outcome = models.TextField(blank=True)
    failed = models.BooleanField(default=False)

    class Meta:
        ordering = ["job"]

    def __str__(self) -> str:
        return f"{self.job} {self.ran_at}"
