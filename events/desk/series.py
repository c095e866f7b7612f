"""The numbered runs of events, in the admin's settings: they seldom change."""

from django.utils.translation import gettext_lazy as _
from wagtail.admin.panels import FieldPanel
from wagtail.admin.ui.tables import Column
from wagtail.admin.views import generic

from events.models import Series
from pages.desk.trilingual import TrilingualTitleColumn
from pages.desk.viewset import TableViewSet


class SeriesIndexView(generic.IndexView):
    @property
    def columns(self) -> list[Column]:
        title = self._get_title_column_class(TrilingualTitleColumn)
        return [
            title("name", label=_("Name"), get_url=self.get_edit_url),
            Column("code", label=_("Code"), sort_key="code"),
        ]


class SeriesViewSet(TableViewSet):
    model = Series
    name = "series"
    icon = "list-ol"
    add_to_settings_menu = True
    menu_order = 310
    index_view_class = SeriesIndexView
    ordering = "code"
    panels = [FieldPanel("code"), FieldPanel("name")]
