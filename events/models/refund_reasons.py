"""Why money goes back."""

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


class Reason(models.TextChoices):
    """Why money goes back."""

    CANCELLED = "cancelled", _("the participant cancelled")
    LATE = "late", _("paid too late, without a seat")
    TWICE = "twice", _("paid twice")
    EVENT = "event", _("the event is called off")
    STAFF = "staff", pgettext_lazy("of a refund", "by the team")
    DASHBOARD = "dashboard", _("from Stripe’s dashboard")
