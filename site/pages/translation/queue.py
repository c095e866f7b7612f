"""The queue in the admin: what waits to be translated, for whoever it is in the hands of."""

from collections.abc import Callable, Iterable
from typing import Any

import django_filters
from django.conf import settings
from django.contrib.contenttypes.models import ContentType
from django.core.exceptions import PermissionDenied
from django.db.models import Q
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.template.response import TemplateResponse
from django.urls import URLPattern, include, path, reverse
from django.utils.functional import cached_property
from django.utils.html import format_html
from django.utils.text import capfirst
from django.utils.timesince import timesince
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from wagtail.admin.filters import WagtailFilterSet
from wagtail.admin.menu import MenuItem
from wagtail.admin.ui.components import Component
from wagtail.admin.ui.tables import Column, TitleColumn
from wagtail.admin.views.reports import ReportView
from wagtail.admin.widgets.button import HeaderButton
from wagtail.models import Page, get_page_models

from . import short_texts
from .panel import follow
from .rendition import Rendition, RenditionQuerySet
from .standing import STALE, STATES, described, queue_of, within_reach

Places = Callable[[Iterable[Page]], dict[int, str]]

places: list[Places] = []
"Rooms that know where pages belong name it here: page → the name of its region."

regions: list[tuple[Callable[[], list[tuple[str, str]]], Callable[[str], Q]]] = []
"Rooms that can narrow the queue to a region: the choices, and the condition on renditions for one of them."


class QueueFilterSet(WagtailFilterSet):
    """Language, state, kind of page, region."""

    language = django_filters.ChoiceFilter(
        label=gettext_lazy("Into"), choices=settings.LANGUAGES, field_name="page__locale__language_code"
    )
    state = django_filters.ChoiceFilter(label=gettext_lazy("State"), choices=STATES)
    kind = django_filters.ChoiceFilter(
        label=gettext_lazy("Kind"), choices=lambda: _kinds(), field_name="page__content_type"
    )
    region = django_filters.ChoiceFilter(
        label=gettext_lazy("Region"), choices=lambda: _region_choices(), method="by_region"
    )

    class Meta:
        model = Rendition
        fields: list[str] = []

    def by_region(self, rows: RenditionQuerySet, name: str, value: str) -> RenditionQuerySet:
        condition = Q(pk__in=[])
        for _choices, narrowed in regions:
            condition |= narrowed(value)
        return rows.filter(condition)


class QueueView(ReportView):
    """Each row leads into the side-by-side editor of its page."""

    model = None
    page_title = gettext_lazy("Translations")
    header_icon = "wagtail-localize-language"
    index_url_name = "translations:index"
    index_results_url_name = "translations:index_results"
    filterset_class = QueueFilterSet
    default_ordering = "since"
    is_searchable = False

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        if not has_part(request.user):
            raise PermissionDenied
        answer: HttpResponseBase = super().dispatch(request, *args, **kwargs)
        return answer

    def get_queryset(self) -> RenditionQuerySet:
        return queue_of(self.request.user).select_related("page__locale", "page__content_type", "source__locale")

    def decorate_paginated_queryset(self, object_list: Any) -> Any:
        self._regions.update(regions_of([row.page for row in object_list]))
        return object_list

    @cached_property
    def _regions(self) -> dict[int, str]:
        return {}

    @cached_property
    def columns(self) -> list[Column]:
        return [
            TitleColumn("title", label=gettext_lazy("Text"), accessor=_title, get_url=_edit_url),
            Column("language", label=gettext_lazy("Into"), accessor=_into),
            Column("state", label=gettext_lazy("State"), accessor=_state),
            Column("progress", label=gettext_lazy("Texts"), accessor=_progress),
            Column("since", label=gettext_lazy("Since"), accessor=_age),
            Column("region", label=gettext_lazy("Region"), accessor=lambda row: self._regions.get(row.page_id, "")),
            Column("kind", label=gettext_lazy("Kind"), accessor=_kind),
        ]

    @cached_property
    def header_buttons(self) -> list[HeaderButton]:
        buttons: list[HeaderButton] = list(super().header_buttons)
        if short_texts.has_part(self.request.user):
            url = reverse("translations:short")
            buttons.append(HeaderButton(_("Short texts"), url=url, icon_name="list-ul", priority=10))
        return buttons


