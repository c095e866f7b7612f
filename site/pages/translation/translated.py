"""Translated: what of a kind of page is translated, what is one in all languages, and how far a page got."""

import datetime as dt
from typing import Any, ClassVar, NamedTuple

from django.conf import settings
from django.utils.functional import cached_property
from wagtail.models import PagePermissionTester
from wagtail_localize.fields import BaseTranslatableField, SynchronizedField, TranslatableField

from .rendition import Rendition

SEEN_BY_ENGINES = ("seo_title", "search_description")


class Standing(NamedTuple):
    """How the public text of a page stands.

    ``lang`` is the language its words are really in, and ``body`` those words.
    ``is_told`` is False where they are those of the source. ``since`` tells when
    the source changed without this text having followed. ``source`` is the page
    it is translated from, None for a source. ``titled`` is True where the title
    is translated with the rest.
    """

    lang: str
    body: Any
    is_told: bool = True
    since: dt.datetime | None = None
    source: Any = None
    titled: bool = True


class TranslatorTester(PagePermissionTester):
    """Who may write news in a place may also translate there what was written in another language.

    Only side by side: a text of one's own stays its author's.
    """

    def can_edit(self) -> bool:
        if super().can_edit():
            return True
        if not self.user.is_active or "add" not in getattr(self, "permissions", ()):
            return False
        from wagtail_localize.models import Translation

        return Translation.objects.filter(
            source__object_id=self.page.translation_key, target_locale=self.page.locale_id, enabled=True
        ).exists()


class Translated:
    """A page whose prose is translated side by side.

    ``translated`` names the fields with words, ``carried_over`` facts that follow
    the source at once, ``set_again`` those that follow when the translation is
    published again. Any other field is the page's own.
    """

    translated: ClassVar[tuple[str, ...]] = ("title", "body", *SEEN_BY_ENGINES)
    carried_over: ClassVar[tuple[str, ...]] = ()
    set_again: ClassVar[tuple[str, ...]] = ()
    copied_for_translation: ClassVar[bool] = True
    "Whether a page that a language lacks is made there when one is published."
    translated_by_writers: ClassVar[bool] = False
    "Whether whoever may write such a page there may also translate what others wrote."
    translatable_fields: ClassVar[list[BaseTranslatableField]] = []

    def __init_subclass__(cls, **kwargs: Any) -> None:
        super().__init_subclass__(**kwargs)
        cls.translatable_fields = [
            *(TranslatableField(name) for name in cls.translated),
            *(SynchronizedField(name, overridable=False) for name in (*cls.carried_over, *cls.set_again)),
        ]

    def permissions_for_user(self, user: Any) -> PagePermissionTester:
        if self.translated_by_writers:
            return TranslatorTester(user, self)
        return super().permissions_for_user(user)  # type: ignore[misc,no-any-return]

    translation_key: Any
    locale: Any
    body: Any

    @cached_property
    def renditions(self) -> dict[str, Rendition]:
        """Language → how the page in it stands; one query, kept with the page."""
        rows = Rendition.objects.filter(page__translation_key=self.translation_key)
        rows = rows.select_related("page__locale", "source__locale", "source__rendition")
        return {row.page.locale.language_code: row for row in rows}

    @property
    def told_in(self) -> list[str]:
        """The languages in which its words really exist, one that is stale included."""
        untold = {code for code, row in self.renditions.items() if not row.is_told}
        return [code for code, _name in settings.LANGUAGES if code not in untold]

    @cached_property
    def standing(self) -> Standing:
        """What has to be said of this page's language."""
        row = self.renditions.get(self.locale.language_code)
        if row is None or row.source is None:
            return Standing(self.locale.language_code, self.body)
        titled = "title" in self.translated
        if row.is_told:
            return Standing(self.locale.language_code, self.body, True, row.stale_since, row.source, titled)
        body = self.body if titled or not row.source.live else row.source.specific.body
        return Standing(row.source.locale.language_code, body, False, None, row.source, titled)
