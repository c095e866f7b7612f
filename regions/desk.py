"""Regions, organisations and the Initiative's objectives in the admin."""

from typing import Any

from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _
from wagtail.admin.forms.models import WagtailAdminModelForm
from wagtail.admin.panels import FieldPanel, FieldRowPanel, ObjectList
from wagtail.admin.ui.tables import Column
from wagtail.admin.views import generic
from wagtail.snippets.views.snippets import IndexView, SnippetViewSetGroup

from pages.desk.readers import ReadersSnippetViewSet
from pages.desk.trilingual import TrilingualColumn, TrilingualTitleColumn
from pages.desk.viewset import TableViewSet
from regions import countries

from .mandate_desk import MandateViewSet
from .models import College, Facility, Goal, Objective, Organisation, Region
from .representatives_desk import RepresentativeViewSet


class NamedIndexView(generic.IndexView):
    """A list whose first column is a trilingual name, sorted by something that can be sorted."""

    named = "name"
    others: list[Column] = []

    @cached_property
    def columns(self) -> list[Column]:
        title = self._get_title_column_class(TrilingualTitleColumn)
        return [title(self.named, label=_("Name"), get_url=self.get_edit_url), *self.others]


class NamedSnippetIndexView(NamedIndexView, IndexView):
    pass


class RegionIndexView(NamedSnippetIndexView):
    others = [
        Column("code", label=_("Code"), sort_key="code"),
        TrilingualColumn("parent", accessor="parent.name", label=_("Lies in")),
        Column("default_timezone", label=_("Usual time zone"), sort_key="default_timezone"),
    ]

    def get_base_queryset(self) -> Any:
        return super().get_base_queryset().select_related("parent")


class OrganisationIndexView(NamedSnippetIndexView):
    others = [
        Column("short_name", label=_("Short name"), sort_key="short_name"),
        Column("country", label=_("Country"), accessor=lambda row: countries.name(row.country), sort_key="country"),
        Column("kind", label=_("Kind"), accessor="get_kind_display", sort_key="kind"),
        TrilingualColumn("college", accessor="college.name", label=_("College")),
    ]

    def get_base_queryset(self) -> Any:
        return super().get_base_queryset().select_related("college")


class RegionForm(WagtailAdminModelForm):
    """The code is part of addresses: once given it stays."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if self.instance.pk:
            self.fields["code"].disabled = True


class RegionViewSet(ReadersSnippetViewSet):
    model = Region
    edit_handler = ObjectList(Region.panels, base_form_class=RegionForm)
    icon = "globe"
    base_url_path = "regions"
    menu_label = _("Regions")
    copy_view_enabled = False
    index_view_class = RegionIndexView
    list_per_page = 50
    ordering = "code"


class OrganisationViewSet(ReadersSnippetViewSet):
    model = Organisation
    icon = "group"
    base_url_path = "organisations"
    menu_label = _("Organisations")
    copy_view_enabled = False
    index_view_class = OrganisationIndexView
    list_filter = ["kind", "college"]
    list_per_page = 50
    ordering = "short_name"


class CollegeIndexView(NamedIndexView):
    others = [Column("code", label=_("Code"), sort_key="code")]


class CollegeViewSet(TableViewSet):
    model = College
    name = "colleges"
    icon = "group"
    index_view_class = CollegeIndexView
    ordering = "sort_order"
    panels = [FieldPanel("code"), FieldPanel("name"), FieldPanel("sort_order")]


class CodedIndexView(NamedIndexView):
    named = "title"
    others = [Column("code", label=_("Code"), sort_key="code")]


class GoalViewSet(TableViewSet):
    model = Goal
    name = "goals"
    icon = "list-ul"
    index_view_class = CodedIndexView
    ordering = "code"
    panels = [FieldPanel("code"), FieldPanel("title")]


class ObjectiveIndexView(CodedIndexView):
    others = [*CodedIndexView.others, TrilingualColumn("goal", accessor="goal.title", label=_("Goal"))]

    def get_base_queryset(self) -> Any:
        return super().get_base_queryset().select_related("goal")


class ObjectiveViewSet(TableViewSet):
    model = Objective
    name = "objectives"
    icon = "list-ul"
    index_view_class = ObjectiveIndexView
    ordering = "code"
    panels = [
        FieldRowPanel([FieldPanel("code"), FieldPanel("goal")]),
        FieldPanel("title"),
        FieldPanel("facility"),
    ]


class FacilityIndexView(CodedIndexView):
    others = [*CodedIndexView.others, Column("kind", label=_("Kind"), accessor="get_kind_display", sort_key="kind")]


class FacilityViewSet(TableViewSet):
    model = Facility
    name = "facilities"
    icon = "cogs"
    index_view_class = FacilityIndexView
    ordering = "code"
    panels = [
        FieldRowPanel([FieldPanel("code"), FieldPanel("kind")]),
        FieldPanel("title"),
        FieldPanel("led_by"),
    ]


class DirectoryGroup(SnippetViewSetGroup):
    """What events refer to, together in the menu."""

    menu_label = _("Directory")
    menu_icon = "globe"
    menu_order = 140
    items = (
        MandateViewSet,
        RepresentativeViewSet,
        RegionViewSet,
        OrganisationViewSet,
        CollegeViewSet,
        GoalViewSet,
        ObjectiveViewSet,
        FacilityViewSet,
    )
