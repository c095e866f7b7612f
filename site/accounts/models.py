"""What is kept of people who log in, beside Django's user and allauth's factors and sessions."""

import datetime as dt

from django.conf import settings
from django.contrib.auth.models import User
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _


class InvitedQuerySet(models.QuerySet["Invitation"]):
    def unanswered(self) -> "InvitedQuerySet":
        return self.filter(answered_at=None)


class Invitation(models.Model):
    """That somebody was asked to make the account theirs by choosing a password.

    One a person, whoever asks however often. ``number`` is raised by each new
    letter, so that the links of the former ones are dead; an answered one has
    no living link at all.
    """

    LASTS = dt.timedelta(days=7)

    user = models.OneToOneField(
        settings.AUTH_USER_MODEL, models.CASCADE, related_name="invitation", verbose_name=_("person")
    )
    language = models.CharField(_("language"), max_length=5, choices=settings.LANGUAGES)
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="+", verbose_name=_("invited by")
    )
    number = models.PositiveIntegerField(default=1)
    sent_at = models.DateTimeField(_("invited"), default=timezone.now)
    expires_at = models.DateTimeField(_("expires"))
    answered_at = models.DateTimeField(_("answered"), null=True, blank=True)

    objects = InvitedQuerySet.as_manager()

    class Meta:
        verbose_name = _("invitation")
        verbose_name_plural = _("invitations")
        indexes = [models.Index(fields=["expires_at"], condition=Q(answered_at=None), name="invitations_unanswered")]

    def __str__(self) -> str:
        return str(self.user)

    @property
    def is_open(self) -> bool:
        """Whether its link still opens the page where a password is chosen."""
        return self.answered_at is None and timezone.now() < self.expires_at


class Person(User):
    """Somebody who logs in, as the staff see them: invited, in, or closed."""

    class Meta:
        proxy = True
        ordering = ["last_name", "first_name", "username"]
        verbose_name = _("person")
        verbose_name_plural = _("people with an account")
        default_permissions = ("add", "change", "view")
        permissions = [("reset_factor", _("May take away somebody’s second factor"))]

    @property
    def standing(self) -> str:
        """One of closed, member, invited (a link is open), silent (it expired), unasked (nobody wrote)."""
        if not self.is_active:
            return "closed"
        if self.has_usable_password():
            return "member"
        invitation = getattr(self, "invitation", None)
        if invitation is None:
            return "unasked"
        return "invited" if invitation.is_open else "silent"
