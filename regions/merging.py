"""Merging: two rows that tell of one organisation become one, and nothing that named either is lost.

What points to an organisation is found by looking at the tables, not from a
list: a table that appears tomorrow is moved too. Drafts and old versions are
texts in which the numbers of rows stand; they are rewritten in the same
transaction.
"""

from collections.abc import Callable
from functools import cache
from typing import Any, NamedTuple

from django.apps import apps
from django.contrib.contenttypes.models import ContentType
from django.core.exceptions import ValidationError
from django.db import IntegrityError, models, transaction
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from i18nfield.strings import LazyI18nString
from modelcluster.models import ClusterableModel, get_all_child_relations
from wagtail.log_actions import log
from wagtail.models import ModelLogEntry, ReferenceIndex, Revision

from pages.models import Edition

from .models import FormerAddress, Organisation, Representative

FILLED = ("country", "college", "url", "logo", "latitude", "longitude")
"Facts that the one that stays takes from the other where it has none."

before: list[Callable[[], object]] = []
"Locks that come before those of organisations: the rooms above append theirs."
after: list[Callable[[Organisation], object]] = []
"What the rooms above tidy up once the links have moved."


class Moved(NamedTuple):
    """How many rows of a table name an organisation."""

    name: str
    number: int


Link = tuple[type[models.Model], "models.ForeignKey[Any, Any]"]


@cache
def links() -> list[Link]:
    """Every foreign key to an organisation, those of the tables behind many-to-many fields included."""
    return [
        (model, field)
        for model in apps.get_models(include_auto_created=True)
        if not model._meta.proxy
        for field in model._meta.get_fields()
        if isinstance(field, models.ForeignKey) and field.model is model and field.related_model is Organisation
    ]


def what_moves(organisation: Organisation) -> list[Moved]:
    """What names an organisation, table by table, drafts and old versions last."""
    found = []
    for model, field in links():
        count = model._base_manager.filter(**{field.name: organisation}).count()
        if count:
            found.append(Moved(capfirst(str(model._meta.verbose_name_plural)), count))
    told = sum(1 for revision in _revisions() if _rewritten(_model(revision), revision.content, organisation.pk, -1))
    if told:
        found.append(Moved(_("Drafts and earlier versions"), told))
    return found


def merge(kept: Organisation, merged: Organisation, user: Any) -> None:
    """Let everything that names ``merged`` name ``kept``, and take ``merged`` away; one transaction.

    Raises:
        ValidationError: they are the same row, or one is no longer there.
    """
    with Edition.together():
        for lock in before:
            lock()
        pks = sorted({kept.pk, merged.pk})
        rows = {row.pk: row for row in Organisation.objects.select_for_update(of=("self",)).filter(pk__in=pks)}
        if len(rows) != 2:
            raise ValidationError(_("Choose two organisations that are both still there."))
        kept, merged = rows[kept.pk], rows[merged.pk]
        moved = {move.name: move.number for move in what_moves(merged)}
        told = {"id": merged.pk, "short_name": merged.short_name, "name": _texts(merged.name), "moved": moved}
        for model, field in links():
            _move(model, field, kept, merged)
        for revision in _revisions():
            if _rewritten(_model(revision), revision.content, merged.pk, kept.pk):
                Revision.objects.filter(pk=revision.pk).update(content=revision.content)
        _move_references(kept, merged)
        slug = merged.slug
        kept_type = ContentType.objects.get_for_model(Organisation)
        ModelLogEntry.objects.filter(content_type=kept_type, object_id=str(merged.pk)).update(object_id=str(kept.pk))
        Organisation.objects.get(pk=merged.pk).delete()
        _fill(kept, merged)
        if slug and slug != kept.slug:
            FormerAddress.objects.update_or_create(slug=slug, defaults={"organisation": kept})
        for tidy in after:
            tidy(kept)
        log(kept, "regions.merge", user=user, data=told)


