"""On the form of an event: what it asks of those who register; rows of their own, saved by themselves."""

from typing import Any

from wagtail.admin.panels import Panel

from .told import told
from .where import questions_url


class QuestionsPanel(Panel):
    """The questions in their order, each with what is known of it; the way to the screen where they are written."""

    class BoundPanel(Panel.BoundPanel):
        template_name = "desk/questions/panel.html"

        def is_shown(self) -> bool:
            return bool(self.request and self.request.user.has_perm("events.view_question"))

        def get_context_data(self, parent_context: Any = None) -> dict[str, Any]:
            context: dict[str, Any] = super().get_context_data(parent_context)
            event = self.instance
            if not event.pk:
                return context | {"saved": False}
            may_write = self.request.user.has_perm("events.change_question")
            asked = [one for one in told(event) if one.question.retired_at is None]
            return context | {
                "saved": True,
                "rows": [(one, one.url if may_write else "") for one in asked],
                "url": questions_url(event) if may_write else "",
            }