def short(request: HttpRequest) -> HttpResponse:
    """Names and titles that a language lacks: they are written in the form of what they name."""
    if not short_texts.has_part(request.user):
        raise PermissionDenied
    crumbs = [
        {"url": reverse("wagtailadmin_home"), "label": _("Home")},
        {"url": reverse("translations:index"), "label": _("Translations")},
        {"url": "", "label": _("Short texts")},
    ]
    context = {
        "groups": short_texts.lacking(request.user),
        "header_title": _("Short texts"),
        "breadcrumbs_items": crumbs,
        "header_icon": "list-ul",
    }
    return TemplateResponse(request, "desk/short_texts.html", context)


class TranslationsPanel(Component):
    """On the first page of the admin: how much waits in each language, and since when."""

    name = "translations"
    order = 120
    template_name = "desk/translations_panel.html"

    def __init__(self, user: Any) -> None:
        counts: dict[str, dict[str, Any]] = {}
        rows = described(within_reach(user).wanted()).order_by("since")
        for code, state, since in rows.values_list("page__locale__language_code", "state", "since"):
            count = counts.setdefault(code, {"code": code, "total": 0, "stale": 0, "since": since})
            count["total"] += 1
            count["stale"] += state == STALE
        index = reverse("translations:index")
        self.languages = [
            counts[code] | {"name": name, "url": f"{index}?language={code}"}
            for code, name in settings.LANGUAGES
            if code in counts
        ]

    def get_context_data(self, parent_context: Any) -> dict[str, Any]:
        return {"languages": self.languages, "url": reverse("translations:index")}


class QueueMenuItem(MenuItem):
    """For those in whose hands something could be."""

    def is_shown(self, request: HttpRequest) -> bool:
        return has_part(request.user)


def menu_item() -> QueueMenuItem:
    return QueueMenuItem(
        gettext_lazy("Translations"),
        reverse("translations:index"),
        name="translations",
        icon_name="wagtail-localize-language",
        order=130,
    )


def addresses() -> list[Any]:
    views: list[URLPattern] = [
        path("", QueueView.as_view(), name="index"),
        path("results/", QueueView.as_view(results_only=True), name="index_results"),
        path("short/", short, name="short"),
        path("<int:pk>/follow/", follow, name="follow"),
    ]
    return [path("translations/", include((views, "translations")))]


def home_panel(request: HttpRequest, panels: list[Any]) -> None:
    if has_part(request.user):
        panels.append(TranslationsPanel(request.user))


def has_part(user: Any) -> bool:
    """Whether somebody writes pages at all."""
    from wagtail.permissions import policy_registry

    return bool(policy_registry.get_by_type(Page).user_has_any_permission(user, ["add", "change"]))


def regions_of(pages: Iterable[Page]) -> dict[int, str]:
    """Page → the name of the region it is about, where a room knows it."""
    listed = list(pages)
    found: dict[int, str] = {}
    for ask in places:
        found |= ask(listed)
    return found


# -- what a row says


def _title(row: Any) -> str:
    return format_html('<span lang="{}">{}</span>', row.source.locale.language_code, row.source.title)


def _edit_url(row: Any) -> str:
    return reverse("wagtailadmin_pages:edit", args=[row.page_id])


def _into(row: Any) -> str:
    source, target = row.source.locale.get_display_name(), row.page.locale.get_display_name()
    return format_html('{} <span aria-hidden="true">→</span> {}', source, target)


def _state(row: Any) -> str:
    return capfirst(str(dict(STATES)[row.state]))


def _progress(row: Any) -> str:
    if not row.is_side_by_side:
        return _("a text of its own")
    return f"{row.done} / {row.total}"


def _age(row: Any) -> str:
    return format_html('<time datetime="{}">{}</time>', row.since.isoformat(), timesince(row.since, depth=1))


def _kind(row: Any) -> str:
    model = row.page.content_type.model_class()
    return capfirst(str(model._meta.verbose_name)) if model else ""


def _kinds() -> list[tuple[int, str]]:
    from pages.models import ProsePage

    models = [model for model in get_page_models() if issubclass(model, ProsePage)]
    types = ContentType.objects.get_for_models(*models)
    return sorted(
        ((one.pk, capfirst(str(model._meta.verbose_name))) for model, one in types.items()), key=lambda c: c[1]
    )


def _region_choices() -> list[tuple[str, str]]:
    found: dict[str, str] = {}
    for choices, _narrowed in regions:
        found |= dict(choices())
    return sorted(found.items(), key=lambda choice: choice[1])
