"""Trilingual texts in the admin: one labelled line a language, and a comparison language by language."""

from typing import Any

from django import forms
from django.conf import settings
from django.utils.html import format_html, format_html_join
from i18nfield.forms import I18nTextarea, I18nTextInput
from i18nfield.strings import LazyI18nString
from wagtail.admin.compare import FieldComparison, diff_text, register_comparison_class
from wagtail.admin.forms.models import register_form_field_override
from wagtail.admin.ui.tables import Column, TitleColumn
from wagtail.admin.widgets import AdminAutoHeightTextInput

from pages.trilingual import TrilingualField, shown


class _Labelled:
    """Puts the language's name, as a label, before each line."""

    locales: list[str]
    field: forms.Field

    def render(self, name: str, value: Any, attrs: Any = None, renderer: Any = None) -> str:
        text: str = super().render(name, value, {**(attrs or {}), "placeholder": ""}, renderer)  # type: ignore[misc]
        return text

    def format_output(self, rendered_widgets: list[str], id_: str) -> str:
        names = dict(settings.LANGUAGES)
        lines = format_html_join(
            "",
            '<div class="trilingual__line"><label for="{}_{}" lang="{}">{}</label>{}</div>',
            (
                (id_, index, code, names.get(code, code), widget)
                for index, (code, widget) in enumerate(zip(self.locales, rendered_widgets, strict=True))
            ),
        )
        return format_html(
            '<div class="trilingual" id="{}" role="group" aria-label="{}">{}</div>', id_, self.field.label or "", lines
        )


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
