"""Panels that several forms of the desk are made of."""

from typing import Any

from wagtail.admin.panels import FieldPanel


def kept(name: str, **kwargs: Any) -> FieldPanel:
    """A field that a draft needs too: the row can't do without it."""
    return FieldPanel(name, required_on_save=True, **kwargs)
