"""The gate in the wall: before a view that is given the number of a row or a page, whoever asks must see it.

Wagtail asks in most places and forgets it in some: pages to move or to approve
by number, lists of what a bulk action can't do, the tasks of workflows. A room
that adds a view needs to do nothing: an address that names a row is asked for here.
"""

from collections.abc import Callable
from typing import Any

from django.apps import apps
from django.contrib.admin.utils import unquote
from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import Model, QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from wagtail.admin.auth import permission_denied
from wagtail.models import Page, Task, Workflow
from wagtail.permissions import page_permission_policy, policy_registry
from wagtail.snippets.views.chooser import SnippetChosenView

from .chooser import choosable
from .wall import RowPolicy

PAGES = ("page_id", "parent_page_id", "page_to_move_id", "destination_id", "page_pk")
SEEING = ("add", "change", "delete", "view", "choose", "publish")
KEEPING = ("add", "change", "delete")
MOST = models.BigIntegerField.MAX_BIGINT
"No row has a greater number; neither database can be asked for one."
CHOOSERS = ("/admin/images/chooser/", "/admin/documents/chooser/")


class WallMiddleware:
    """A row that the person may not see is not found, so that numbers can't be guessed."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_view(
        self, request: HttpRequest, view: Any, args: list[Any], kwargs: dict[str, Any]
    ) -> HttpResponseBase | None:
        address = request.resolver_match
        if address is None or not address.route.startswith("admin/") or not request.user.is_authenticated:
            return None
        if _is_no_number(request, kwargs):
            raise Http404
        if request.user.is_superuser:
            return None
        if address.route.startswith("admin/workflows/") and not _keeps_workflows(request.user):
            raise Http404
        if address.url_name == "wagtail_bulk_action":
            _narrow_bulk(request, kwargs)
            return None
        _ask_for_pages(request, address.route, address.url_name, kwargs)
        return _ask_for_row(request, view, kwargs)


def _is_no_number(request: HttpRequest, kwargs: dict[str, Any]) -> bool:
    """Whether a row is asked for by a number that none can have."""
    if any(isinstance(value, int) and value > MOST for value in kwargs.values()):
        return True
    asked = [pk for name in ("id", "childOf") for pk in request.GET.getlist(name)]
    if request.path.startswith(CHOOSERS) and not all(pk.isascii() and pk.isdecimal() for pk in asked):
        return True
    return any(pk.isdecimal() and (len(pk) > len(str(MOST)) or int(pk) > MOST) for pk in asked)


# -- pages


def seen_pages(user: Any) -> QuerySet[Page]:
    """The pages that somebody finds in the explorer: theirs, and those on the way."""
    pages: QuerySet[Page] = page_permission_policy.explorable_instances(user)
    return pages


def _ask_for_pages(request: HttpRequest, route: str, name: str | None, kwargs: dict[str, Any]) -> None:
    asked = {kwargs[key] for key in PAGES if key in kwargs}
    if route.startswith("admin/pages/") and "pk" in kwargs:
        asked.add(int(kwargs["pk"]))
    if kwargs.get("model_name") == "page" and "object_id" in kwargs:
        asked.add(_number(kwargs["object_id"]))
    if not asked:
        return
    if name == "wagtailadmin_choose_page_child":
        pages = choosable(Page.objects.all(), request)
    else:
        pages = seen_pages(request.user)
    if pages.filter(pk__in=asked).count() < len(asked):
        raise Http404
    if "task_id" in kwargs and "page_id" in kwargs:
        _refuse_other_task(Page.objects.get(pk=kwargs["page_id"]).specific, kwargs)


def _refuse_other_task(row: Any, kwargs: dict[str, Any]) -> None:
    """A task is shown with what waits for it, never by its number alone."""
    task = getattr(row, "current_workflow_task", None)
    if task is None or task.pk != kwargs["task_id"]:
        raise Http404


def _number(value: Any) -> int:
    try:
        return int(unquote(str(value)))
    except ValueError as error:
        raise Http404 from error


# -- rows


def _ask_for_row(request: HttpRequest, view: Any, kwargs: dict[str, Any]) -> HttpResponseBase | None:
    model, pk = _row_asked_for(view, kwargs)
    if model is None or pk is None:
        return None
    policy = policy_registry.get_by_type(model)
    if not isinstance(policy, RowPolicy):
        return None
    asked = _actions(view)
    if policy.holds_for_all(request.user, asked):
        return None
    try:
        row = model._default_manager.filter(pk=unquote(str(pk))).first()
    except (ValueError, ValidationError) as error:
        raise Http404 from error
    if row is None:
        raise Http404
    if policy.user_has_any_permission_for_instance(request.user, asked, row) or _reviews(request.user, row):
        if "task_id" in kwargs:
            _refuse_other_task(row, kwargs)
        return None
    if policy.user_has_permission_for_instance(request.user, "view", row):
        refused: HttpResponseBase = permission_denied(request)
        return refused
    raise Http404


def _row_asked_for(view: Any, kwargs: dict[str, Any]) -> tuple[type[Model] | None, Any]:
    """The table and the number that an address names, if it names one."""
    view_class = getattr(view, "view_class", None)
    if isinstance(view_class, type) and issubclass(view_class, SnippetChosenView):
        return None, None  # a chooser offers more than the list, and knows what
    if "app_label" in kwargs and "model_name" in kwargs:
        return _model(kwargs), kwargs.get("object_id", kwargs.get("pk"))
    model = getattr(view, "view_initkwargs", {}).get("model") or getattr(view_class, "model", None)
    return (model if isinstance(model, type) else None), kwargs.get("pk")


def _model(kwargs: dict[str, Any]) -> type[Model] | None:
    try:
        return apps.get_model(kwargs["app_label"], kwargs["model_name"])
    except LookupError:
        return None


def _actions(view: Any) -> set[str]:
    """What a view wants to do; one that doesn't say wants to change."""
    view_class = getattr(view, "view_class", None)
    one, some = getattr(view_class, "permission_required", None), getattr(view_class, "any_permission_required", None)
    if isinstance(some, list | tuple | set) and some:
        return set(some)
    return {one} if isinstance(one, str) else {"change"}


