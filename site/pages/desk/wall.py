"""The wall: whoever may do something to some rows of a table does it to those alone.

Wagtail's generic views ask a policy about the table and seldom about the row
(wagtail #13314). Three things close that: a policy that knows its rows and lists
narrowed to them, here; and a gate before every view that is given the number of
one, in ``guard``.
"""

from collections.abc import Collection
from typing import Any

from django.db.models import Model, Q, QuerySet
from django.http import HttpRequest
from django.utils.functional import cached_property
from wagtail.permission_policies import ModelPermissionPolicy


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
