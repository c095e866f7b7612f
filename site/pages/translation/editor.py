"""The side-by-side editor: who comes in, and what leaves it."""

from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from wagtail.models import Page
from wagtail_localize.models import Translation

from . import reach
from .guard import unfinished
from .publishing import Incomplete, propose, publish


def before_edit(request: HttpRequest, page: Page) -> HttpResponse | None:
    """Before wagtail-localize takes over a page: may this person read the source, and what is asked for?"""
    if request.method == "POST" and "localize-convert-to-alias" in request.POST:
        raise PermissionDenied
    translation = _translation_of(page)
    if translation is None:
        return None
    if request.method == "POST" and "localize-restart-translation" in request.POST:
        reach.require_publishing(request.user, translation)
        return None
    if not translation.enabled:
        return None
    source = Page.objects.filter(translation_key=page.translation_key, locale=translation.source.locale_id).first()
    if source is None or not reach.reads(request.user, source.specific):
        raise PermissionDenied
    if request.method == "POST":
        _do(request, translation, request.POST.get("action", ""))
        return redirect(request.path)
    return None


def _translation_of(page: Page) -> Translation | None:
    return (
        Translation.objects.filter(source__object_id=page.translation_key, target_locale=page.locale_id)
        .select_related("source", "target_locale")
        .first()
    )


def _do(request: HttpRequest, translation: Translation, action: str) -> None:
    name = translation.target_locale.get_display_name()
    try:
        if action == "publish":
            reach.require_publishing(request.user, translation)
            publish(translation, request.user)
            messages.success(request, _("%(language)s: published.") % {"language": name})
        elif action == "propose":
            reach.require_translating(request.user, translation)
            if propose(translation, request.user):
                messages.success(request, _("%(language)s: proposed to the reviewers.") % {"language": name})
            else:
                messages.success(request, _("%(language)s: kept as a draft.") % {"language": name})
    except Incomplete as left:
        messages.error(request, unfinished(translation, left))
    except ValidationError as error:
        messages.error(
            request,
            _("%(language)s: nothing was published. %(why)s") % {"language": name, "why": " ".join(error.messages)},
        )


def refuse_in_bulk(request: HttpRequest, action_type: str, pages: list[Page], action: object) -> HttpResponse | None:
    """Publishing many pages at once would let out drafts that still hold the words of the source."""
    from .rendition import Rendition

    if action_type != "publish":
        return None
    chosen = [page.pk for page in pages if isinstance(page, Page)]
    untold = Rendition.objects.of_others().filter(page_id__in=chosen, follows=None).select_related("page").first()
    if untold is None:
        return None
    messages.error(
        request,
        _("“%(title)s” is not translated yet: translate it and publish it from its own page.")
        % {"title": untold.page.get_admin_display_title()},
    )
    parent = untold.page.get_parent()
    return redirect("wagtailadmin_explore", parent.pk if parent else 1)


def plain_menu(menu_items: list[Any], request: HttpRequest, context: dict[str, Any]) -> None:
    """No way to make an alias: it would show one language under another's address."""
    menu_items[:] = [item for item in menu_items if item.name != "localize-convert-to-alias"]


def no_report(request: HttpRequest, menu_items: list[Any]) -> None:
    """The queue stands in place of the library's own report."""
    menu_items[:] = [item for item in menu_items if "localize/reports/translations" not in getattr(item, "url", "")]
