"""Reports of the admin that tell of pages only to those who may see them."""

from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.urls import path
from wagtail.admin.auth import require_admin_access
from wagtail.admin.views.reports.page_types_usage import PageTypesUsageReportView
from wagtail.admin.views.reports.workflows import WorkflowTasksView, WorkflowView
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


def looks_after_all(user: Any) -> bool:
    """Whether somebody looks after the site as a whole: whoever may lock pages."""
    return bool(page_permission_policy.user_has_permission(user, "lock"))


class _OfTheWhole:
    """A report whose filters name every account that ever asked for a review, and every workflow there is."""

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if not looks_after_all(request.user):
            raise PermissionDenied
        response: HttpResponse = super().dispatch(request, *args, **kwargs)  # type: ignore[misc]
        return response


class WorkflowReport(_OfTheWhole, WorkflowView):
    pass


class WorkflowTasksReport(_OfTheWhole, WorkflowTasksView):
    pass


def only_ones_own(request: HttpRequest, items: list[Any]) -> None:
    """Offer in the menu no report that would be refused."""
    if not looks_after_all(request.user):
        items[:] = [item for item in items if item.name not in ("workflows", "workflow-tasks")]


urlpatterns = [
    path("workflow/", require_admin_access(WorkflowReport.as_view())),
    path("workflow/results/", require_admin_access(WorkflowReport.as_view(results_only=True))),
    path("workflow_tasks/", require_admin_access(WorkflowTasksReport.as_view())),
    path("workflow_tasks/results/", require_admin_access(WorkflowTasksReport.as_view(results_only=True))),
    path("page-types-usage/", require_admin_access(PageTypesReport.as_view())),
    path("page-types-usage/results/", require_admin_access(PageTypesReport.as_view(results_only=True))),
]
