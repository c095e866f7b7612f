"""Titles in the admin: of what is public, those who may not see its draft read the public one."""

from typing import Any

from wagtail.log_actions import get_active_log_context
from wagtail.permissions import page_permission_policy

DRAFTS = {"add", "change", "publish"}


class ReadersTitle:
    """For pages: choosers, lists and messages of the admin name a page by its draft's title, whoever reads."""

    def get_admin_display_title(self) -> str:
        page: Any = self
        draft: str = super().get_admin_display_title()  # type: ignore[misc]
        if not page.live or page.draft_title in ("", page.title):
            return draft
        reader = get_active_log_context().user
        if reader is None or page_permission_policy.user_has_any_permission_for_instance(reader, DRAFTS, page):
            return draft
        return draft.replace(page.draft_title, page.title)
