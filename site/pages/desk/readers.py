"""What Wagtail would say to everybody in the language of whoever came first, said to each reader in theirs.

Some of its labels are put together when the process starts: the choosers of
snippets and the path above their forms.
"""

from typing import Any

from django.urls import reverse_lazy
from django.utils.functional import lazy
from django.utils.translation import gettext, gettext_lazy
from wagtail.snippets.views.chooser import SnippetChooserViewSet
from wagtail.snippets.views.snippets import SnippetViewSet
from wagtail.snippets.widgets import AdminSnippetChooser


def _filled_in(text: str, name: Any) -> str:
    return gettext(text) % {"object": name}


filled_in = lazy(_filled_in, str)


class ReadersSnippetChooser(AdminSnippetChooser):
    """Its buttons in the reader's language; what is no key of anything chooses nothing."""

    def __init__(self, model: Any = None, **kwargs: Any) -> None:
        super().__init__(model=model, **kwargs)
        name = self.model._meta.verbose_name
        self.choose_one_text = filled_in("Choose %(object)s", name)
        self.choose_another_text = filled_in("Choose another %(object)s", name)
        self.link_to_chosen_text = filled_in("Edit this %(object)s", name)

    def get_instance(self, value: Any) -> Any:
        """Also of what nobody can have chosen, when a form that was refused comes back."""
        try:
            return super().get_instance(value)
        except (ValueError, OverflowError):
            return None


class ReadersChooserViewSet(SnippetChooserViewSet):
    base_widget_class = ReadersSnippetChooser
    choose_one_text = gettext_lazy("Choose")


class ReadersSnippetViewSet(SnippetViewSet):
    """The path above a snippet's screens, and its chooser, in the reader's language."""

    chooser_viewset_class: type[SnippetChooserViewSet] = ReadersChooserViewSet

    @property
    def breadcrumbs_items(self) -> list[dict[str, Any]]:
        return [{"url": reverse_lazy("wagtailadmin_home"), "label": gettext_lazy("Home")}]
