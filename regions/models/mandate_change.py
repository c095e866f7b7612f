"""The history of mandates: who held what, from when to when, by whose hand."""

from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

if TYPE_CHECKING:
    from .mandate import Mandate


class MandateChange(models.Model):
    """One thing done to a mandate.

    ``terms`` are those that hold from here on, written out with names, so that
    the line stays true whatever becomes of the region or the account.
    """

    class What(models.TextChoices):
        GIVEN = "given", _("given")
        CHANGED = "changed", _("changed")
        RENEWED = "renewed", _("renewed")
        HANDED_OVER = "handed_over", _("handed over")
        ENDED = "ended", _("ended")

    mandate = models.ForeignKey(
        "regions.Mandate", verbose_name=_("mandate"), on_delete=models.PROTECT, related_name="changes"
    )
    what = models.CharField(_("what"), max_length=20, choices=What.choices)
    at = models.DateTimeField(_("when"), default=timezone.now)
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("who"),
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="+",
    )
    by_name = models.CharField(max_length=200, blank=True, editable=False)
    note = models.TextField(_("note"), blank=True)
    terms = models.JSONField(default=dict)

    class Meta:
        ordering = ["-at", "-pk"]
        verbose_name = _("change of a mandate")
        verbose_name_plural = _("changes of mandates")

    def __str__(self) -> str:
        return f"{self.mandate}: {self.get_what_display()}"

    @classmethod
    def note_down(cls, mandate: "Mandate", what: str, by: Any, note: str) -> "MandateChange":
        """Write the line, in the transaction of what was done."""
        name = mandate.region.name
        return cls.objects.create(
            mandate=mandate,
            what=what,
            by=by,
            by_name=str(by.get_full_name() or by.get_username()) if by else "",
            note=note,
            terms={
                **{term: getattr(mandate, term) for term in mandate.TERMS},
                "person": mandate.person.get_full_name() or mandate.person.get_username(),
                "region": mandate.region.code,
                "region_name": name.data if hasattr(name, "data") else str(name),
                "timezone": mandate.region.default_timezone,
                "starts_on": mandate.starts_on.isoformat(),
                "ends_on": mandate.ends_on.isoformat(),
                "begins_at": mandate.begins_at.isoformat(),
                "expires_at": mandate.expires_at.isoformat(),
            },
        )
