"""Who gives receipts: name, address and numbers of the Secretariat, as the staff write them in Wagtail's settings."""

from typing import Any, ClassVar

from django.db import models
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from wagtail.admin.panels import FieldPanel
from wagtail.contrib.settings.models import BaseGenericSetting, register_setting


@register_setting(icon="doc-full")
class Issuer(BaseGenericSetting):
    """One row; none as long as nobody has written anything."""

    name = models.CharField(
        _("name"), max_length=200, blank=True, help_text=_("Left empty: the Executive Secretariat of the Initiative.")
    )
    address = models.TextField(_("postal address"), max_length=500, blank=True)
    email = models.EmailField(
        _("e-mail"),
        max_length=254,
        blank=True,
        help_text=_("For questions about a receipt. Left empty: the contact of the event."),
    )
    numbers = models.TextField(
        _("registration or tax numbers"),
        max_length=500,
        blank=True,
        help_text=_("As they must stand on a receipt, one a line."),
    )

    panels: ClassVar[list[Any]] = [
        FieldPanel("name"),
        FieldPanel("address"),
        FieldPanel("email"),
        FieldPanel("numbers"),
    ]

    class Meta:
        verbose_name = _("issuer of receipts")

    def __str__(self) -> str:
        return self.called

    @classmethod
    def current(cls) -> "Issuer":
        """As the staff wrote it; reading it writes nothing."""
        return cls.objects.order_by("pk").first() or cls()

    @property
    def called(self) -> str:
        return self.name or gettext("The Executive Secretariat of the international “4 per 1000” Initiative")
