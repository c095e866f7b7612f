"""The languages of a page: what is missing, what is stale, and the ways there."""

import datetime as dt
from typing import Any, NamedTuple

from django.conf import settings
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST
from wagtail.models import Page
from wagtail_localize.models import Translation

from pages.models import Edition

from .rendition import Rendition
from .standing import described

NONE, DRAFT, SOURCE, CURRENT, STALE, MISSING = "none", "draft", "source", "current", "stale", "missing"


class Line(NamedTuple):
    """One language of a page: its state, and where somebody may do something about it."""

    code: str
    name: str
    state: str
    since: dt.datetime | None = None
    done: int = 0
    total: int = 0
    is_side_by_side: bool = False
    edit_url: str = ""
    follow_url: str = ""
    is_here: bool = False


def lines(page: Page, user: Any) -> list[Line]:
    """In the site's order; a fixed number of queries, and the rights on each page."""
    pages = {
        one.locale.language_code: one
        for one in Page.objects.filter(translation_key=page.translation_key).select_related("locale").specific()
    }
    known = described(Rendition.objects.filter(page__in=[one.pk for one in pages.values()]))
    rows = {row.page_id: row for row in known.with_source()}
    return [_line(code, name, pages.get(code), rows, page, user) for code, name in settings.LANGUAGES]


def _line(code: str, name: str, one: Any, rows: dict[int, Any], page: Page, user: Any) -> Line:
    if one is None:
        return Line(code, name, NONE)
    rights = one.permissions_for_user(user)
    edit_url = reverse("wagtailadmin_pages:edit", args=[one.pk]) if rights.can_edit() else ""
    row, here = rows.get(one.pk), one.pk == page.pk
    if row is None or row.source_id is None:
        state = SOURCE if row is not None and row.is_source else CURRENT if one.live else DRAFT
        return Line(code, name, state, edit_url=edit_url, is_here=here)
    since = row.stale_since
    state = MISSING if row.follows is None else STALE if since else CURRENT
    follows = since and not row.is_side_by_side and rights.can_publish()
    follow_url = reverse("translations:follow", args=[row.pk]) if follows else ""
    return Line(code, name, state, since, row.done, row.total, row.is_side_by_side, edit_url, follow_url, here)


@require_POST
def follow(request: HttpRequest, pk: int) -> HttpResponse:
    """Say of a text of one's own that it says again what the source says now.

    Raises:
        PermissionDenied: this person may not publish it.
    """
    row = Rendition.objects.filter(pk=pk, source__isnull=False).with_source().select_related("page").first()
    if row is None or row.source is None or not row.page.specific.permissions_for_user(request.user).can_publish():
        raise PermissionDenied
    here = Translation.objects.filter(source__object_id=row.page.translation_key, target_locale=row.page.locale_id)
    if here.filter(enabled=True).exists():  # its texts say for themselves whether they follow
        raise PermissionDenied
    with Edition.together():
        Rendition.objects.filter(pk=row.pk).update(follows=row.source.rendition.changed_at)
        Edition.bump()
    messages.success(request, _("Noted: this text follows its source as it is now."))
    return redirect("wagtailadmin_pages:edit", row.page_id)
