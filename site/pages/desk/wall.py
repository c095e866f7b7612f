"""The wall: whoever may do something to some rows of a table does it to those alone.

Wagtail's generic views ask a policy about the table and seldom about the row
(wagtail #13314). Three things close that: a policy that knows its rows, lists
narrowed to them, and a middleware before every view that is given the number of one.
"""

from collections.abc import Callable, Collection
from typing import Any

from django.apps import apps
from django.contrib.admin.utils import unquote
from django.core.exceptions import ValidationError
from django.db.models import Model, Q, QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.utils.functional import cached_property
from wagtail.admin.auth import permission_denied
from wagtail.permission_policies import ModelPermissionPolicy
from wagtail.permissions import policy_registry
from wagtail.snippets.views.chooser import SnippetChosenView


class RowPolicy(ModelPermissionPolicy):
    """Django's permissions, which hold for every row; beside them, rights on some rows.

    ``rows`` is for the rooms to answer: the rows on which somebody may do one of
    the actions besides what Django's permissions give; None where there is no
    such right at all, be there rows or not.
    """

    def rows(self, user: Any, actions: Collection[str]) -> Q | None:
        raise NotImplementedError

    def holds_for_all(self, user: Any, actions: Collection[str]) -> bool:
        """Whether no wall stands before this person."""
        return any(user.has_perm(self._get_permission_name(action)) for action in actions)

    def user_has_permission(self, user: Any, action: str) -> bool:
        return self.user_has_any_permission(user, {action})

    def user_has_any_permission(self, user: Any, actions: Collection[str]) -> bool:
        return self.holds_for_all(user, actions) or self._rows(user, actions) is not None

    def instances_user_has_any_permission_for(self, user: Any, actions: Collection[str]) -> QuerySet[Any]:
        return self.narrow(self.model._default_manager.all(), user, actions)

    def narrow(self, queryset: QuerySet[Any], user: Any, actions: Collection[str]) -> QuerySet[Any]:
        """Those among some rows on which somebody may do one of the actions."""
        if self.holds_for_all(user, actions):
            return queryset
        own = self._rows(user, actions)
        return queryset.none() if own is None else queryset.filter(own)

    def user_has_permission_for_instance(self, user: Any, action: str, instance: Any) -> bool:
        return self.user_has_any_permission_for_instance(user, {action}, instance)

    def user_has_any_permission_for_instance(self, user: Any, actions: Collection[str], instance: Any) -> bool:
        if self.holds_for_all(user, actions):
            return True
        own = self._rows(user, actions)
        return own is not None and self.model._default_manager.filter(own, pk=instance.pk).exists()

    def _rows(self, user: Any, actions: Collection[str]) -> Q | None:
        return self.rows(user, set(actions)) if user.is_active else None


class OwnRows:
    """For lists: only the rows that the reader may see, each leading where they may go."""

    request: HttpRequest
    permission_policy: RowPolicy
    any_permission_required: list[str]

    def get_base_queryset(self) -> QuerySet[Any]:
        rows = super().get_base_queryset()  # type: ignore[misc]
        return self.permission_policy.narrow(rows, self.request.user, self.any_permission_required)

    @cached_property
    def _changeable(self) -> set[Any] | None:
        """Keys of the rows that may be changed; None for all."""
        user, policy = self.request.user, self.permission_policy
        if policy.holds_for_all(user, {"change"}):
            return None
        return set(policy.instances_user_has_permission_for(user, "change").values_list("pk", flat=True))

    def get_edit_url(self, instance: Model) -> str | None:
        if self._changeable is not None and instance.pk not in self._changeable:
            return None
        url: str | None = super().get_edit_url(instance)  # type: ignore[misc]
        return url

    def get_leading_url(self, instance: Model) -> str | None:
        """Where a row's title leads: to its form, or to what is shown of it."""
        return self.get_edit_url(instance) or self.get_inspect_url(instance)  # type: ignore[attr-defined]


class WallMiddleware:
    """Before any view that is given the number of a row: asks the policy of its table about that row.

    A row that the person may not see is not found, so that numbers can't be
    guessed; one that they may see but not change is refused in words.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_view(
        self, request: HttpRequest, view: Any, args: list[Any], kwargs: dict[str, Any]
    ) -> HttpResponseBase | None:
        model, pk = _row_asked_for(view, kwargs)
        if model is None or pk is None or not request.user.is_authenticated:
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
        try:
            return apps.get_model(kwargs["app_label"], kwargs["model_name"]), kwargs.get("object_id", kwargs.get("pk"))
        except LookupError:
            return None, None
    model = getattr(view, "view_initkwargs", {}).get("model") or getattr(view_class, "model", None)
    return (model if isinstance(model, type) else None), kwargs.get("pk")


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
