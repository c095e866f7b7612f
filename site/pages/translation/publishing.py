"""Publishing a translation, or proposing it: never one that is not whole."""

from typing import Any

from django.core.exceptions import ValidationError
from django.utils.text import slugify
from wagtail.coreutils import find_available_slug
from wagtail.models import Page
from wagtail_localize.models import Translation

from pages.models import Edition

from . import words
from .rendition import Rendition


class Incomplete(Exception):
    """Texts are left to translate: words of one language would pass for another's."""

    def __init__(self, done: int, total: int) -> None:
        super().__init__(f"{done} of {total}")
        self.done, self.total = done, total


def publish(translation: Translation, user: Any) -> None:
    """Make a translation public, whole.

    Raises:
        Incomplete: something is not translated; nothing was changed.
        ValidationError: a text does not fit where it stands; which, the editor shows.
    """
    refused = None
    with Edition.together():
        _require_whole(translation)
        _name(translation)
        try:
            translation.save_target(user=user, publish=False)
        except ValidationError as error:  # what is wrong was noted beside the text: keep that
            refused = error
        else:
            page = translation.get_target_instance()
            revision = page.latest_revision
            _note(translation, page, revision.pk)
            revision.publish(user=user)
    if refused:
        raise refused


def propose(translation: Translation, user: Any) -> bool:
    """Put a whole translation before those who may publish it; False if nobody is named to review it.

    What is public stays as it is: only a draft is written.

    Raises:
        Incomplete: something is not translated; nothing was changed.
        ValidationError: a text does not fit where it stands.
    """
    with Edition.together():
        _require_whole(translation)
        _name(translation)
        page = translation.source.get_ephemeral_translated_instance(translation.target_locale)
        revision = page.save_revision(user=user, log_action=True)
        _note(translation, page, revision.pk)
        page = type(page).objects.get(pk=page.pk)
        state = page.current_workflow_state
        if state is not None:
            if state.status == state.STATUS_NEEDS_CHANGES:
                state.resume(user=user)
            return True
        workflow = page.get_workflow()
        if workflow is None:
            return False
        workflow.start(page, user)
        return True


def _require_whole(translation: Translation) -> None:
    done, total = words.progress(translation)
    if done < total:
        raise Incomplete(done, total)


def _note(translation: Translation, page: Page, revision: int) -> None:
    source = Rendition.objects.filter(
        page__translation_key=translation.source.object_id, page__locale=translation.source.locale_id
    ).first()
    Rendition.objects.filter(page_id=page.pk).update(whole=revision, whole_of=source.changed_at if source else None)


def _name(translation: Translation) -> None:
    """Before it was ever public, the address of a page follows its title."""
    page: Page = translation.get_target_instance()
    if page.first_published_at is not None:
        return
    segment = (
        translation.source.stringsegment_set.filter(context__path="title")
        .annotate_translation(translation.target_locale)
        .first()
    )
    slug = slugify(segment.translation)[:80].strip("-") if segment and segment.translation else ""
    if slug and slug != page.slug:
        page.slug = find_available_slug(page.get_parent(), slug, ignore_page_id=page.pk)
        page.title = segment.translation
        page.save(clean=False)
