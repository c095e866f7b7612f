"""Organisations that host, co-organise and support."""

from typing import Any, ClassVar

from django.db import models, transaction
from django.utils.text import slugify
from django.utils.translation import gettext_lazy as _
from wagtail.admin.panels import FieldPanel, FieldRowPanel
from wagtail.search import index

from pages.trilingual import TrilingualField

from .fields import CountryField


class College(models.Model):
    """One of the colleges in which members and partners sit."""

    code = models.SlugField(_("code"), max_length=20, unique=True)
    name = TrilingualField(_("name"))
    sort_order = models.PositiveSmallIntegerField(_("order"), default=0)

    class Meta:
        ordering = ["sort_order", "code"]
        verbose_name = _("college")
        verbose_name_plural = _("colleges")

    def __str__(self) -> str:
        return str(self.name)


class Organisation(index.Indexed, models.Model):
    """An institution, told once, named in three languages."""

    class Kind(models.TextChoices):
        SECRETARIAT = "secretariat", _("secretariat")
        MINISTRY = "ministry", _("ministry")
        LOCAL_AUTHORITY = "local_authority", _("local authority")
        EMBASSY = "embassy", _("embassy")
        DEVELOPMENT_AGENCY = "development_agency", _("development agency")
        UN = "un", _("United Nations body")
        INTERGOVERNMENTAL = "intergovernmental", _("intergovernmental organisation")
        INTERNATIONAL_RESEARCH = "international_research", _("international research centre")
        PUBLIC_RESEARCH = "public_research", _("public research")
        UNIVERSITY = "university", _("university")
        TECHNICAL_INSTITUTE = "technical_institute", _("technical institute")
        FOUNDATION = "foundation", _("foundation")
        NGO = "ngo", _("non-governmental organisation")
        FARMERS = "farmers", _("farmers' organisation")
        COALITION = "coalition", _("coalition")
        PROGRAMME = "programme", _("programme")
        COMPANY = "company", _("company")
        OTHER = "other", _("other")

    short_name = models.CharField(_("short name"), max_length=40, unique=True)
    slug = models.SlugField(
        _("address"),
        max_length=60,
        unique=True,
        null=True,
        blank=True,
        help_text=_("The end of the address of its page. Left empty: made of the short name."),
    )
    name = TrilingualField(_("name"))
    country = CountryField(_("country"), blank=True)
    kind = models.CharField(_("kind"), max_length=30, choices=Kind.choices, default=Kind.OTHER)
    college = models.ForeignKey(
        College,
        verbose_name=_("college"),
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="organisations",
    )
    url = models.URLField(_("website"), blank=True)
    logo = models.ForeignKey(
        "wagtailimages.Image",
        verbose_name=_("logo"),
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="+",
    )
    latitude = models.DecimalField(_("latitude"), max_digits=9, decimal_places=6, null=True, blank=True)
    longitude = models.DecimalField(_("longitude"), max_digits=9, decimal_places=6, null=True, blank=True)

    panels: ClassVar[list[Any]] = [
        FieldRowPanel([FieldPanel("short_name"), FieldPanel("slug")]),
        FieldPanel("name"),
        FieldRowPanel([FieldPanel("kind"), FieldPanel("college")]),
        FieldPanel("country"),
        FieldPanel("url"),
        FieldPanel("logo"),
        FieldRowPanel([FieldPanel("latitude"), FieldPanel("longitude")]),
    ]
    search_fields: ClassVar[list[Any]] = [
        index.SearchField("short_name"),
        index.AutocompleteField("short_name"),
        index.SearchField("all_names"),
        index.AutocompleteField("all_names"),
    ]

    class Meta:
        ordering = ["short_name"]
        verbose_name = _("organisation")
        verbose_name_plural = _("organisations")
        constraints = [
            models.CheckConstraint(
                condition=models.Q(latitude=None) | models.Q(latitude__range=(-90, 90)), name="organisation_latitude"
            ),
            models.CheckConstraint(
                condition=models.Q(longitude=None) | models.Q(longitude__range=(-180, 180)),
                name="organisation_longitude",
            ),
        ]

    def __str__(self) -> str:
        return str(self.name)

    def save(self, **kwargs: Any) -> None:  # type: ignore[override]
        """Take an address if there is none; one that changes leaves a redirect."""
        fields = kwargs.get("update_fields")
        if not self.slug and (fields is None or "slug" in fields):
            self.slug = self.free_slug()
        before = None
        if self.pk and (fields is None or "slug" in fields):
            before = Organisation.objects.filter(pk=self.pk).values_list("slug", flat=True).first()
        with transaction.atomic():
            super().save(**kwargs)
            FormerAddress.objects.filter(slug=self.slug).delete()
            if before and before != self.slug:
                FormerAddress.objects.update_or_create(slug=before, defaults={"organisation": self})

    @property
    def acronym(self) -> str:
        """The short name where people use it: not the name once more, nor a key such as "MASA-FR"."""
        short = self.short_name
        is_key = bool(self.country) and short.endswith(f"-{self.country}")
        return "" if is_key or short.casefold() in {text.casefold() for text in _said(self.name)} else short

    def all_names(self) -> str:
        return " ".join(self.name.data.values()) if isinstance(self.name.data, dict) else str(self.name)

    def free_slug(self) -> str:
        """Made of the short name; a number is added where another has it."""
        base = slugify(self.short_name)[:50].strip("-") or "organisation"
        taken = set(
            Organisation.objects.filter(slug__startswith=base).exclude(pk=self.pk).values_list("slug", flat=True)
        ) | set(FormerAddress.objects.filter(slug__startswith=base).values_list("slug", flat=True))
        slug, number = base, 2
        while slug in taken:
            slug, number = f"{base}-{number}", number + 1
        return slug


class FormerAddress(models.Model):
    """An address that an organisation had, or one merged into it: it leads to its page for good."""

    slug = models.SlugField(max_length=60, unique=True)
    organisation = models.ForeignKey(Organisation, on_delete=models.CASCADE, related_name="former_addresses")

    class Meta:
        verbose_name = _("former address")
        verbose_name_plural = _("former addresses")

    def __str__(self) -> str:
        return self.slug


def _said(name: Any) -> list[str]:
    said = getattr(name, "data", name)
    return list(said.values()) if isinstance(said, dict) else [str(said)]
