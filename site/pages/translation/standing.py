"""Standing: what waits to be translated, for whom, since when and how far it got; a fixed number of queries."""

from typing import Any

from django.db.models import BooleanField, Case, Count, Exists, F, IntegerField, OuterRef, Q, Subquery, Value, When
from django.db.models.functions import Coalesce
from django.utils.translation import gettext_lazy as _
from wagtail.models import get_page_models
from wagtail.permissions import policy_registry
from wagtail_localize.models import StringSegment, StringTranslation, Translation, TranslationSource

from .rendition import Rendition, RenditionQuerySet

MISSING, STARTED, PROPOSED, STALE = "missing", "started", "proposed", "stale"

STATES = [
    (MISSING, _("to translate")),
    (STARTED, _("begun")),
    (PROPOSED, _("awaits publication")),
    (STALE, _("source has changed")),
]


def queue_of(user: Any) -> RenditionQuerySet:
    """What waits and is in this person's hands, the longest first.

    Each row has ``state``, ``since`` (an instant), ``done`` and ``total`` (texts).
    """
    rows: RenditionQuerySet = described(within_reach(user).wanted()).order_by("since", "pk")
    return rows


def within_reach(user: Any) -> RenditionQuerySet:
    """The renditions whose page this person may translate: as ``reach`` tells it of one."""
    from pages.models import ProsePage

    policy = policy_registry.get_by_type(_page())
    mine = Q(page__in=policy.instances_user_has_permission_for(user, "change"))
    written_beside = [m for m in get_page_models() if issubclass(m, ProsePage) and m.translated_by_writers]
    writes_below = policy.instances_user_has_permission_for(user, "add")
    for model in written_beside:
        by_hand = Translation.objects.filter(
            source__object_id=OuterRef("page__translation_key"), target_locale=OuterRef("page__locale"), enabled=True
        )
        mine |= Q(Exists(by_hand), page__in=writes_below, page__content_type__model=model._meta.model_name)
    return Rendition.objects.of_others().filter(mine)


def described(rows: RenditionQuerySet) -> Any:
    """The same rows with how far each got: ``state``, ``since``, ``done`` and ``total``."""
    taken = TranslationSource.objects.filter(
        object_id=OuterRef("page__translation_key"), locale=OuterRef("source__locale")
    )
    texts = StringSegment.objects.filter(
        source__object_id=OuterRef("page__translation_key"), source__locale=OuterRef("source__locale")
    ).order_by()
    translated = StringTranslation.objects.filter(
        translation_of=OuterRef("string"),
        context=OuterRef("context"),
        locale=OuterRef(OuterRef("page__locale")),
        has_error=False,
    )
    side_by_side = Translation.objects.filter(
        source__object_id=OuterRef("page__translation_key"), target_locale=OuterRef("page__locale"), enabled=True
    )
    rows = rows.annotate(
        total=_count(texts),
        done=_count(texts.filter(Exists(translated))),
        is_side_by_side=Exists(side_by_side),
        is_taken=Exists(taken),
        is_missing=Case(
            When(Q(follows=None) | Q(page__live=False), then=Value(True)),
            default=Value(False),
            output_field=BooleanField(),
        ),
    )
    return rows.annotate(
        state=Case(
            When(Q(whole=F("page__latest_revision")) & ~Q(whole=F("page__live_revision")), then=Value(PROPOSED)),
            When(is_missing=False, then=Value(STALE)),
            When(done__gt=0, then=Value(STARTED)),
            default=Value(MISSING),
        ),
        since=Case(
            When(is_missing=False, then=F("source__rendition__changed_at")),
            default=Coalesce(F("asked_at"), F("source__rendition__changed_at")),
        ),
    )


def _count(rows: Any) -> Any:
    counted = rows.annotate(one=Value(1)).values("one").annotate(number=Count("pk")).values("number")
    return Coalesce(Subquery(counted, output_field=IntegerField()), 0)


def _page() -> Any:
    from wagtail.models import Page

    return Page
