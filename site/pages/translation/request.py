"""Requests: each text that becomes public is asked for in the other languages, and what is public is judged."""

import logging
import uuid
from functools import partial
from typing import Any

from django.conf import settings
from django.db import OperationalError, transaction
from django.db.models import F, Q
from django.utils import timezone
from wagtail.actions.copy_for_translation import ParentNotTranslatedError
from wagtail.models import Locale, Page
from wagtail_localize.models import StringTranslation, Translation, TranslationSource

from pages.models import Edition, ProsePage

from . import words
from .rendition import Rendition

log = logging.getLogger(__name__)

AT_ONCE = 200
"How many groups the worker looks at in one round."


def after_publication(instance: Page, **kwargs: Any) -> None:
    """Once the publication is committed; should the process die in between, the worker does it."""
    if isinstance(instance, ProsePage):
        transaction.on_commit(partial(settle, instance.translation_key), robust=True)


def catch_up() -> str:
    """Settle what no publication has settled; a line for the staff.

    Raises:
        ExceptionGroup: some could not be settled; all others were.
    """
    unjudged = (
        Page.objects.live()
        .filter(content_type__in=_content_types(), live_revision__isnull=False, alias_of=None)
        .filter(Q(rendition=None) | Q(rendition__judged=None) | ~Q(rendition__judged=F("live_revision_id")))
        .order_by("first_published_at", "pk")
    )
    keys = list(dict.fromkeys(unjudged.values_list("translation_key", flat=True)))[:AT_ONCE]
    failed: list[Exception] = []
    for key in keys:
        try:
            settle(key)
        except OperationalError:
            raise
        except Exception as error:
            log.exception("The translations of %s could not be settled.", key)
            failed.append(error)
    if failed:
        raise ExceptionGroup(f"{len(keys) - len(failed)} settled", failed)
    return f"{len(keys)} settled"


@Edition.together()
def settle(key: uuid.UUID) -> None:
    """Bring a group of pages in line with what is public of them.

    The page first published is the source. In each other language a page is
    made where there is none, never public; a text that was written there by
    itself is laid beside the source if both are built alike, else it stays a
    text of its own. Facts that are the same in all languages are carried over.
    Repeatable: settling twice changes nothing.
    """
    found = Page.objects.select_for_update(of=("self",)).filter(translation_key=key, alias_of=None).order_by("pk")
    pages = {page.locale_id: page for page in found.specific() if isinstance(page, ProsePage)}
    known = {row.page_id: row for row in Rendition.objects.filter(page__translation_key=key)}
    source = _source_of(list(pages.values()), known)
    if source is None:
        for page in pages.values():
            _judge(known.get(page.pk) or Rendition(page=page), page)
        return
    ours = known.get(source.pk) or Rendition(page=source)
    taken, moved = _take(source, ours)
    for locale in Locale.objects.exclude(pk=source.locale_id).order_by("pk"):
        other = pages.get(locale.pk) or _copy(source, locale)
        if other is not None:
            moved |= _follow(taken, source, ours, other, known.get(other.pk))
    if moved:
        Edition.bump()


def _content_types() -> list[int]:
    from django.contrib.contenttypes.models import ContentType
    from wagtail.models import get_page_models

    models = [model for model in get_page_models() if issubclass(model, ProsePage)]
    return [one.pk for one in ContentType.objects.get_for_models(*models).values()]


def _source_of(pages: list[Any], known: dict[int, Rendition]) -> Any:
    """The page a group is translated from: the one that was it, else the one first published."""
    for page in pages:
        if page.pk in known and known[page.pk].is_source:
            return page
    order = [code for code, _name in settings.LANGUAGES]
    told = [page for page in pages if page.live and page.live_revision_id and words.has_any(page)]
    return min(
        told,
        key=lambda page: (page.first_published_at or timezone.now(), order.index(page.locale.language_code)),
        default=None,
    )


def _take(source: Any, ours: Rendition) -> tuple[TranslationSource, bool]:
    """What is to be translated, as it is public now; and whether it says something new."""
    TranslationSource.objects.filter(object_id=source.translation_key).exclude(locale=source.locale_id).delete()
    taken, made = TranslationSource.get_or_create_from_instance(source)
    if source.live and ours.judged != source.live_revision_id:
        if made:
            pass
        elif words.changed(taken, source):
            taken.update_from_db()
            made = True
        else:
            TranslationSource.objects.filter(pk=taken.pk).update(content_json=source.to_json())
            taken.refresh_from_db()
        if made or ours.changed_at is None:
            ours.changed_at = source.last_published_at or timezone.now()
        ours.source, ours.follows = None, None
        _judge(ours, source)
    return taken, made


def _judge(row: Rendition, page: Any) -> None:
    if page.live and page.live_revision_id:
        row.judged = page.live_revision_id
        row.save()


def _copy(source: Any, locale: Locale) -> Any:
    """A draft in another language, with the words of the source until they are translated."""
    if not source.live or not source.copied_for_translation:
        return None
    try:
        return source.copy_for_translation(locale).specific
    except ParentNotTranslatedError:
        return None


def _follow(taken: TranslationSource, source: Any, ours: Rendition, page: Any, row: Rendition | None) -> bool:
    """Judge one translation; True if what visitors see of it has changed."""
    translation, _made = Translation.objects.get_or_create(source=taken, target_locale=page.locale)
    moved = _carry_over(source, page) if source.live else False
    if row is None or row.source_id != source.pk:
        row = row or Rendition(page=page)
        row.source, row.changed_at, row.asked_at = source, None, timezone.now()
        if page.live and page.live_revision_id and words.has_any(page):
            _adopt(translation, source, page)
            row.follows = min(ours.changed_at or timezone.now(), page.last_published_at or timezone.now())
        row.judged = page.live_revision_id if page.live else None
        row.save()
        return True
    if page.live and row.judged != page.live_revision_id:
        if row.whole == page.live_revision_id:
            row.follows = row.whole_of
        elif not translation.enabled and row.follows is None:
            row.follows = ours.changed_at
        row.judged = page.live_revision_id
        row.save()
        return True
    return moved


def _adopt(translation: Translation, source: Any, page: Any) -> None:
    """Take over a text that was written without this: side by side where that can be, else as it is."""
    pairs = words.laid_beside(source, page)
    segments = list(translation.source.stringsegment_set.order_by("order"))
    if pairs is None or len(pairs) != len(segments):
        Translation.objects.filter(pk=translation.pk).update(enabled=False)
        return
    StringTranslation.objects.bulk_create(
        [
            StringTranslation(
                translation_of_id=segment.string_id,
                locale=translation.target_locale,
                context_id=segment.context_id,
                data=pair.translation,
                translation_type=StringTranslation.TRANSLATION_TYPE_MANUAL,
            )
            for segment, pair in zip(segments, pairs, strict=True)
        ],
        ignore_conflicts=True,
    )


def _carry_over(source: Any, page: Any) -> bool:
    """Facts that are one in all languages: written into the page itself, whatever its drafts hold."""
    columns, moved = {}, False
    for name in source.carried_over:
        field = source._meta.get_field(name)
        if field.many_to_many:
            wanted = set(getattr(source, name).values_list("pk", flat=True))
            if set(getattr(page, name).values_list("pk", flat=True)) != wanted:
                setattr(page, name, list(getattr(source, name).all()))
                getattr(page, name).commit()
                moved = True
        elif getattr(page, field.attname) != getattr(source, field.attname):
            columns[field.attname] = getattr(source, field.attname)
    if columns:
        type(page).objects.filter(pk=page.pk).update(**columns)
    return bool(page.live and (columns or moved))
