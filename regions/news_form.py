"""The form of news: what one writes first stands first, so that it is done in minutes on a phone."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.text import get_text_list
from django.utils.translation import gettext, override
from django.utils.translation import gettext_lazy as _
from wagtail.admin.compare import FieldComparison, TextDiff
from wagtail.admin.panels import FieldPanel, MultiFieldPanel, ObjectList, PublishingPanel, TabbedInterface

from pages.desk.choices import PageForm
from pages.translation.languages_panel import LanguagesPanel

from .event_door import events

OF_STAFF = "regions.change_mandate"


class NewsForm(PageForm):
    """Offers what this person may name, and begins with what is known of them.

    A correspondent names regions in their care only; those that the staff have
    named beside them stay.
    """

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.above = getattr(self.parent_page.specific, "region", None) if self.parent_page else self.instance.region
        self.kept: set[int] = set()
        if "more_regions" in self.fields:
            self._offer_regions()
        if "event" in self.fields:
            if events.widget:
                self.fields["event"].widget = events.widget()
            else:
                del self.fields["event"]
        if not self.instance.pk:
            self._begin()

    def _offer_regions(self) -> None:
        from .mandates import oversees_all, regions_in_care
        from .models import Region

        offered = Region.objects.exclude(pk=self.above.pk) if self.above else Region.objects.all()
        if self.for_user is not None and not oversees_all(self.for_user):
            care = regions_in_care(self.for_user, "news")
            if self.instance.pk:
                self.kept = {region.pk for region in self.instance.more_regions.all()} - care
            offered = offered.filter(pk__in=care)
        self.fields["more_regions"].queryset = offered  # type: ignore[attr-defined]
        if not offered.exists() and not self.kept:
            del self.fields["more_regions"]

    def _begin(self) -> None:
        from .models import today_in

        self.initial["date"] = today_in(self.above)
        language = self.parent_page.locale.language_code if self.parent_page else None
        if self.for_user is not None and self.above is not None and language:
            with override(language):
                role = gettext("Correspondent, %(region)s") % {"region": self.above.name.localize(language)}
            self.initial.setdefault("author_role", role)
            self.initial["author_role"] = self.initial["author_role"] or role[:100]

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or {}
        image, alt = cleaned.get("image"), (cleaned.get("image_alt") or "").strip()
        if image and not alt:
            alt = (getattr(image, "description", "") or "").strip()
            cleaned["image_alt"] = alt[:250]
        if image and not alt and not self.is_deferred_validation:
            self.add_error(
                "image_alt", ValidationError(_("Say in a few words what the picture shows."), code="required")
            )
        if cleaned.get("signature") == "name":
            if not (cleaned.get("author_name") or "").strip() and self.for_user is not None:
                cleaned["author_name"] = self.for_user.get_full_name()[:150]
        elif "author_name" in cleaned:
            cleaned["author_name"] = ""  # who signs by role has no name in the page, hidden or not
        if self.kept and "more_regions" in cleaned:
            from .models import Region

            chosen = {region.pk for region in cleaned["more_regions"]}
            cleaned["more_regions"] = Region.objects.filter(pk__in=chosen | self.kept)
        return cleaned


class TitleComparison(FieldComparison):
    """Names the event where Wagtail would show its UID."""

    def htmldiff(self) -> str:
        before, after = (events.title(uid) if uid else "" for uid in (self.val_a, self.val_b))
        parts = [("equal", before)] if before == after else [("deletion", before), ("addition", after)]
        html: str = TextDiff([part for part in parts if part[1]]).to_html()
        return html


class NamesComparison(FieldComparison):
    """Names regions and objectives in the reader's language."""

    @staticmethod
    def names(value: Any) -> str:
        return get_text_list([str(one) for one in value.all()], ",") if value is not None else ""

    def has_changed(self) -> bool:
        return set(self.val_a.all()) != set(self.val_b.all())

    def htmldiff(self) -> str:
        before, after = self.names(self.val_a), self.names(self.val_b)
        parts = [("equal", before)] if before == after else [("deletion", before), ("addition", after)]
        html: str = TextDiff([part for part in parts if part[1]]).to_html()
        return html


class _Compared(FieldPanel):
    """A field whose two versions are compared in words."""

    def __init__(self, field_name: str, compared_by: type[FieldComparison] = FieldComparison, **kwargs: Any) -> None:
        super().__init__(field_name, **kwargs)
        self.compared_by = compared_by

    def clone_kwargs(self) -> dict[str, Any]:
        return super().clone_kwargs() | {"compared_by": self.compared_by}

    def get_comparison_class(self) -> type[FieldComparison]:
        return self.compared_by


TEXT = [
    FieldPanel("title"),
    FieldPanel("summary", help_text=_("One or two sentences: they stand in the lists and in the feed.")),
    MultiFieldPanel([FieldPanel("image"), FieldPanel("image_alt"), FieldPanel("image_credit")], heading=_("Picture")),
    FieldPanel("body"),
]
ABOUT = [
    FieldPanel("kind", widget=forms.RadioSelect),
    FieldPanel("date", help_text=_("The day in the region.")),
    _Compared("event", TitleComparison),
    _Compared("more_regions", NamesComparison, widget=forms.CheckboxSelectMultiple),
    _Compared("objectives", NamesComparison, widget=forms.CheckboxSelectMultiple),
    MultiFieldPanel([FieldPanel("source_name"), FieldPanel("source_url")], heading=_("Source")),
]
AUTHOR = [
    FieldPanel("signature", widget=forms.RadioSelect),
    FieldPanel("author_role"),
    FieldPanel("author_name", help_text=_("Shown if you sign by your name. Left empty: the name of your account.")),
]
PUBLICATION = [
    PublishingPanel(),
    FieldPanel("slug", permission=OF_STAFF),
    FieldPanel("seo_title", permission=OF_STAFF),
    FieldPanel("search_description", permission=OF_STAFF),
]

tabs = TabbedInterface(
    [
        ObjectList(TEXT, heading=_("Text")),
        ObjectList(ABOUT, heading=_("About")),
        ObjectList([*AUTHOR, *PUBLICATION, LanguagesPanel(heading=_("Languages"))], heading=_("Author")),
    ],
    base_form_class=NewsForm,
)
