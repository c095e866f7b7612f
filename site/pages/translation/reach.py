"""Reach: whose hands a translation is in. Rights follow from those on its page, asked at every door."""

from typing import Any

from django.core.exceptions import PermissionDenied
from wagtail.models import Page
from wagtail_localize.models import Translation


def reads(user: Any, page: Page) -> bool:
    """Whether somebody may see the words of a page: all may see what is public."""
    return page.live or page.permissions_for_user(user).can_edit()


def may_translate(user: Any, translation: Translation) -> bool:
    """Whether somebody may write this translation: its page is theirs, and they may read the source."""
    target, source = _pages(translation)
    return bool(
        target is not None
        and source is not None
        and target.permissions_for_user(user).can_edit()
        and reads(user, source)
        and not _locked(user, target)
    )


def may_publish(user: Any, translation: Translation) -> bool:
    """Whether somebody may make this translation public."""
    target, _source = _pages(translation)
    return may_translate(user, translation) and bool(target and target.permissions_for_user(user).can_publish())


def require_translating(user: Any, translation: Translation) -> None:
    """
    Raises:
        PermissionDenied: it is not in this person's hands.
    """
    if not may_translate(user, translation):
        raise PermissionDenied


def require_publishing(user: Any, translation: Translation) -> None:
    """
    Raises:
        PermissionDenied: this person may not make it public.
    """
    if not may_publish(user, translation):
        raise PermissionDenied


def _pages(translation: Translation) -> tuple[Page | None, Page | None]:
    """The page of a translation and its source, each as its own type; None for what is no page or is gone."""
    found = []
    for locale in (translation.target_locale_id, translation.source.locale_id):
        page = Page.objects.filter(translation_key=translation.source.object_id, locale_id=locale).first()
        found.append(page.specific if page else None)
    return found[0], found[1]


def _locked(user: Any, page: Page) -> bool:
    lock = page.get_lock()
    return bool(lock and lock.for_user(user))
