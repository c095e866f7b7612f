"""Which mandates a screen shows: by person, region, language and state."""

from typing import Any

from django import forms
from django.conf import settings
from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext_lazy

from pages.desk.lookup import FoldedLookup
from pages.trilingual import shown

from .models import Mandate, Region

LIVING, EVERY = "living", "every"


class FilterForm(forms.Form):
    """What the screen shows; each may be left open."""

    q = forms.CharField(label=gettext_lazy("Person"), required=False)
    region = forms.ModelChoiceField(
        label=gettext_lazy("Region"),
        queryset=Region.objects.all(),
        required=False,
        empty_label=gettext_lazy("all regions"),
    )
    language = forms.ChoiceField(
        label=gettext_lazy("Language"),
        choices=[("", gettext_lazy("all languages")), *settings.LANGUAGES],
        required=False,
    )
    state = forms.ChoiceField(
        label=gettext_lazy("State"),
        choices=[
            ("", gettext_lazy("hold or are still to begin")),
            *((state.value, state.label) for state in Mandate.State),
            (EVERY, gettext_lazy("all, those that have ended too")),
        ],
        required=False,
    )

    def __init__(self, data: Any) -> None:
        super().__init__(data, label_suffix="", auto_id="filter_%s")
        self.fields["region"].label_from_instance = lambda region: shown(region.name).text  # type: ignore[attr-defined]

    def chosen(self) -> list[Mandate]:
        """The mandates asked for, by region, those that hold longest first; a wrong answer filters nothing."""
        self.full_clean()
        asked = self.cleaned_data
        found: QuerySet[Mandate] = Mandate.objects.select_related(
            "region", "person", "follows__person", "followed_by__person"
        )
        if asked.get("region"):
            found = found.filter(region__in=Region.subtree(asked["region"].code))
        if asked.get("q"):
            found = People(asked["q"]).search_queryset(found)
        mandates = list(found.order_by("region__sort_order", "region__code", "-ends_on", "pk"))
        if asked.get("language"):
            mandates = [one for one in mandates if asked["language"] in one.languages]
        state, now = asked.get("state") or LIVING, timezone.now()
        if state == LIVING:
            return [one for one in mandates if one.state(now) != Mandate.State.ENDED]
        return mandates if state == EVERY else [one for one in mandates if one.state(now) == state]


class People(FoldedLookup):
    """Looks for the people of mandates by their names and addresses."""

    is_searching = True
    search_fields = ["person__first_name", "person__last_name", "person__email", "person__username"]

    def __init__(self, words: str) -> None:
        self.search_query = words.replace("\x00", " ").strip()
