"""Editions: what is told on public pages, so that a change of it opens a new one.

A room names its models here when it is ready. What has drafts counts only when
it is public. Rows that change by other ways than ``save`` and ``delete`` call
``Edition.bump`` themselves, in the transaction of the change.
"""

from typing import Any

from django.apps import apps
from django.contrib.auth import get_user_model
from django.db.models import Model
from django.db.models.signals import post_delete, post_save
from wagtail.contrib.settings.models import BaseGenericSetting, BaseSiteSetting
from wagtail.documents import get_document_model
from wagtail.images import get_image_model
from wagtail.models import Locale, Page, PageViewRestriction, Site, get_page_models
from wagtail.signals import post_page_move

from .models import Edition

told: set[type[Model]] = set()
"Whose rows, saved or deleted, open a new edition."

DRAFTED = {
    *("draft_title", "latest_revision", "latest_revision_created_at", "has_unpublished_changes"),
    *("locked", "locked_at", "locked_by", "go_live_at", "expire_at", "expired"),
}
"Fields of a page that no visitor sees; saving a draft saves no others."


def tell(*models: type[Model]) -> None:
    """Let each change of these open a new edition. One sender at a time: others delete as fast as before."""
    for model in models:
        told.add(model)
        post_save.connect(_saved, sender=model, dispatch_uid=f"edition:{model._meta.label}")
        post_delete.connect(_changed, sender=model, dispatch_uid=f"edition:{model._meta.label}")


def tell_pages() -> None:
    """What Wagtail and Django bring: pages, where they are and who may see them, pictures, documents, people."""
    settings = [one for one in apps.get_models() if issubclass(one, BaseGenericSetting | BaseSiteSetting)]
    tell(Site, Locale, PageViewRestriction, get_image_model(), get_document_model(), *settings)
    told.update(get_page_models(), [Page, get_user_model()])
    post_save.connect(_person_saved, sender=get_user_model(), dispatch_uid="edition:person")
    post_delete.connect(_changed, sender=get_user_model(), dispatch_uid="edition:person")
    for model in get_page_models():
        post_save.connect(_page_saved, sender=model, dispatch_uid=f"edition:{model._meta.label}")
    post_delete.connect(_changed, sender=Page, dispatch_uid="edition:page")
    post_page_move.connect(_changed, dispatch_uid="edition:move")


def _changed(**kwargs: Any) -> None:
    Edition.bump()


def _saved(raw: bool = False, **kwargs: Any) -> None:
    if not raw:
        Edition.bump()


def _person_saved(created: bool, raw: bool = False, update_fields: frozenset[str] | None = None, **kwargs: Any) -> None:
    """Pages name people; that somebody signed in is nobody's business."""
    if not (raw or created or update_fields == {"last_login"}):
        Edition.bump()


def _page_saved(
    instance: Page, created: bool, raw: bool = False, update_fields: frozenset[str] | None = None, **kwargs: Any
) -> None:
    is_draft = (created and not instance.live) or (update_fields is not None and update_fields <= DRAFTED)
    if not (raw or is_draft):
        Edition.bump()
