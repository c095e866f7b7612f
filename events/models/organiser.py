"""Who does what in an event."""

import uuid
from typing import Any, ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _
from modelcluster.fields import ParentalKey
from wagtail.admin.panels import FieldPanel
from wagtail.models import Orderable

from regions.models import Organisation


class EventOrganiser(Orderable):
    """An organisation and its role in an event, in the order shown.

    ``key`` is stable across revisions: publishing an old one recreates rows with other pks.
    """

    class Role(models.TextChoices):
        HOST = "host", _("host")
        CO_ORGANISER = "co_organiser", _("co-organiser")
        SUPPORTER = "supporter", _("supporter")
        SPONSOR = "sponsor", _("sponsor")
        MEDIA_PARTNER = "media_partner", _("media partner")

    key = models.UUIDField(default=uuid.uuid4, editable=False)
    event = ParentalKey("events.Event", related_name="organisers", on_delete=models.CASCADE)
    organisation = models.ForeignKey(
        Organisation, verbose_name=_("organisation"), on_delete=models.PROTECT, related_name="+"
    )
    role = models.CharField(_("role"), max_length=20, choices=Role.choices, default=Role.CO_ORGANISER)

    panels: ClassVar[list[Any]] = [FieldPanel("organisation"), FieldPanel("role")]

    class Meta(Orderable.Meta):
        verbose_name = _("organiser")
        verbose_name_plural = _("organisers")

    def __str__(self) -> str:
        return f"{self.organisation.short_name} ({self.get_role_display()})"
