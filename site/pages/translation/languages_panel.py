"""On a page's form: the languages it is in. Page types name this panel, so that it knows no table by itself."""

from typing import Any

from wagtail.admin.panels import Panel


class LanguagesPanel(Panel):
    """Shown once the page exists."""

    class BoundPanel(Panel.BoundPanel):
        template_name = "desk/languages_panel.html"

        def is_shown(self) -> bool:
            return bool(self.instance.pk and self.request)

        def get_context_data(self, parent_context: Any = None) -> dict[str, Any]:
            from .panel import lines

            context: dict[str, Any] = super().get_context_data(parent_context)
            return context | {"lines": lines(self.instance, self.request.user)}