def _move(model: type[models.Model], field: Any, kept: Organisation, merged: Organisation) -> None:
    for row in model._base_manager.filter(**{field.name: merged}).order_by("pk"):
        try:
            with transaction.atomic():
                model._base_manager.filter(pk=row.pk).update(**{field.name: kept})
        except IntegrityError:  # the other one has such a row already
            if model is Representative:
                _widen(row, kept)
            row.delete()


def _widen(row: Any, kept: Organisation) -> None:
    """Who represents both represents the one from the earlier first day to the later last one."""
    own = Representative.objects.get(person=row.person, organisation=kept)
    days = [own.ends_on, row.ends_on]
    Representative.objects.filter(pk=own.pk).update(
        starts_on=min(own.starts_on, row.starts_on),
        ends_on=None if None in days else max(day for day in days if day is not None),
    )


def _fill(kept: Organisation, merged: Organisation) -> None:
    """Take over what the one that stays does not say, languages of the name included."""
    for name in FILLED:
        if getattr(kept, name) in (None, ""):
            setattr(kept, name, getattr(merged, name))
    kept.name = LazyI18nString({code: text for code, text in (_texts(merged.name) | _texts(kept.name)).items() if text})
    kept.save()


def _texts(name: Any) -> dict[str, str]:
    data = name.data if isinstance(name, LazyI18nString) else name
    return {code: text for code, text in data.items() if text} if isinstance(data, dict) else {"fr": str(data)}


def _move_references(kept: Organisation, merged: Organisation) -> None:
    """Wagtail's own index of what refers to what, which the usage page reads."""
    kind = ContentType.objects.get_for_model(Organisation)
    for row in ReferenceIndex.objects.filter(to_content_type=kind, to_object_id=str(merged.pk)):
        try:
            with transaction.atomic():
                ReferenceIndex.objects.filter(pk=row.pk).update(to_object_id=str(kept.pk))
        except IntegrityError:
            row.delete()


# -- drafts and old versions


@cache
def _mentions(model: type[models.Model]) -> bool:
    """Whether a version of such a row may name an organisation."""
    own = any(
        getattr(field, "related_model", None) is Organisation
        for field in model._meta.get_fields()
        if field.concrete and (field.many_to_one or field.many_to_many or field.one_to_one)
    )
    inner = issubclass(model, ClusterableModel) and any(
        _mentions(relation.related_model) for relation in get_all_child_relations(model)
    )
    return own or inner


def _revisions() -> list[Revision]:
    told = [model for model in apps.get_models() if hasattr(model, "latest_revision") and _mentions(model)]
    kinds = ContentType.objects.get_for_models(*told, for_concrete_models=False).values()
    return list(Revision.objects.filter(content_type__in=[kind.pk for kind in kinds]).select_related("content_type"))


def _model(revision: Revision) -> type[models.Model]:
    model = revision.content_type.model_class()
    assert model is not None
    return model


def _rewritten(model: type[models.Model], content: dict[str, Any], old: int, new: int) -> bool:
    """Put another number where an organisation is named; whether it was. A row said twice is said once."""
    changed = False
    for field in model._meta.get_fields():
        if not field.concrete or getattr(field, "related_model", None) is not Organisation:
            continue
        value = content.get(field.name)
        if field.many_to_many and isinstance(value, list) and old in value:
            content[field.name] = list(dict.fromkeys(new if pk == old else pk for pk in value))
            changed = True
        elif not field.many_to_many and value is not None and str(value) == str(old):
            content[field.name] = new
            changed = True
    if not issubclass(model, ClusterableModel):
        return changed
    for relation in get_all_child_relations(model):
        children, name = content.get(relation.get_accessor_name()), relation.get_accessor_name()
        if not children or not _mentions(relation.related_model):
            continue
        told = [_rewritten(relation.related_model, child, old, new) for child in children]
        if any(told):
            content[name] = _once(children)
            changed = True
    return changed


def _once(children: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Without those that say the same, but for their number, key and place."""
    seen: list[dict[str, Any]] = []
    found = []
    for child in children:
        says = {name: value for name, value in child.items() if name not in ("pk", "key", "sort_order")}
        if says not in seen:
            seen.append(says)
            found.append(child)
    return found
