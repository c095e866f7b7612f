"""Numbered runs of events: Days, Fora and Consortium meetings count each for themselves."""

from typing import Any

from django.db import models
from django.db.models.signals import post_delete, post_save
from django.dispatch import receiver
from django.utils.translation import gettext_lazy as _

from pages.models import Edition
from pages.trilingual import TrilingualField


class Series(models.Model):
    """A run of events that have a name in common and, often, a number."""

    code = models.SlugField(_("code"), max_length=40, unique=True)
    name = TrilingualField(_("name"))

    class Meta:
        ordering = ["code"]
        verbose_name = _("series")
        verbose_name_plural = _("series")

    def __str__(self) -> str:
        return str(self.name)


@receiver([post_save, post_delete], sender=Series)
def rename(raw: bool = False, **kwargs: Any) -> None:
    """Pages and feeds name the series: a new edition, in the transaction of the change."""
    if not raw:
        Edition.bump()
