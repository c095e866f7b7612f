"""News from the regions: what somebody wrote in one language, and what it is about."""

import datetime as dt
import uuid
from typing import Any, ClassVar
from zoneinfo import ZoneInfo

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import Exists, OuterRef, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from modelcluster.fields import ParentalManyToManyField
from wagtail.models import PageManager, PageQuerySet
from wagtail.search import index

from pages.models import ProsePage
from pages.translation.translated import SEEN_BY_ENGINES
from regions import news_form

from .objective import Objective
from .pages import RegionPage
from .region import Region


class NewsQuerySet(PageQuerySet):
    def for_readers_of(self, language: str) -> "NewsQuerySet":
        """Each public item once: in the language, else in French, else in the first there is."""
        order = list(dict.fromkeys([language, settings.LANGUAGE_CODE, *(code for code, _name in settings.LANGUAGES)]))
        best: Any = Q(locale__language_code=order[0])
        for at, code in enumerate(order[1:], start=1):
            better = NewsPage.objects.live().filter(
                translation_key=OuterRef("translation_key"), locale__language_code__in=order[:at]
            )
            best |= Q(locale__language_code=code) & ~Exists(better.order_by())
        return self.live().filter(best).select_related("locale").order_by("-date", "-pk")

    def about(self, region: Region) -> "NewsQuerySet":
        """Written below the pages of a region or of its sub-regions, or said to concern one of them.

        What one language says of an item holds for all its languages.
        """
        regions = Region.subtree(region.code)
        concerned = Q(more_regions__in=regions)
        for path in RegionPage.objects.filter(region__in=regions).values_list("path", flat=True):
            concerned |= Q(path__startswith=path)
        said = NewsPage.objects.live().filter(concerned).order_by()
        return self.filter(translation_key__in=said.values("translation_key"))

    def telling_of(self, event: uuid.UUID) -> "NewsQuerySet":
        """That name an event, by its UID, in any of their languages."""
        said = NewsPage.objects.live().filter(event=event).order_by()
        return self.filter(translation_key__in=said.values("translation_key"))


class NewsPage(ProsePage):
    """News from a region, written by its correspondent.

    The region is that of the page it stands below; ``more_regions`` are others
    it concerns. ``event`` is the UID of the event it tells about, resolved by the
    room above. ``date`` is a day in the region's own zone.
    """

    class Kind(models.TextChoices):
        NEWS = "news", _("news")
        SUCCESS_STORY = "success_story", _("success story")
        KEY_FIGURE = "key_figure", _("key figure")
        PRESS_REVIEW = "press_review", _("press review")

    class Signature(models.TextChoices):
        ROLE = "role", _("by my role")
        NAME = "name", _("by my name")

    date = models.DateField(_("date"), default=timezone.localdate)
    kind = models.CharField(_("kind"), max_length=20, choices=Kind.choices, default=Kind.NEWS)
    summary = models.TextField(_("summary"), blank=True)
    image = models.ForeignKey(
        "wagtailimages.Image",
        verbose_name=_("picture"),
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="+",
    )
    image_alt = models.CharField(
        _("what the picture shows"),
        max_length=250,
        blank=True,
        help_text=_("For those who do not see it, in the language of this page."),
    )
    image_credit = models.CharField(_("picture credit"), max_length=150, blank=True)
    signature = models.CharField(_("signed"), max_length=10, choices=Signature.choices, default=Signature.ROLE)
    author_role = models.CharField(_("written by (role)"), max_length=100, blank=True)
    author_name = models.CharField(_("written by (name)"), max_length=150, blank=True)
    event = models.UUIDField(_("event it tells about"), null=True, blank=True, db_index=True)
    more_regions = ParentalManyToManyField(
        Region, verbose_name=_("other regions it concerns"), blank=True, related_name="more_news"
    )
    objectives = ParentalManyToManyField(
        Objective, verbose_name=_("strategic objectives"), blank=True, related_name="news"
    )
    source_name = models.CharField(_("source"), max_length=150, blank=True)
    source_url = models.URLField(_("address of the source"), max_length=500, blank=True)

    objects = PageManager.from_queryset(NewsQuerySet)()

    translated: ClassVar[tuple[str, ...]] = (
        *("title", "summary", "image_alt", "image_credit", "author_role", "body", "source_name"),
        *SEEN_BY_ENGINES,
    )
    carried_over: ClassVar[tuple[str, ...]] = (
        *("date", "kind", "signature", "author_name", "event"),
        *("more_regions", "objectives", "source_url"),
    )
    set_again: ClassVar[tuple[str, ...]] = ("image",)  # with the words that say what it shows
    translated_by_writers = True

    template = "regions/news_page.html"
    edit_handler = news_form.tabs
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

    @property
    def region(self) -> Region | None:
        """The region below whose page it stands; kept for the request."""
        if "_region" not in self.__dict__:
            page = RegionPage.objects.filter(path=self.path[: -self.steplen]).select_related("region").first()
            self._region = page.region if page else None
        return self._region

    @property
    def byline(self) -> str:
        """Who wrote it, as its author chose to say it."""
        return self.author_name if self.signature == self.Signature.NAME and self.author_name else self.author_role

    def save(self, *args: Any, **kwargs: Any) -> None:
        """Refuse to be public with a picture that some cannot see; a draft may wait for its words.

        Raises:
            ValidationError: what the picture shows is missing.
        """
        if self.live and self.image_id and not self.image_alt.strip() and kwargs.get("update_fields") is None:
            raise ValidationError(
                {"image_alt": ValidationError(_("Say in a few words what the picture shows."), code="required")}
            )
        super().save(*args, **kwargs)


def today_in(region: Region | None) -> dt.date:
    """The day it is now in a region."""
    return timezone.now().astimezone(ZoneInfo(region.default_timezone if region else "UTC")).date()
