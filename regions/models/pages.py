"""The pages of regions and the directory, in each language."""

from typing import Any, ClassVar

from django.db import models
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext_lazy as _
from wagtail.admin.panels import FieldPanel
from wagtail.models import Page
from wagtail.url_routing import RouteResult

from pages.models import LANGUAGES, KeptPage, ProsePage
from pages.trilingual import told_in

from .below import BelowOnly
from .organisation import FormerAddress, Organisation
from .region import Region

NEWS = {"fr": "actualites", "en": "news", "es": "noticias"}
"Below the page of all regions: the news from all of them. Never a region's slug."
PAGE = {"fr": "page", "en": "page", "es": "pagina"}


class RegionIndexPage(KeptPage, Page):
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
    content_panels: ClassVar[list[Any]] = [*Page.content_panels, FieldPanel("region"), FieldPanel("body"), LANGUAGES]
    parent_page_types: ClassVar[list[str]] = ["regions.RegionIndexPage"]
    subpage_types: ClassVar[list[str]] = ["regions.NewsPage"]

    def permissions_for_user(self, user: Any) -> BelowOnly:
        return BelowOnly(user, self)

    class Meta:
        verbose_name = _("page of a region")
        verbose_name_plural = _("pages of regions")


class OrganisationsPage(ProsePage):
    """The directory of organisations, in one language."""

    copied_for_translation = False

    asks = ("q", "country", "kind", "college", "role")

    template = "regions/organisations_page.html"
    organisation_template = "regions/organisation.html"
    subpage_types: ClassVar[list[str]] = []
    max_count_per_parent = 1

    organisation: Organisation | None = None
    "The one that this request shows; none for the directory."

    class Meta:
        verbose_name = _("directory of organisations")

    def route(self, request: HttpRequest, path_components: list[str]) -> RouteResult:
        if self.live and len(path_components) == 1:
            return RouteResult(self, kwargs={"slug": path_components[0]})
        return super().route(request, path_components)

    def serve(self, request: HttpRequest, slug: str = "") -> HttpResponse:
        """The directory, or one organisation; an address that one had leads to that of today."""
        if slug:
            self.organisation = Organisation.objects.select_related("college", "logo").filter(slug=slug).first()
            if self.organisation is None:
                former = FormerAddress.objects.select_related("organisation").filter(slug=slug).first()
                if former is None or not former.organisation.slug:
                    raise Http404
                return redirect(f"{self.get_url(request)}{former.organisation.slug}/", permanent=True)
        return super().serve(request)

    def get_template(self, request: HttpRequest, *args: Any, **kwargs: Any) -> str:
        return self.organisation_template if self.organisation else self.template

    @property
    def told_in(self) -> list[str]:
        """An organisation's page is in the languages in which it has a name."""
        return told_in(self.organisation.name) if self.organisation else super().told_in

    def below(self, language: str) -> str:
        return f"{self.organisation.slug}/" if self.organisation else ""
