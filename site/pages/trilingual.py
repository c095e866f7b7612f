"""Short texts told in French, English and Spanish, which always say the language really shown."""

from typing import Any, NamedTuple

from django.conf import settings
from django.core.exceptions import ValidationError
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _
from i18nfield.fields import I18nCharField
from i18nfield.forms import I18nTextarea
from i18nfield.strings import LazyI18nString


class Shown(NamedTuple):
    """A text and the language it is in, which may differ from the one asked for."""

    text: str
    lang: str

    def __str__(self) -> str:
        return self.text


def shown(value: LazyI18nString | str | None, language: str | None = None) -> Shown:
    """The text in a language (the active one by default), else in French, else in any.

    ``lang`` is the language of the text returned: it feeds ``lang`` in HTML and
    LANGUAGE in iCalendar. An empty value is an empty text in the language asked.
    """
    language = language or get_language() or settings.LANGUAGE_CODE
    said = value.data if isinstance(value, LazyI18nString) else value
    if isinstance(said, dict):
        for code in (language, settings.LANGUAGE_CODE, *said):
            if said.get(code):
                return Shown(said[code], code)
        return Shown("", language)
    return Shown(str(said or ""), language)


def told_in(value: LazyI18nString | None) -> list[str]:
    """The languages in which a text really exists, in the site's order."""
    said = value.data if value is not None else None
    if not isinstance(said, dict):
        return [settings.LANGUAGE_CODE] if said else []
    return [code for code, _name in settings.LANGUAGES if said.get(code)]


class TrilingualField(I18nCharField):
    """A text in the site's languages, stored as one JSON object.

    French is required; an optional field may be empty in all languages. Never
    filter or order by it: the column holds escaped JSON.
    """

    def __init__(self, *args: Any, long: bool = False, **kwargs: Any) -> None:
        self.long = long
        super().__init__(*args, **kwargs)

    def deconstruct(self) -> Any:
        name, path, args, kwargs = super().deconstruct()
        if self.long:
            kwargs["long"] = True
        return name, path, args, kwargs

    def formfield(self, **kwargs: Any) -> Any:
        if self.long:
            kwargs.setdefault("widget", I18nTextarea)
        return super().formfield(**kwargs)

    def validate(self, value: Any, model_instance: Any) -> None:
        super().validate(value, model_instance)
        said = value.data if isinstance(value, LazyI18nString) else value
        said = said if isinstance(said, dict) else {}
        if not said.get(settings.LANGUAGE_CODE) and (not self.blank or any(said.values())):
            raise ValidationError(_("The French text is required; the other languages fall back on it."), code="french")
