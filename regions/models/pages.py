"""The pages of regions, their news, and the directory, in each language."""

from typing import Any, ClassVar

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from wagtail.admin.panels import FieldPanel
from wagtail.models import Page
from wagtail.search import index

from pages.models import ProsePage

from .region import Region


class RegionIndexPage(Page):
    """All regions, in one language."""

    template = "regions/region_index_page.html"
    subpage_types: ClassVar[list[str]] = ["regions.RegionPage"]
    max_count_per_parent = 1

    class Meta:
        verbose_name = _("page of all regions")


class RegionPage(ProsePage):
    """One region, in one language: its meetings, its news, its own words."""

    region = models.ForeignKey(Region, verbose_name=_("region"), on_delete=models.PROTECT, related_name="pages")

    template = "regions/region_page.html"
    content_panels: ClassVar[list[Any]] = [*Page.content_panels, FieldPanel("region"), FieldPanel("body")]
    parent_page_types: ClassVar[list[str]] = ["regions.RegionIndexPage"]
    subpage_types: ClassVar[list[str]] = ["regions.NewsPage"]

    class Meta:
        verbose_name = _("page of a region")


class NewsPage(ProsePage):
    """News from a region, written by its correspondent.

    ``event`` is the UID of the event it tells about, resolved by the room above.
    """

    date = models.DateField(_("date"), default=timezone.localdate)
    summary = models.TextField(_("summary"), blank=True)
    author_role = models.CharField(_("written by"), max_length=100, blank=True)
    event = models.UUIDField(_("event"), null=True, blank=True, db_index=True, editable=False)

    template = "regions/news_page.html"
    content_panels: ClassVar[list[Any]] = [
        *Page.content_panels,
        FieldPanel("date"),
        FieldPanel("summary"),
        FieldPanel("body"),
    ]
    search_fields: ClassVar[list[Any]] = [
        *ProsePage.search_fields,
        index.SearchField("summary"),
        index.FilterField("date"),
    ]
    parent_page_types: ClassVar[list[str]] = ["regions.RegionPage"]
    subpage_types: ClassVar[list[str]] = []

    class Meta:
        verbose_name = _("news")
        verbose_name_plural = _("news")
        indexes = [models.Index(fields=["-date"])]


class OrganisationsPage(ProsePage):
    """The directory of organisations, in one language."""

    template = "regions/organisations_page.html"
    subpage_types: ClassVar[list[str]] = []
    max_count_per_parent = 1

    class Meta:
        verbose_name = _("directory of organisations")
