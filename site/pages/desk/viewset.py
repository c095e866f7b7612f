"""The plain list and form of a table."""

from typing import Any

from django.urls import path
from wagtail.admin.viewsets.model import ModelViewSet

from .deletion import KindDeleteView


class TableViewSet(ModelViewSet):
    """List, form, history and a deletion that explains itself; nothing is copied or reordered.

    ``add_to_reference_index`` is off: rows written while people register must
    not drag an index behind them.
    """

    add_to_reference_index = False
    copy_view_enabled = False
    delete_view_class = KindDeleteView
    list_per_page = 50
    search_backend_name = None
    sort_order_field = None


class ReadOnlyViewSet(TableViewSet):
    """List and inspection of rows that nobody makes, edits or deletes by hand."""

    inspect_view_enabled = True
    absent = ("add", "edit", "delete", "usage", "history", "history_results")

    def get_common_view_kwargs(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_common_view_kwargs(**kwargs) | {f"{name}_url_name": None for name in self.absent}

    def get_urlpatterns(self) -> list[Any]:
        return [
            path("", self.index_view, name="index"),
            path("results/", self.index_results_view, name="index_results"),
            path("inspect/<int:pk>/", self.inspect_view, name="inspect"),
        ]

    def register_admin_url_finder(self) -> None:
        """No row has an edit page that another list could lead to."""
