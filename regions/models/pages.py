"""The pages of regions, their news, and the directory, in each language."""

from typing import Any, ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Exists, OuterRef, Q
from django.http import Http404, HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from wagtail.admin.panels import FieldPanel
from wagtail.models import Page, PageManager, PageQuerySet
from wagtail.search import index
from wagtail.url_routing import RouteResult

from pages.models import ProsePage

from .region import Region

NEWS = {"fr": "actualites", "en": "news", "es": "noticias"}
"Below the page of all regions: the news from all of them. Never a region's slug."
PAGE = {"fr": "page", "en": "page", "es": "pagina"}


class RegionIndexPage(Page):
    """All regions, in one language; below it, the news from all of them."""

    template = "regions/region_index_page.html"
    news_template = "regions/news_list.html"
    subpage_types: ClassVar[list[str]] = ["regions.RegionPage"]
    max_count_per_parent = 1
    private_page_options: ClassVar[list[str]] = []

    news_page = 0
    "The page of news that this request shows; 0 for the regions."

    def route(self, request: HttpRequest, path_components: list[str]) -> RouteResult:
        language = self.locale.language_code
        if not self.live or not path_components or path_components[0] != NEWS[language]:
            return super().route(request, path_components)
        match path_components[1:]:
            case []:
                return RouteResult(self, kwargs={"news_page": 1})
            case [word, number] if (
                word == PAGE[language] and number.isascii() and number.isdecimal() and len(number) < 5
            ):
                if int(number) > 1 and not number.startswith("0"):
                    return RouteResult(self, kwargs={"news_page": int(number)})
        raise Http404

    def serve(self, request: HttpRequest, news_page: int = 0) -> HttpResponse:
        self.news_page = news_page
        return super().serve(request)

    def get_template(self, request: HttpRequest, *args: Any, **kwargs: Any) -> str:
        return self.news_template if self.news_page else self.template

    def below(self, language: str) -> str:
        return self.news_path(language, self.news_page) if self.news_page else ""

    @staticmethod
    def news_path(language: str, number: int = 1) -> str:
        """Where a page of the news stands below this page."""
        return f"{NEWS[language]}/" + (f"{PAGE[language]}/{number}/" if number > 1 else "")

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
        verbose_name_plural = _("pages of regions")


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
        """Written below the pages of a region or of its sub-regions."""
        paths = RegionPage.objects.filter(region__in=Region.subtree(region.code)).values_list("path", flat=True)
        below = Q(pk__in=[])
        for path in paths:
            below |= Q(path__startswith=path)
        return self.filter(below)


class NewsPage(ProsePage):
    """News from a region, written by its correspondent.

    ``event`` is the UID of the event it tells about, resolved by the room above.
    """

    date = models.DateField(_("date"), default=timezone.localdate)
    summary = models.TextField(_("summary"), blank=True)
    author_role = models.CharField(_("written by"), max_length=100, blank=True)
    event = models.UUIDField(_("event"), null=True, blank=True, db_index=True, editable=False)

    objects = PageManager.from_queryset(NewsQuerySet)()

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

    asks = ("q", "country")

    template = "regions/organisations_page.html"
    subpage_types: ClassVar[list[str]] = []
    max_count_per_parent = 1

    class Meta:
        verbose_name = _("directory of organisations")
