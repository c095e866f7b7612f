"""The shelves of news and of the correspondents who write it."""

import datetime as dt
import uuid
from typing import Any, ClassVar

from django.conf import settings
from django.contrib.auth import get_user_model
from django.contrib.auth.models import User
from django.core.exceptions import ValidationError
from django.db.models import Model
from django.utils.html import format_html
from wagtail.models import Locale
from wagtail.users.models import UserProfile

from pages import landmarks
from regions.models import NewsPage, Region, RegionPage

from .. import groups
from .columns import Column, Iso, Prose
from .library import Library
from .reading import Programme
from .shelf import Shelf, Wanted


class EventNamed(Column):
    """The event that news tell about, by its UID."""

    def get(self, row: Model, library: Library) -> str | None:
        uid = getattr(row, self.name)
        return None if uid is None else library.key_where("event", "uid", uid)

    def put(self, row: Model, value: str | None, library: Library) -> None:
        setattr(row, self.name, None if value is None else library.row("event", value).uid)  # type: ignore[attr-defined]


class RegionAbove(Column):
    """The region below whose page the news stand; told once, when they are made."""

    def get(self, row: Model, library: Library) -> str:
        assert isinstance(row, NewsPage)
        return library.key("region", RegionPage.objects.values_list("region_id", flat=True).get(pk=row.get_parent().pk))

    def put(self, row: Model, value: str, library: Library) -> None:
        if row.pk is not None:
            raise ValidationError({self.name: "News can't move to another region: move the pages in the site."})
        row.region_above = library.row("region", value)  # type: ignore[attr-defined]


class News(Shelf):
    """A page per language below the region's page."""

    kind = "news"
    model = NewsPage
    columns: ClassVar[list[Column]] = [
        Column("title"),
        Iso("date"),
        Column("author_role"),
        Prose("body"),
        EventNamed("event"),
        RegionAbove("region"),
    ]

    def read(self, programme: Programme) -> list[Wanted]:
        roles = {
            r.text("code"): r.trilingual("role", required=True) for r in programme.section("correspondents", "code")
        }
        found = []
        for r in programme.section("news", "slug"):
            slug = r.text("slug")
            title, body = r.trilingual("title", required=True), r.trilingual("body", required=True)
            author = roles.get(r.reference("author_role", set(roles), "correspondent") or "", {})
            shared = {
                "date": r.day("date"),
                "event": r.reference("event", programme.keys["events"], "event"),
                "region": r.reference("region", programme.keys["regions"], "region", required=True),
            }
            for code, _name in settings.LANGUAGES:
                if code in title and code in body:
                    values = {
                        "title": title[code],
                        "author_role": author.get(code) or author.get(settings.LANGUAGE_CODE, ""),
                        "body": [["text", _paragraphs(body[code])]],
                        **shared,
                    }
                    found.append(Wanted(f"{slug}/{code}", r, values))
        return found

    def adopt(self, keys: list[str]) -> dict[str, Model]:
        return {}

    def make(self, key: str) -> Model:
        slug, _slash, code = key.rpartition("/")
        return NewsPage(
            translation_key=uuid.uuid5(landmarks.FOUNDATION, f"news {slug}"),
            locale=Locale.objects.get(language_code=code),
        )

    def draft(self, row: Model) -> NewsPage | None:
        assert isinstance(row, NewsPage)
        return row.get_latest_revision_as_object() if row.has_unpublished_changes and row.latest_revision_id else None

    def check(self, row: Model, library: Library) -> None:
        row.clean_fields(exclude=["path", "depth", "url_path", "slug", "content_type"])

    def save(self, row: Model, changed: dict[str, Any], library: Library, *, added: bool) -> None:
        """Publish: new ones on their own date, later changes without losing a draft somebody works on."""
        assert isinstance(row, NewsPage)
        if added:
            above = RegionPage.objects.filter(region=row.region_above, locale=row.locale).first()  # type: ignore[attr-defined]
            if above is None:
                raise ValidationError("The region has no page in that language.")
            waiting = NewsPage.objects.filter(translation_key=row.translation_key, locale=row.locale)
            for draft in waiting.filter(live=False, first_published_at=None):
                draft.delete()  # it held the place until somebody translates: here the translation is
            row.first_published_at = dt.datetime.combine(row.date, dt.time(12), dt.UTC)
            row.slug = ""
            above.add_child(instance=row)
            row.save_revision().publish()
            return
        draft = self.draft(row)
        revision = row.save_revision()
        if row.live:
            revision.publish()
        if draft is not None:
            self.put(draft, changed, library)
            draft.save_revision()


class Correspondents(Shelf):
    """Accounts named by their role; they get a password from nobody but an administrator."""

    kind = "correspondent"
    model = get_user_model()
    natural = "username"
    columns: ClassVar[list[Column]] = [Column("email"), Column("first_name"), Column("last_name")]

    def __init__(self) -> None:
        super().__init__()
        self.told: dict[str, tuple[str, list[str]]] = {}

    def read(self, programme: Programme) -> list[Wanted]:
        found = []
        spoken = {code for code, _name in settings.LANGUAGES}
        for r in programme.inner["correspondents"]:
            code = r.text("code")
            region = r.reference("region", programme.keys["regions"], "region", required=True)
            languages = list(r.references("languages", spoken, "language")) or [settings.LANGUAGE_CODE]
            role = r.trilingual("role")
            self.told[code] = (region or "", languages)
            first, _space, last = (role.get(languages[0]) or role.get("fr", "")).partition(" ")
            values = {"email": r.text("email", required=True), "first_name": first, "last_name": last or first}
            found.append(Wanted(code, r, values))
        return found

    def natural_value(self, key: str) -> str:
        return f"correspondent.{key.removeprefix('corr-')}"

    def make(self, key: str) -> Model:
        user = get_user_model()(username=self.natural_value(key))
        user.set_unusable_password()
        return user

    def save(self, row: Model, changed: dict[str, Any], library: Library, *, added: bool) -> None:
        """A new correspondent has a mandate of a year and reads the admin in the first language spoken.

        To write news and propose events; people's registrations are opened by the staff alone.
        """
        row.save()
        if added:
            code = next(code for code in self.told if self.natural_value(code) == row.username)  # type: ignore[attr-defined]
            key, languages = self.told[code]
            region = library.row("region", key)
            assert isinstance(region, Region)
            assert isinstance(row, User)
            groups.give_a_year(row, region, languages=languages)
            told = {"preferred_language": languages[0], "current_time_zone": region.default_timezone}
            UserProfile.objects.update_or_create(user=row, defaults=told)


def _paragraphs(text: str) -> str:
    return "".join(format_html("<p>{}</p>", part.strip()) for part in text.split("\n\n") if part.strip())
