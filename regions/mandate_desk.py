"""Mandates on one screen: who cares for which region, until when, and everything the staff do about it."""

from typing import Any
from urllib.parse import urlencode

from django.core.exceptions import PermissionDenied
from django.db.models import Q
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import path, reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.generic import TemplateView
from wagtail.admin import messages
from wagtail.admin.menu import MenuItem
from wagtail.admin.views.generic.base import WagtailAdminTemplateMixin
from wagtail.admin.viewsets.base import ViewSet

from pages.trilingual import shown

from .mandate_filter import FilterForm, People
from .mandate_forms import ACTS, Act, GiveForm
from .mandate_rows import row, told_changes
from .mandates import reach
from .models import Mandate, MandateChange, Region

PER_PAGE = 200
"Changes shown at once; more are found by the filters."


def may(user: Any, verb: str = "view") -> bool:
    """Whether somebody may see mandates, or do more about them; whoever may do more sees them."""
    verbs = ("view", "add", "change") if verb == "view" else (verb,)
    return any(user.has_perm(f"regions.{one}_mandate") for one in verbs)


class _Screen(WagtailAdminTemplateMixin, TemplateView):
    page_title = gettext_lazy("Mandates")
    header_icon = "user"

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> Any:
        if not may(request.user):
            raise PermissionDenied
        return super().dispatch(request, *args, **kwargs)

    def get_breadcrumbs_items(self) -> list[dict[str, Any]]:
        return [*super().get_breadcrumbs_items(), {"url": reverse("mandates:index"), "label": str(self.page_title)}]


class MandatesView(_Screen):
    """The table; below a row, what is done about it or its history; above the table, a new mandate."""

    template_name = "desk/mandates.html"
    giving = False

    def act_form(self, data: Any = None) -> Act | None:
        """The form this address opens, for those who may send it."""
        if self.giving:
            self.demand("add")
            return GiveForm(data, initial=self.begun_with())
        name = self.kwargs.get("act")
        if name is None or name == "history":
            return None
        if name not in ACTS:
            raise Http404
        self.demand("change")
        return ACTS[name](data, mandate=self.mandate)

    def demand(self, verb: str) -> None:
        if not may(self.request.user, verb):
            raise PermissionDenied

    def begun_with(self) -> dict[str, Any]:
        """A new mandate begins with the region asked for, or with the terms of one that has ended."""
        asked = self.request.GET
        former = asked.get("like", "")
        if former.isascii() and former.isdecimal() and len(former) < 10:
            like = get_object_or_404(Mandate, pk=former)
            return {
                "person": like.person_id,
                "region": like.region_id,
                "languages": like.languages,
                "matters": like.matters(),
                "may_publish": "yes" if like.may_publish else "",
                "with_subregions": like.with_subregions,
            }
        return {"region": asked["in"]} if asked.get("in") else {}

    def setup(self, request: HttpRequest, *args: Any, **kwargs: Any) -> None:
        super().setup(request, *args, **kwargs)
        self.mandate: Mandate | None = None

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> Any:
        if "pk" in kwargs and may(request.user):
            found = Mandate.objects.select_related("region", "person", "follows__person")
            self.mandate = get_object_or_404(found, pk=kwargs["pk"])
        return super().dispatch(request, *args, **kwargs)

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        return self.render_to_response(self.get_context_data(form=self.act_form()))

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        form = self.act_form(request.POST)
        if form is None:
            raise Http404
        if form.do(request.user):
            messages.success(request, _("Done: the rights follow at once."))
            return redirect(f"{reverse('mandates:index')}{self.query}#{self.anchor(form)}")
        return self.render_to_response(self.get_context_data(form=form))

    @staticmethod
    def anchor(form: Act) -> str:
        return f"mandate-{form.mandate.pk}" if form.mandate else ""

    @property
    def query(self) -> str:
        """The filters, to be kept from one address to the next."""
        kept = {name: value for name, value in self.request.GET.items() if name in FilterForm.base_fields and value}
        return f"?{urlencode(kept)}" if kept else ""

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        filters = FilterForm(self.request.GET)
        mandates = filters.chosen()
        if self.mandate and self.mandate not in mandates:
            mandates.append(self.mandate)
        changing, giving = may(self.request.user, "change"), may(self.request.user, "add")
        regions: dict[int, dict[str, Any]] = {}
        for one in sorted(mandates, key=lambda one: (one.region.sort_order, one.region.code)):
            group = regions.setdefault(one.region_id, {"name": shown(one.region.name), "rows": []})
            group["rows"].append(row(one, changing=changing, giving=giving))
        return super().get_context_data(**kwargs) | {
            "fields": list(filters),
            "query": self.query,
            "regions": regions.values(),
            "count": len(mandates),
            "open": self.mandate,
            "act": self.kwargs.get("act", ""),
            "changes": told_changes(self.mandate.changes.all()) if self.kwargs.get("act") == "history" else None,  # type: ignore[union-attr]
            "giving": self.giving,
            "may_give": giving,
            "without": without_correspondent(),
        }


def without_correspondent() -> list[tuple[str, int]]:
    """The regions that nobody's mandate reaches now, by name with their keys."""
    cared = reach(Mandate.objects.current())
    return [(shown(region.name).text, region.pk) for region in Region.objects.exclude(pk__in=cared)]


class HistoryView(_Screen):
    """Who held what: every change of every mandate, the latest first."""

    template_name = "desk/mandate_history.html"
    page_title = gettext_lazy("History of mandates")

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        filters = FilterForm(self.request.GET)
        filters.full_clean()
        asked = filters.cleaned_data
        found = MandateChange.objects.select_related("mandate__region")
        if asked.get("region"):
            found = found.filter(mandate__region__in=Region.subtree(asked["region"].code))
        if asked.get("q"):
            words = asked["q"].strip()
            found = found.filter(
                Q(mandate__in=People(words).search_queryset(Mandate.objects.all()).values("pk"))
                | Q(terms__person__icontains=words)
            )
        return super().get_context_data(**kwargs) | {
            "changes": told_changes(found[:PER_PAGE]),
            "fields": [filters["q"], filters["region"]],
            "most": PER_PAGE,
        }


class MandatesMenuItem(MenuItem):
    def is_shown(self, request: HttpRequest) -> bool:
        return may(request.user)


class MandateViewSet(ViewSet):
    """The screen, in the menu of the directory."""

    name = "mandates"
    icon = "user"
    menu_label = gettext_lazy("Mandates")
    menu_item_class = MandatesMenuItem

    def get_urlpatterns(self) -> list[Any]:
        return [
            path("", MandatesView.as_view(), name="index"),
            path("give/", MandatesView.as_view(giving=True), name="give"),
            path("history/", HistoryView.as_view(), name="history"),
            path("<int:pk>/<slug:act>/", MandatesView.as_view(), name="act"),
        ]
