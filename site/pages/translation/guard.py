"""The guard: wagtail-localize asks "may this user translate?", never "this page?". Here both are asked.

Every address of its own stands behind a rule, and one without a rule is shut, so
that a later version of it opens nothing by itself. The doors are registered
before its own (``order=-1``) under the same addresses. Who guesses a number that
is not there is answered as one who may not.
"""

import json
from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect
from django.urls import URLPattern, path, reverse
from django.utils.translation import gettext as _
from wagtail.documents import get_document_model
from wagtail.images import get_image_model
from wagtail.models import Page
from wagtail.permissions import policy_registry
from wagtail_localize import wagtail_hooks as stock
from wagtail_localize.models import OverridableSegment, StringSegment, Translation, TranslationSource
from wagtail_localize.views.edit_translation import TabHelper, get_segment_location_info
from wagtail_localize.views.submit_translations import SubmitPageTranslationView, SubmitTranslationForm
from wagtail_localize.views.update_translations import UpdateTranslationsView

from . import reach, request, words
from .interface import catalogue
from .publishing import Incomplete, publish

Rule = Callable[..., None]


def addresses() -> list[URLPattern]:
    """What answers in place of wagtail-localize."""
    (prefix,) = stock.register_admin_urls()
    inner = prefix.url_patterns
    return [path(f"localize/{pattern.pattern}", _door(pattern)) for pattern in inner]


def _door(pattern: Any) -> Callable[..., HttpResponseBase]:
    name = pattern.name
    view = INSTEAD.get(name, pattern.callback)
    rule = RULES.get(name, shut)

    def door(asked: HttpRequest, **kwargs: Any) -> HttpResponseBase:
        rule(asked, **kwargs)
        answer: HttpResponseBase = view(asked, **kwargs)
        return answer

    door.csrf_exempt = getattr(view, "csrf_exempt", False)  # type: ignore[attr-defined]
    return door


# -- rules


def shut(asked: HttpRequest, **kwargs: Any) -> None:
    """Nobody comes through."""
    raise PermissionDenied


def open_to_all(asked: HttpRequest, **kwargs: Any) -> None:
    """It says nothing of any page."""


def in_hand(asked: HttpRequest, translation_id: int, **kwargs: Any) -> None:
    """The translation is this person's to write."""
    reach.require_translating(asked.user, _translation(translation_id))


def in_hand_to_publish(asked: HttpRequest, translation_id: int, **kwargs: Any) -> None:
    """The translation is this person's to make public."""
    reach.require_publishing(asked.user, _translation(translation_id))


def of_this_text(asked: HttpRequest, translation_id: int, string_segment_id: int) -> None:
    """In hand, and the text is one of its own."""
    translation = _translation(translation_id)
    reach.require_translating(asked.user, translation)
    if not StringSegment.objects.filter(pk=string_segment_id, source=translation.source_id).exists():
        raise PermissionDenied


def of_this_value(asked: HttpRequest, translation_id: int, overridable_segment_id: int) -> None:
    """In hand, the value is one of its own, and what is put there is something this person may choose."""
    translation = _translation(translation_id)
    reach.require_translating(asked.user, translation)
    segment = OverridableSegment.objects.filter(pk=overridable_segment_id, source=translation.source_id).first()
    if segment is None:
        raise PermissionDenied
    if asked.method == "PUT":
        _require_choosable(asked, translation, segment)


def of_a_page_to_edit(asked: HttpRequest, page_id: int) -> None:
    """The page is this person's to edit."""
    page = Page.objects.filter(pk=page_id, depth__gt=1).first()
    if page is None or not page.specific.permissions_for_user(asked.user).can_edit():
        raise PermissionDenied


def of_a_source_to_edit(asked: HttpRequest, translation_source_id: int) -> None:
    """What is translated is a page, and this person's to edit."""
    source = TranslationSource.objects.filter(pk=translation_source_id).first()
    page = source and Page.objects.filter(translation_key=source.object_id, locale=source.locale_id).first()
    if not page or not page.specific.permissions_for_user(asked.user).can_edit():
        raise PermissionDenied


def _translation(pk: int) -> Translation:
    found = Translation.objects.select_related("source", "target_locale").filter(pk=pk).first()
    if found is None:
        raise PermissionDenied
    return found


def _require_choosable(asked: HttpRequest, translation: Translation, segment: OverridableSegment) -> None:
    """A picture or a document by its number only where its collection is open to this person; else only text."""
    page = translation.source.get_source_instance()
    location = get_segment_location_info(
        page, TabHelper(page), segment.context.path, segment.context.get_field_path(page), widget=True
    )
    kind = location["widget"]["type"]
    if kind == "text":
        return
    model = {"image_chooser": get_image_model(), "document_chooser": get_document_model()}.get(kind)
    value = _sent(asked).get("value", "")
    if model is None or not str(value).isdecimal():
        raise PermissionDenied
    policy = policy_registry.get_by_type(model)
    if not policy.instances_user_has_any_permission_for(asked.user, ["choose", "change"]).filter(pk=value).exists():
        raise PermissionDenied


