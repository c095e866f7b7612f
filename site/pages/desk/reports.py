"""Reports of the admin that tell of pages only to those who may see them."""

from typing import Any

from django.urls import path
from wagtail.admin.auth import require_admin_access
from wagtail.admin.views.reports.page_types_usage import PageTypesUsageReportView
from wagtail.permissions import page_permission_policy


class PageTypesReport(PageTypesUsageReportView):
    """Wagtail's own names to everybody the page of each type that was edited last, be it a draft of others."""

    def decorate_paginated_queryset(self, page_types: Any) -> Any:
        rows = super().decorate_paginated_queryset(page_types)
        own = page_permission_policy.instances_user_has_any_permission_for(
            self.request.user, {"add", "change", "publish"}
        )
        mine = set(own.filter(pk__in=[row.last_edited_page_id for row in rows]).values_list("pk", flat=True))
        for row in rows:
            if row.last_edited_page_id not in mine:
                row.last_edited_page = None
        return rows


urlpatterns = [
    path("page-types-usage/", require_admin_access(PageTypesReport.as_view())),
    path("page-types-usage/results/", require_admin_access(PageTypesReport.as_view(results_only=True))),
]
