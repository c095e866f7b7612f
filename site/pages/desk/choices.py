"""Choices: a form names pictures, documents and pages by number, and a number can be guessed.

Wagtail narrows what its choosers offer and believes what a form then sends, so that
a picture of another region would be shown to whoever writes its number.
"""

from collections import defaultdict
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.db.models import Model, QuerySet
from django.utils.translation import gettext_lazy as _
from wagtail.admin.forms import WagtailAdminPageForm
from wagtail.documents import get_document_model
from wagtail.images import get_image_model
from wagtail.models import Page, ReferenceIndex

REFUSED = _("This names a picture, a document or a page that you may not use.")

Named = tuple[type[Model], str, str]


def named(row: Model) -> set[Named]:
    """The pictures, documents and pages that a row names, with the field that does, in its prose too."""
    from django.contrib.contenttypes.models import ContentType

    found: set[Named] = set()
    for kind, number, field, _path in ReferenceIndex._extract_references_from_object(row):
        model = ContentType.objects.get_for_id(kind).model_class()
        if model is not None and model in (get_image_model(), get_document_model(), Page):
            found.add((model, str(number), field.partition(".")[0]))
    return found


def refused(user: Any, asked: set[Named]) -> set[str]:
    """The fields that name what somebody may not choose."""
    numbers: dict[type[Model], set[int]] = defaultdict(set)
    for model, number, _field in asked:
        if number.isascii() and number.isdecimal() and len(number) < 19:
            numbers[model].add(int(number))
    allowed = {
        (model, str(pk))
        for model, wanted in numbers.items()
        for pk in _open(user, model).filter(pk__in=wanted).values_list("pk", flat=True)
    }
    return {field for model, number, field in asked if (model, number) not in allowed}


def _open(user: Any, model: Any) -> QuerySet[Any]:
    """The rows of one of these tables that somebody may name."""
    from .chooser import open_to
    from .library import usable

    found: QuerySet[Any] = open_to(user, Page.objects.all()) if model is Page else usable(user, model)
    return found


class OwnChoices(forms.ModelForm):
    """What was named before stays; what is new is something that ``for_user`` may choose."""

    for_user: Any = None

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._named = {(model, number) for model, number, _field in named(self.instance)} if self.is_bound else set()

    def _post_clean(self) -> None:
        super()._post_clean()  # type: ignore[misc]
        if self.for_user is None or self.for_user.is_superuser:
            return
        new = {one for one in named(self.instance) if one[:2] not in self._named}
        for field in refused(self.for_user, new) if new else ():
            self.add_error(field if field in self.fields else None, ValidationError(REFUSED, code="choice"))


class PageForm(OwnChoices, WagtailAdminPageForm):
    """The form of every page with prose."""
