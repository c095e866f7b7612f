"""On the form of an event: its languages, what is missing in each, what is stale, and the way to each text."""

from typing import Any

from django.utils.text import get_text_list
from wagtail.admin.panels import Panel

from pages.translation.panel import lines

from .languages import languages_of


class EventLanguagesPanel(Panel):
    """Short texts are completed in the form itself, prose on the page of each language."""

    class BoundPanel(Panel.BoundPanel):
        template_name = "desk/languages_panel.html"

        def is_shown(self) -> bool:
            return bool(self.instance.pk and self.request)

        def get_context_data(self, parent_context: Any = None) -> dict[str, Any]:
            context: dict[str, Any] = super().get_context_data(parent_context)
            event = self.instance
            page = event.pages.first()
            prose = {line.code: line for line in lines(page, self.request.user)} if page else {}
            told = []
            for language in languages_of(event):
                names = [str(event._meta.get_field(text).verbose_name) for text in language.lacking]
                line = prose.get(language.code)
                row = line._asdict() if line else {"code": language.code, "name": language.name, "state": "none"}
                if language.prose == "none":
                    row["state"] = "none"
                told.append(row | {"lacking": get_text_list(names, ","), "is_here": False})
            return context | {"lines": told}
