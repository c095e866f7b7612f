"""The words of wagtail-localize that its own catalogues leave in English; ours hold them.

Django looks into the catalogues of this site first, so that naming a string here
is enough to have it extracted and translated. Its editor asks for its strings
through a catalogue in JavaScript, which gets ours besides.
"""

from typing import Any

from django.utils.translation import gettext
from django.utils.translation import gettext_noop as _
from django.views.i18n import JavaScriptCatalog

from .day import in_words

SAID_BY_THE_EDITOR = [
    _("Applying editor lock"),
    _("Edit this document"),
    _("Fetching %s information..."),
    _("Publish in "),
    _("Stop Synced translation"),
    _("Start Synced translation"),
    _("There are unsaved segments. Please save or cancel them before leaving."),
    _("segments translated"),
    _("Converting to alias page"),
    _("Removing editor lock"),
    _("Stopping Synced translation"),
]

SAID_BY_ITS_PAGES = [
    _("Add a locale"),
    _("Add locale"),
    _("Apply machine translations to the incoming changes."),
    _("Apply the updates and publish immediately. The changes will use the original language until translated."),
    _(
        "Apply the updates and publish immediately. The changes will use the original language until translated "
        'unless you also select "Use machine translation".'
    ),
    _("Are you sure you want to delete this locale?"),
    _("Delete locale"),
    _("Language"),
    _("Locale '{0}' created."),
    _("Locale '{0}' deleted."),
    _("Locale '{0}' updated."),
    _("Select a new language"),
    _("The locale could not be saved due to errors."),
    _("This locale cannot be deleted because there are pages and/or other objects using it."),
    _("This locale's current language code is not supported. Please choose a new language or delete this locale."),
    _("This locale's language code is not supported"),
    _("Usage"),
    _("Use machine translation"),
]


def said_in_english_only(source: str, target: str) -> dict[str, str]:
    """What stands in its script without passing through any catalogue."""
    return {
        "More actions": gettext("More actions"),
        f"{source} to {target} translation": gettext("Translation from %(source)s into %(target)s")
        % {"source": source, "target": target},
    }


def date_in_words(translation: Any) -> str:
    """How and when a text was translated: wagtail-localize writes the month in English."""
    day = in_words(translation.updated_at)
    if translation.tool_name:
        return gettext("Translated with %(tool)s on %(day)s") % {"tool": translation.tool_name, "day": day}
    return gettext("Translated on %(day)s") % {"day": day}


def mend() -> None:
    """Let what is shown beside each text be in the reader's language; called when the rooms are ready."""
    from wagtail_localize.models import StringTranslation

    StringTranslation.get_comment = date_in_words


class Catalogue(JavaScriptCatalog):
    """What the side-by-side editor says, in the reader's language."""

    packages = ["wagtail_localize"]

    def get_catalog(self) -> dict[str, Any]:
        catalog: dict[str, Any] = super().get_catalog()
        ours = {text: gettext(text) for text in SAID_BY_THE_EDITOR}
        return {**catalog, **{text: said for text, said in ours.items() if said != text}}


catalogue = Catalogue.as_view()
