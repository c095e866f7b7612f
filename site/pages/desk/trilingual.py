"""Trilingual texts in the admin: side by side, with what falls back, and a comparison language by language."""

from typing import Any

from django import forms
from django.conf import settings
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from i18nfield.forms import I18nTextarea, I18nTextInput
from i18nfield.strings import LazyI18nString
from wagtail.admin.compare import FieldComparison, diff_text, register_comparison_class
from wagtail.admin.forms.models import register_form_field_override
from wagtail.admin.ui.tables import Column, TitleColumn
from wagtail.admin.widgets import AdminAutoHeightTextInput

from pages.trilingual import TrilingualField, shown


class _Labelled:
    """One column a language: its name, its text and, while it is empty, what visitors will read instead."""

    locales: list[str]
    field: forms.Field
    decompress: Any

    class Media:
        js = ["desk/trilingual.js"]

    def render(self, name: str, value: Any, attrs: Any = None, renderer: Any = None) -> str:
        texts = value if isinstance(value, list) else self.decompress(value)
        self._said = {code: text for code, text in zip(self.locales, texts, strict=False) if text}
        described = {**(attrs or {}), "placeholder": ""}
        # Each language has a note of its own; the field's help and errors stand on the group.
        self._described_by = described.pop("aria-describedby", "")
        text: str = super().render(name, value, described, renderer)  # type: ignore[misc]
        return text

    def format_output(self, rendered_widgets: list[str], id_: str) -> str:
        names = dict(settings.LANGUAGES)
        instead = _shown_instead(self._said)
        columns = format_html_join(
            "",
            '<div class="trilingual__text" data-language="{}">'
            '<label for="{}_{}" lang="{}">{}</label>{}'
            '<p class="trilingual__instead" data-instead{}><span data-words>{}</span> <q lang="{}">{}</q></p></div>',
            (
                (
                    code,
                    id_,
                    index,
                    code,
                    names.get(code, code),
                    widget,
                    SafeString("" if code in instead else " hidden"),
                    _words(instead[code]) if code in instead else "",
                    instead.get(code, code),
                    self._said.get(instead.get(code, ""), ""),
                )
                for index, (code, widget) in enumerate(zip(self.locales, rendered_widgets, strict=True))
            ),
        )
        words = format_html_join("", ' data-in-{}="{}"', ((code, _words(code)) for code in self.locales))
        described = format_html(' aria-describedby="{}"', self._described_by) if self._described_by else ""
        return format_html(
            '<div class="trilingual" id="{}" role="group" aria-label="{}" data-trilingual="{}"{}{}>{}</div>',
            id_,
            self.field.label or "",
            settings.LANGUAGE_CODE,
            words,
            described,
            columns,
        )


def _shown_instead(said: dict[str, str]) -> dict[str, str]:
    """For each language that is empty, the one that visitors read in its place: as ``shown`` chooses."""
    if not said:
        return {}
    other = settings.LANGUAGE_CODE if settings.LANGUAGE_CODE in said else next(iter(said))
    return {code: other for code, _name in settings.LANGUAGES if code not in said}


def _words(code: str) -> str:
    sentences = {
        "fr": _("Left empty, shown in French:"),
        "en": _("Left empty, shown in English:"),
        "es": _("Left empty, shown in Spanish:"),
    }
    return sentences[code]


class TrilingualInput(_Labelled, I18nTextInput):
    """Three short texts."""


class TrilingualTextarea(_Labelled, I18nTextarea):
    """Three longer texts."""

    widget = AdminAutoHeightTextInput


def _override(field: TrilingualField) -> dict[str, type[forms.MultiWidget]]:
    return {"widget": TrilingualTextarea if field.long else TrilingualInput}


class TrilingualComparison(FieldComparison):
    """Shows what changed in each language; Wagtail's own would take the text for a list."""

    def htmldiff(self) -> str:
        return format_html_join(
            "",
            '<div lang="{}"><b>{}</b>: {}</div>',
            (
                (code, name, diff_text(_said(self.val_a, code), _said(self.val_b, code)).to_html())
                for code, name in settings.LANGUAGES
                if _said(self.val_a, code) or _said(self.val_b, code)
            ),
        )


def _said(value: Any, code: str) -> str:
    data = value.data if isinstance(value, LazyI18nString) else value
    if isinstance(data, dict):
        return data.get(code) or ""
    return str(data or "") if code == settings.LANGUAGE_CODE else ""


class TrilingualColumn(Column):
    """A text in the reader's language, or in the one it is really told in."""

    def get_value(self, instance: Any) -> str:
        return shown(super().get_value(instance)).text


class TrilingualTitleColumn(TrilingualColumn, TitleColumn):
    """The same, leading to the row's form."""


def register() -> None:
    """Teach the admin's forms and comparisons about trilingual texts."""
    register_form_field_override(TrilingualField, override=_override)
    register_comparison_class(TrilingualField, comparison_class=TrilingualComparison)