def _sent(asked: HttpRequest) -> dict[str, Any]:
    """What a PUT holds: Django reads forms of a POST only."""
    from django.http import QueryDict

    if asked.content_type == "application/json":
        try:
            sent = json.loads(asked.body or b"{}")
        except ValueError:
            return {}
        return sent if isinstance(sent, dict) else {}
    if asked.content_type == "multipart/form-data":
        from io import BytesIO

        from django.http.multipartparser import MultiPartParser, MultiPartParserError

        try:
            fields, _files = MultiPartParser(asked.META, BytesIO(asked.body), asked.upload_handlers).parse()
        except MultiPartParserError:
            return {}
        return fields.dict()
    return QueryDict(asked.body).dict()


# -- what answers in place of a view


class SubmitForm(SubmitTranslationForm):
    """One page at a time: what stands below it is asked for by its own publication."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        del self.fields["include_subtree"]

    def clean(self) -> dict[str, Any]:
        return super().clean() | {"include_subtree": False}


class SubmitWithinReach(SubmitPageTranslationView):
    """Into languages where this person may add such a page."""

    def get_form(self) -> SubmitForm:
        form = SubmitForm(self.object, self.request.POST if self.request.method == "POST" else None)
        allowed = [
            locale.pk
            for locale in form.fields["locales"].queryset
            if (parent := self.object.get_parent().get_translation_or_none(locale))
            and parent.specific.permissions_for_user(self.request.user).can_add_subpage()
        ]
        form.fields["locales"].queryset = form.fields["locales"].queryset.filter(pk__in=allowed)
        return form


class UpdateWithinReach(UpdateTranslationsView):
    """Takes over what changed; makes public only what is whole, where this person may."""

    def form_valid(self, form: Any) -> HttpResponse:
        page = self.object.get_source_instance()
        if words.changed(self.object, page):
            self.object.update_from_db()
        request.settle(page.translation_key)
        if form.cleaned_data["publish_translations"]:
            wanted = self.object.translations.filter(enabled=True).select_related("source", "target_locale")
            if not all(reach.may_publish(self.request.user, translation) for translation in wanted):
                raise PermissionDenied
            for translation in wanted:
                try:
                    publish(translation, self.request.user)
                except Incomplete as left:
                    messages.warning(self.request, unfinished(translation, left))
        messages.success(self.request, self.get_success_message())
        return redirect(self.get_success_url() or self.get_default_success_url())


def unfinished(translation: Translation, left: Incomplete) -> str:
    """Why a translation did not leave."""
    return _(
        "%(language)s: nothing was published. %(done)s of %(total)s texts are translated; "
        "the others would appear in the language of the source."
    ) % {"language": translation.target_locale.get_display_name(), "done": left.done, "total": left.total}


def to_the_queue(asked: HttpRequest, **kwargs: Any) -> HttpResponse:
    """Its own report names the pages of everybody."""
    return redirect(reverse("translations:index"))


def upload(asked: HttpRequest, translation_id: int) -> HttpResponseBase:
    """A file that is none is told, not thrown."""
    from wagtail_localize.views.edit_translation import upload_pofile

    try:
        answer: HttpResponseBase = upload_pofile(asked, translation_id=translation_id)
    except KeyError:  # no file, or one that names no translation
        messages.error(asked, _("This is no file of this translation."))
        page = _translation(translation_id).get_target_instance()
        return redirect("wagtailadmin_pages:edit", page.pk)
    return answer


RULES: dict[str, Rule] = {
    "javascript_catalog": open_to_all,
    "submit_page_translation": of_a_page_to_edit,
    "submit_snippet_translation": shut,  # nothing but pages is translated this way
    "update_translations": of_a_source_to_edit,
    "edit_string_translation": of_this_text,
    "edit_override": of_this_value,
    "download_pofile": in_hand,
    "upload_pofile": in_hand,
    "machine_translate": in_hand,
    "preview_translation": in_hand,
    "stop_translation": in_hand_to_publish,
    "convert_to_alias": shut,  # it puts one language's words under another's address, at once
    "translations_report": open_to_all,  # leads to the queue
    "translations_report_results": open_to_all,
    "snippets_api_listing": shut,  # it lists every event and organisation, drafts too
    "snippets_api_detail": shut,
}

INSTEAD: dict[str, Callable[..., HttpResponseBase]] = {
    "javascript_catalog": catalogue,
    "submit_page_translation": SubmitWithinReach.as_view(),
    "update_translations": UpdateWithinReach.as_view(),
    "upload_pofile": upload,
    "translations_report": to_the_queue,
    "translations_report_results": to_the_queue,
}