def _reviews(user: Any, row: Model) -> bool:
    """Whether a task of a workflow has this row read by this person."""
    task = getattr(row, "current_workflow_task", None)
    return bool(task and task.user_can_access_editor(row, user))


# -- many at once


def _narrow_bulk(request: HttpRequest, kwargs: dict[str, Any]) -> None:
    """Leave of the rows asked for those that the person sees: what can't be done to the others is listed by name."""
    model = _model(kwargs)
    if model is None:
        raise Http404
    rows = _seen(request.user, model)
    asked = request.GET.getlist("id")
    if "all" not in asked:
        rows = rows.filter(pk__in=[pk for pk in asked if pk.isascii() and pk.isdecimal()])
    elif issubclass(model, Page) and request.GET.get("childOf", "").isdecimal():
        above = Page.objects.filter(pk=request.GET["childOf"]).first()
        rows = rows.filter(pk__in=Page.objects.child_of(above)) if above else rows.none()
    pks = [str(pk) for pk in rows.values_list("pk", flat=True)]
    if not pks:
        raise Http404
    if _is_walled(request.user, model):
        query = request.GET.copy()
        query.setlist("id", pks)
        request.GET = query  # type: ignore[assignment]


def _seen(user: Any, model: type[Model]) -> QuerySet[Any]:
    if issubclass(model, Page):
        return seen_pages(user)
    found: QuerySet[Any] = policy_registry.get_by_type(model).instances_user_has_any_permission_for(user, SEEING)
    return found


def _is_walled(user: Any, model: type[Model]) -> bool:
    policy = policy_registry.get_by_type(model)
    return not (isinstance(policy, RowPolicy) and policy.holds_for_all(user, SEEING))


def _keeps_workflows(user: Any) -> bool:
    return any(policy_registry.get_by_type(model).user_has_any_permission(user, KEEPING) for model in (Task, Workflow))
