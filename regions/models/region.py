"""Regions: a tree of names, not a partition of the globe."""

from typing import Any, ClassVar

from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _
from modelcluster.fields import ParentalKey
from modelcluster.models import ClusterableModel
from wagtail.admin.panels import FieldPanel, InlinePanel
from wagtail.search import index

from pages.trilingual import TrilingualField

from .fields import CountryField, ZoneField


class RegionQuerySet(models.QuerySet["Region"]):
    def within(self, code: str) -> "RegionQuerySet":
        """The region of this code with all its sub-regions; none if unknown."""
        return self.filter(pk__in=Region.subtree(code))


class Region(index.Indexed, ClusterableModel):
    """A part of the world in which the Initiative meets.

    Regions may overlap and need not be territories ("temperate regions").
    """

    code = models.SlugField(
        _("code"), max_length=20, unique=True, help_text=_("Part of addresses and of calendar feeds: never changes.")
    )
    name = TrilingualField(_("name"))
    parent = models.ForeignKey(
        "self", verbose_name=_("lies in"), null=True, blank=True, on_delete=models.PROTECT, related_name="children"
    )
    default_timezone = ZoneField(_("usual time zone"), default="UTC")
    sort_order = models.PositiveSmallIntegerField(_("order"), default=0)
    collection = models.OneToOneField(
        "wagtailcore.Collection",
        verbose_name=_("collection"),
        null=True,
        blank=True,
        editable=False,
        on_delete=models.SET_NULL,
        related_name="region",
    )

    objects = RegionQuerySet.as_manager()

    panels: ClassVar[list[Any]] = [
        FieldPanel("code"),
        FieldPanel("name"),
        FieldPanel("parent"),
        FieldPanel("default_timezone"),
        FieldPanel("sort_order"),
        InlinePanel("countries", label=_("countries")),
    ]
    search_fields: ClassVar[list[Any]] = [
        index.SearchField("all_names"),
        index.AutocompleteField("all_names"),
    ]

    class Meta:
        ordering = ["sort_order", "code"]
        verbose_name = _("region")
        verbose_name_plural = _("regions")
        constraints = [
            models.CheckConstraint(condition=Q(parent=None) | ~Q(parent=F("id")), name="region_not_in_itself")
        ]

    def __str__(self) -> str:
        return str(self.name)

    def all_names(self) -> str:
        return " ".join(self.name.data.values()) if isinstance(self.name.data, dict) else str(self.name)

    @classmethod
    def subtree(cls, code: str) -> list[int]:
        """Primary keys of a region and of everything below it, in one query."""
        rows = list(cls.objects.values_list("pk", "parent_id", "code"))
        wanted = {pk for pk, _parent, own in rows if own == code}
        while True:
            more = {pk for pk, parent, _own in rows if parent in wanted} - wanted
            if not more:
                return sorted(wanted)
            wanted |= more

    def clean(self) -> None:
        super().clean()
        above, seen = self.parent, set()
        while above is not None:
            if above is self or (above.pk and (above.pk == self.pk or above.pk in seen)):
                raise ValidationError({"parent": _("A region can't lie in itself.")})
            seen.add(above.pk)
            above = above.parent


class RegionCountry(models.Model):
    """A country that belongs to a region; it may belong to several."""

    region = ParentalKey(Region, on_delete=models.CASCADE, related_name="countries")
    country = CountryField(_("country"))

    panels: ClassVar[list[Any]] = [FieldPanel("country")]

    class Meta:
        ordering = ["country"]
        constraints = [models.UniqueConstraint(fields=["region", "country"], name="country_once_in_region")]

    def __str__(self) -> str:
        return self.country
