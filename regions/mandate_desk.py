"""Mandates on one screen: who cares for which region, until when, and everything the staff do about it."""

import datetime as dt
from collections.abc import Iterable
from typing import Any, NamedTuple
from urllib.parse import urlencode

from babel.dates import format_date
from django import forms
from django.conf import settings
from django.core.exceptions import PermissionDenied
from django.db.models import Q, QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import path, reverse
from django.utils import timezone
from django.utils.translation import get_language, gettext_lazy, ngettext
from django.utils.translation import gettext as _
from django.views.generic import TemplateView
from wagtail.admin import messages
from wagtail.admin.menu import MenuItem
from wagtail.admin.views.generic.base import WagtailAdminTemplateMixin
from wagtail.admin.viewsets.base import ViewSet

from pages.desk.lookup import FoldedLookup
from pages.trilingual import shown

from .mandate_forms import ACTS, MATTERS, Act, GiveForm
from .mandates import reach
from .models import Mandate, MandateChange, Region

LIVING, EVERY = "living", "every"
PER_PAGE = 200
"Changes shown at once; more are found by the filters."


def may(user: Any, verb: str = "view") -> bool:
    """Whether somebody may see mandates, or do more about them; whoever may do more sees them."""
    verbs = ("view", "add", "change") if verb == "view" else (verb,)
    return any(user.has_perm(f"regions.{one}_mandate") for one in verbs)


class Row(NamedTuple):
    """A mandate as the screen tells it."""

    mandate: Mandate
    person: str
    address: str
    languages: str
    matters: list[str]
    days: str
    state: str
    told: str
    acts: list[tuple[str, str]]


def told_state(mandate: Mandate, at: dt.datetime | None = None) -> str:
    """How a mandate stands, with the days that are left where they are few."""
    state = mandate.state(at)
    if state == Mandate.State.ENDING:
        left = mandate.days_left(at)
        if left == 0:
            return _("ends today")
        return ngettext("ends in %(days)s day", "ends in %(days)s days", left) % {"days": left}
    if state == Mandate.State.ENDED and mandate.expires_at <= mandate.begins_at:
        return _("withdrawn before it began")
    return str(state.label)


def told_day(day: dt.date) -> str:
    """A day in the reader's language, as it is written there."""
    language = get_language() or settings.LANGUAGE_CODE
    return format_date(day, "long", locale={"en": "en_GB"}.get(language, language))


def told_matters(names: Iterable[str]) -> list[str]:
    return [str(MATTERS[name]) for name in names]


def told_languages(codes: Iterable[str]) -> str:
    names = dict(settings.LANGUAGES)
    return ", ".join(names.get(code, code) for code in codes)


class FilterForm(forms.Form):
    """What the screen shows; each may be left open."""

    q = forms.CharField(label=gettext_lazy("Person"), required=False)
    region = forms.ModelChoiceField(
        label=gettext_lazy("Region"),
        queryset=Region.objects.all(),
        required=False,
        empty_label=gettext_lazy("all regions"),
    )
    language = forms.ChoiceField(
        label=gettext_lazy("Language"),
        choices=[("", gettext_lazy("all languages")), *settings.LANGUAGES],
        required=False,
    )
    state = forms.ChoiceField(
        label=gettext_lazy("State"),
        choices=[
            ("", gettext_lazy("hold or are still to begin")),
            *((state.value, state.label) for state in Mandate.State),
            (EVERY, gettext_lazy("all, those that have ended too")),
        ],
        required=False,
    )

    def __init__(self, data: Any) -> None:
        super().__init__(data, label_suffix="", auto_id="filter_%s")
        self.fields["region"].label_from_instance = lambda region: shown(region.name).text  # type: ignore[attr-defined]

    def chosen(self) -> list[Mandate]:
        """The mandates asked for, by region, those that hold longest first; a wrong answer filters nothing."""
        self.full_clean()
        asked = self.cleaned_data
        found: QuerySet[Mandate] = Mandate.objects.select_related(
            "region", "person", "follows__person", "followed_by__person"
        )
        if asked.get("region"):
            found = found.filter(region__in=Region.subtree(asked["region"].code))
        if asked.get("q"):
            found = _People(asked["q"]).search_queryset(found)
        mandates = list(found.order_by("region__sort_order", "region__code", "-ends_on", "pk"))
        if asked.get("language"):
            mandates = [one for one in mandates if asked["language"] in one.languages]
        state, now = asked.get("state") or LIVING, timezone.now()
        if state == LIVING:
            return [one for one in mandates if one.state(now) != Mandate.State.ENDED]
        return mandates if state == EVERY else [one for one in mandates if one.state(now) == state]


class _People(FoldedLookup):
    is_searching = True
    search_fields = ["person__first_name", "person__last_name", "person__email", "person__username"]

    def __init__(self, words: str) -> None:
        self.search_query = words.replace("\x00", " ").strip()


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


def row(mandate: Mandate, *, changing: bool, giving: bool) -> Row:
    state = mandate.state()
    acts = []
    if state != Mandate.State.ENDED and changing:
        words = {"renew": _("Renew"), "hand-over": _("Hand over"), "change": _("Change"), "end": _("End")}
        if hasattr(mandate, "followed_by"):
            del words["hand-over"]
        acts = [(word, reverse("mandates:act", args=[mandate.pk, name])) for name, word in words.items()]
    elif giving and state == Mandate.State.ENDED:
        acts = [(_("Give again"), f"{reverse('mandates:give')}?like={mandate.pk}")]
    person = mandate.person
    return Row(
        mandate,
        person.get_full_name() or person.get_username(),
        person.email,
        told_languages(mandate.languages),
        told_matters(mandate.matters()),
        _told_days(mandate.starts_on, mandate.ends_on),
        state.value,
        told_state(mandate),
        [*acts, (_("History"), reverse("mandates:act", args=[mandate.pk, "history"]))],
    )


def _told_days(first: dt.date, last: dt.date) -> str:
    return f"{told_day(first)} – {told_day(last)}"


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
                Q(mandate__in=_People(words).search_queryset(Mandate.objects.all()).values("pk"))
                | Q(terms__person__icontains=words)
            )
        return super().get_context_data(**kwargs) | {
            "changes": told_changes(found[:PER_PAGE]),
            "fields": [filters["q"], filters["region"]],
            "most": PER_PAGE,
        }


class ToldChange(NamedTuple):
    """A line of the history, in words."""

    change: MandateChange
    region: str
    person: str
    languages: str
    matters: list[str]
    may_publish: bool
    days: str


def told_changes(changes: Iterable[MandateChange]) -> list[ToldChange]:
    return [
        ToldChange(
            change,
            shown(change.terms["region_name"]).text,
            change.terms["person"],
            told_languages(change.terms["languages"]),
            told_matters(name for name in Mandate.MATTERS if change.terms[name]),
            change.terms["may_publish"],
            _told_days(*(dt.date.fromisoformat(change.terms[name]) for name in ("starts_on", "ends_on"))),
        )
        for change in changes
    ]


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
