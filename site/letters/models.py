"""A letter: one e-mail to one person, in that person's language."""

import datetime as dt
import uuid

from django.conf import settings
from django.db import models, transaction
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _


class LetterQuerySet(models.QuerySet["Letter"]):
    def due(self) -> "LetterQuerySet":
        """Letters to be sent now: first those that one person waits for, then those written to many."""
        return self.waiting().filter(due_at__lte=timezone.now()).order_by("to_many", "due_at", "pk")

    def waiting(self) -> "LetterQuerySet":
        return self.filter(sent_at=None, abandoned_at=None)

    def failed(self) -> "LetterQuerySet":
        """Those that reached nobody, given up or undeliverable, and that nobody has sent again."""
        return (
            self.filter(Q(sent_at=None, ending="") | Q(ending=Letter.Ending.UNDELIVERABLE))
            .filter(abandoned_at__isnull=False, resent_as=None)
            .exclude(recipient="")
        )


class Letter(models.Model):
    """One row of the outbox.

    Written in the transaction of the change that causes it, with the facts
    frozen; rendered and sent later by the worker, at least once, with a fixed
    Message-ID. The signed link is made when the letter leaves, from
    ``link_view`` and ``link_subject``: no row holds one, and staff never see it.
    """

    class Ending(models.TextChoices):
        """Why a letter has ended without being read; empty if it was given up after many tries."""

        UNDELIVERABLE = "undeliverable", _("undeliverable")
        WITHDRAWN = "withdrawn", _("no longer true")

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

    to_many = models.BooleanField(
        default=False,
        editable=False,
        help_text="One of many alike, which wait until those to one person have left.",
    )

    created_at = models.DateTimeField(_("written"), default=timezone.now, editable=False)
    due_at = models.DateTimeField(_("due"), default=timezone.now)
    attempts = models.PositiveSmallIntegerField(_("attempts"), default=0)
    last_error = models.TextField(_("last error"), blank=True)
    sent_at = models.DateTimeField(_("sent"), null=True, blank=True)
    abandoned_at = models.DateTimeField(_("given up"), null=True, blank=True)
    ending = models.CharField(max_length=14, choices=Ending.choices, blank=True, default="", editable=False)
    resent_as = models.ForeignKey(
        "self", null=True, blank=True, on_delete=models.SET_NULL, related_name="+", editable=False
    )

    objects = LetterQuerySet.as_manager()

    class Meta:
        ordering = ["-created_at", "-pk"]
        verbose_name = _("letter")
        verbose_name_plural = _("letters")
        indexes = [
            models.Index(
                fields=["to_many", "due_at"], condition=Q(sent_at=None, abandoned_at=None), name="letters_in_turn"
            ),
            models.Index(fields=["recipient"], name="letters_recipient"),
        ]

    def __str__(self) -> str:
        return f"{self.kind} → {self.recipient}"

    @property
    def state(self) -> str:
        """One of sent, waiting, retrying, abandoned, undeliverable, withdrawn, resent."""
        if self.ending == self.Ending.WITHDRAWN:
            return "withdrawn"
        if self.abandoned_at:
            return "resent" if self.resent_as_id else self.ending or "abandoned"
        if self.sent_at:
            return "sent"
        return "retrying" if self.attempts else "waiting"

    @property
    def is_emptied(self) -> bool:
        """Whether what it said, and to whom, was deleted since; its date and its kind are still known."""
        return not self.recipient

    @property
    def is_waiting(self) -> bool:
        return self.sent_at is None and self.abandoned_at is None

    def resend(self) -> "Letter":
        """Let the same letter leave again, as a row of its own, which is returned.

        What still waits, this letter or the one it was sent again as, is not
        doubled but leaves now. Commits with the caller.
        """
        with transaction.atomic():
            self.refresh_from_db(from_queryset=Letter.objects.select_for_update())
            if self.is_waiting:
                self._hurry()
                return self
            if self.resent_as is not None and self.resent_as.is_waiting:
                return self.resent_as.resend()
            self.resent_as = self.copy()
            self.resent_as.save()
            self.save(update_fields=["resent_as"])
            return self.resent_as

    def copy(self) -> "Letter":
        """The same letter, new; not saved."""
        return Letter(key=None, **{name: getattr(self, name) for name in COPIED})

    def _hurry(self) -> None:
        """Make it due, unless a worker may have it in hand, for whom the lease counts."""
        if self.due_at > timezone.now() + dt.timedelta(seconds=settings.LETTER_LEASE):
            self.due_at = timezone.now()
            self.save(update_fields=["due_at"])


COPIED = (
    *("kind", "recipient", "recipient_name", "language", "facts", "link_view", "link_subject", "about"),
    "to_many",
)


class Allowance(models.Model):
    """How many letters were handed to the mail server in each of the last sixty minutes.

    One row, held by whoever hands over the next: so that all workers together
    keep to LETTERS_PER_HOUR in any hour, wherever it begins.
    """

    minutes = models.JSONField(default=dict, help_text="Minute since 1970 → letters.")

    def __str__(self) -> str:
        return str(sum(self.minutes.values()))


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
