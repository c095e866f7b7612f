"""The form in which the staff put a kind of letter of one event into their own words."""

import re
from typing import Any

from django.conf import settings
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _
from i18nfield.strings import LazyI18nString
from wagtail.admin.forms.models import WagtailAdminModelForm

from events.models import LetterText
from events.registration.letters import shipped
from pages.desk.trilingual import TrilingualInput, TrilingualTextarea

BRACED = re.compile(r"\{([^{}]*)\}")
MOST = {"subject": 200, "text": 5000}
"Characters of each language."


class LetterTextForm(WagtailAdminModelForm):
    """Subject and text in three languages: French first, the others fall back on it."""

    class Meta:
        model = LetterText
        fields = ["subject", "text"]
        widgets = {"subject": TrilingualInput, "text": TrilingualTextarea}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        empty = _("Left empty: the words that come with the product.")
        self.fields["subject"].help_text = empty
        self.fields["text"].help_text = _("Plain text; an empty line begins a new paragraph.") + " " + empty

    def clean_subject(self) -> LazyI18nString:
        return self._checked("subject")

    def clean_text(self) -> LazyI18nString:
        return self._checked("text")

    def _checked(self, name: str) -> LazyI18nString:
        value = self.cleaned_data[name]
        said = value.data if isinstance(value, LazyI18nString) and isinstance(value.data, dict) else {}
        texts = {code: (text or "").replace("\r\n", "\n").strip() for code, text in said.items()}
        errors = []
        for code, language in settings.LANGUAGES:
            errors += [
                ValidationError(_("%(language)s: %(problem)s"), params={"language": language, "problem": problem})
                for problem in problems(texts.get(code, ""), self.instance.kind, MOST[name], one_line=name == "subject")
            ]
        if errors:
            raise ValidationError(errors)
        return LazyI18nString({code: text for code, text in texts.items() if text})

    @property
    def says_something(self) -> bool:
        """Whether there is any word of the staff's own."""
        return any(self.cleaned_data[name].data for name in ("subject", "text"))


def problems(text: str, kind: str, most: int, one_line: bool) -> list[str]:
    """What keeps a text from being sent, in words."""
    known = shipped.placeholders(kind)
    listed = ", ".join(f"{{{name}}}" for name in known)
    found: list[Any] = []
    if one_line and "\n" in text:
        found.append(_("a subject is one line."))
    if len(text) > most:
        found.append(_("at most %(most)d characters; these are %(count)d.") % {"most": most, "count": len(text)})
    unknown = [name for name in dict.fromkeys(BRACED.findall(text)) if name not in known]
    stands_for_nothing = _("{%(name)s} stands for nothing here. What can be used: %(listed)s.")
    found += [stands_for_nothing % {"name": name, "listed": listed} for name in unknown]
    if re.search(r"[{}]", BRACED.sub("", text)):
        found.append(_("a brace stands alone. Braces hold a name, as in {title}; elsewhere write ( and )."))
    return [str(one) for one in found]
