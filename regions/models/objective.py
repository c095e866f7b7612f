"""What an event works towards: strategic objectives and facilities, used as tags."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from pages.trilingual import TrilingualField


class Goal(models.Model):
    """One of the goals A to F under which the objectives stand."""

    code = models.CharField(_("code"), max_length=1, unique=True)
    title = TrilingualField(_("title"))

    class Meta:
        ordering = ["code"]
        verbose_name = _("goal")
        verbose_name_plural = _("goals")

    def __str__(self) -> str:
        return f"{self.code}. {self.title}"


class Facility(models.Model):
    """A Core or Global Facility of the Initiative."""

    class Kind(models.TextChoices):
        CORE = "core", _("Core Facility")
        GLOBAL = "global", _("Global Facility")

    code = models.SlugField(_("code"), max_length=10, unique=True)
    kind = models.CharField(_("kind"), max_length=10, choices=Kind.choices)
    title = TrilingualField(_("title"))
    led_by = models.CharField(_("led by"), max_length=100, blank=True)

    class Meta:
        ordering = ["kind", "code"]
        verbose_name = _("facility")
        verbose_name_plural = _("facilities")

    def __str__(self) -> str:
        return f"{self.code} {self.title}"


class Objective(models.Model):
    """One of the 24 strategic objectives, A1 to F3."""

    code = models.CharField(_("code"), max_length=4, unique=True)
    goal = models.ForeignKey(Goal, verbose_name=_("goal"), on_delete=models.PROTECT, related_name="objectives")
    facility = models.ForeignKey(
        Facility, verbose_name=_("facility"), null=True, blank=True, on_delete=models.PROTECT, related_name="objectives"
    )
    title = TrilingualField(_("title"))

    class Meta:
        ordering = ["code"]
        verbose_name = _("strategic objective")
        verbose_name_plural = _("strategic objectives")

    def __str__(self) -> str:
        return f"{self.code} {self.title}"
