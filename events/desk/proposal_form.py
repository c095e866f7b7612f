"""The short form by which a correspondent proposes an event: minutes, on a phone, in one language."""

import datetime as dt
import uuid
from typing import Any

from django import forms
from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.text import capfirst
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _
from i18nfield.strings import LazyI18nString

from events.models import Event, Proposal
from pages.languages import name_of
from pages.trilingual import shown
from regions import countries
from regions.models import Organisation, Region, today_in

AHEAD = 180
"Days from now at which an event stands whose date nobody knows, until somebody does."
NOON, EVENING = dt.time(9), dt.time(17)


class RegionField(forms.ModelChoiceField):
    def label_from_instance(self, region: Any) -> str:
        return shown(region.name).text


class OrganisationsField(forms.ModelMultipleChoiceField):
    def label_from_instance(self, organisation: Any) -> str:
        return f"{shown(organisation.name).text} ({organisation.short_name})"


class ProposalForm(forms.Form):
    """Asks for what one knows at the beginning; the staff complete the rest.

    Dates are days and hours in the zone of the region. Without hours the event
    takes whole days; without dates it is tentative.
    """

    submission = forms.UUIDField(widget=forms.HiddenInput, required=False)
    region = RegionField(label=_("Region"), queryset=Region.objects.none(), empty_label=None)
    title_fr = forms.CharField(max_length=200, required=False)
    title_en = forms.CharField(max_length=200, required=False)
    title_es = forms.CharField(max_length=200, required=False)
    kind = forms.ChoiceField(label=_("Kind"), initial=Event.Kind.REGIONAL_MEETING)
    date_unknown = forms.BooleanField(label=_("The dates are not known yet"), required=False)
    around = forms.CharField(
        label=_("Around when"),
        max_length=60,
        required=False,
        help_text=_("If the dates are not known: a month or a season is enough."),
    )
    first_day = forms.DateField(
        label=_("First day"), required=False, widget=forms.DateInput({"type": "date"}, format="%Y-%m-%d")
    )
    first_hour = forms.TimeField(
        label=_("from"), required=False, widget=forms.TimeInput({"type": "time"}, format="%H:%M")
    )
    last_day = forms.DateField(
        label=_("Last day"),
        required=False,
        widget=forms.DateInput({"type": "date"}, format="%Y-%m-%d"),
        help_text=_("Left empty: the same day."),
    )
    last_hour = forms.TimeField(
        label=_("until"), required=False, widget=forms.TimeInput({"type": "time"}, format="%H:%M")
    )
    format = forms.ChoiceField(label=_("Format"), initial=Event.Format.ONSITE, widget=forms.RadioSelect)
    city = forms.CharField(label=_("City"), max_length=120, required=False)
    country = forms.ChoiceField(label=_("Country"), required=False)
    organisers = forms.CharField(
        label=_("Organisers"), required=False, max_length=2000, widget=forms.Textarea({"rows": 2})
    )
    organisations = OrganisationsField(
        label=_("Organisers known in the directory"),
        queryset=Organisation.objects.none(),
        required=False,
        widget=forms.SelectMultiple({"size": 6}),
    )
    note = forms.CharField(
        label=_("Why this event, and what the Secretariat should know"),
        required=False,
        max_length=5000,
        widget=forms.Textarea({"rows": 4}),
    )
    contact = forms.CharField(
        label=_("Contact"), required=False, max_length=254, help_text=_("A name, an e-mail address or a telephone.")
    )

    def __init__(self, regions: Any, *args: Any, proposal: Proposal | None = None, **kwargs: Any) -> None:
        self.proposal = proposal
        self.own = get_language() or settings.LANGUAGE_CODE
        super().__init__(*args, **kwargs)
        self.initial.setdefault("submission", uuid.uuid4())
        self.fields["region"].queryset = regions  # type: ignore[attr-defined]
        if len(regions) == 1:
            self.fields["region"].initial = regions[0].pk
            self.fields["region"].widget = forms.HiddenInput()
        self.fields["kind"].choices = [(value, capfirst(str(label))) for value, label in Event.Kind.choices]  # type: ignore[attr-defined]
        self.fields["format"].choices = [(value, capfirst(str(label))) for value, label in Event.Format.choices]  # type: ignore[attr-defined]
        self.fields["country"].choices = [("", "—"), *countries.choices()]  # type: ignore[attr-defined]
        self.fields["organisations"].queryset = Organisation.objects.order_by("short_name")  # type: ignore[attr-defined]
        for code, _name in settings.LANGUAGES:
            self.fields[f"title_{code}"].label = _("Title, in %(language)s") % {"language": name_of(code)}
        if proposal is not None:
            self.initial = {**self.initial, **_told_by(proposal)}

    @property
    def titles(self) -> list[Any]:
        """The lines of the title, one's own language first."""
        codes = [self.own, *(code for code, _name in settings.LANGUAGES if code != self.own)]
        return [self[f"title_{code}"] for code in codes]

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        if not any((cleaned.get(f"title_{code}") or "").strip() for code, _name in settings.LANGUAGES):
            self.add_error(
                f"title_{self.own}", ValidationError(_("Give it a title, in one language at least."), code="required")
            )
        self._check_dates(cleaned)
        if cleaned.get("format") != Event.Format.ONLINE and not cleaned.get("city") and not cleaned.get("country"):
            self.add_error(
                "country", ValidationError(_("Say in which country, or that it is online."), code="required")
            )
        return cleaned

    def _check_dates(self, cleaned: dict[str, Any]) -> None:
        if cleaned.get("date_unknown"):
            return
        first, last = cleaned.get("first_day"), cleaned.get("last_day") or cleaned.get("first_day")
        if not first:
            if "first_day" not in self.errors:
                self.add_error(
                    "first_day", ValidationError(_("Give the first day, or say that it is not known."), code="required")
                )
            return
        if last and last < first:
            self.add_error("last_day", ValidationError(_("The last day can't be before the first."), code="order"))
            return
        start, end = cleaned.get("first_hour"), cleaned.get("last_hour")
        if end and not start:
            self.add_error("first_hour", ValidationError(_("Say when it begins."), code="required"))
        elif start and end and last == first and end <= start:
            self.add_error("last_hour", ValidationError(_("The end must come after the beginning."), code="order"))
        elif start and not end:
            self.add_error("last_hour", ValidationError(_("Say when it ends."), code="required"))

    # -- what it makes

    def put(self, event: Event) -> None:
        """Write what was told on a draft; what the form does not ask for stays."""
        told = self.cleaned_data
        region: Region = told["region"]
        title = {code: " ".join(told[f"title_{code}"].split()) for code, _name in settings.LANGUAGES}
        event.title = LazyI18nString({code: text for code, text in title.items() if text})
        event.kind, event.format, event.country = told["kind"], told["format"], told["country"]
        event.city = _in_language(event.city, told["city"].strip(), self.language)
        event.timezone = region.default_timezone
        event.start_local, event.end_local, event.all_day = self.span(region)
        event.status = Event.Status.TENTATIVE if told["date_unknown"] else Event.Status.SCHEDULED
        event.staff_note = self.for_staff()

    @property
    def language(self) -> str:
        """The language it is told in: one's own, if the title is."""
        told = [code for code, _name in settings.LANGUAGES if self.cleaned_data[f"title_{code}"].strip()]
        return self.own if self.own in told else told[0]

    def span(self, region: Region) -> tuple[dt.datetime, dt.datetime, bool]:
        """First and last wall clock, and whether whole days are meant."""
        told = self.cleaned_data
        if told["date_unknown"]:
            someday = today_in(region) + dt.timedelta(days=AHEAD)
            return dt.datetime.combine(someday, NOON), dt.datetime.combine(someday, EVENING), True
        first, last = told["first_day"], told["last_day"] or told["first_day"]
        whole = told["first_hour"] is None
        return (
            dt.datetime.combine(first, told["first_hour"] or NOON),
            dt.datetime.combine(last, told["last_hour"] or EVENING),
            whole,
        )

    def for_staff(self) -> str:
        told = self.cleaned_data
        parts = [told["around"] if told["date_unknown"] else "", told["organisers"], told["note"], told["contact"]]
        return "\n\n".join(part.strip() for part in parts if part.strip())

    def save(self, user: Any) -> Proposal:
        """Make the draft and its proposal, or correct them. Commits with the caller."""
        told = self.cleaned_data
        with transaction.atomic():
            proposal = self.proposal
            event = proposal.event.get_latest_revision_as_object() if proposal else Event(live=False)
            self.put(event)
            if proposal is None:
                event.save()
            regions = [told["region"]] if proposal is None else [*event.regions.all()]
            event.regions.set([*regions, *([] if told["region"] in regions else [told["region"]])])
            self._organise(event)
            if proposal is None:
                event.save()
            event.save_revision(user=user, changed=True, clean=False)  # French may come later, from the staff
            if proposal is None:
                proposal = Proposal(event=event, proposer=user, submission=told["submission"] or uuid.uuid4())
            proposal.region, proposal.language = told["region"], self.language
            proposal.date_known = not told["date_unknown"]
            proposal.organisers, proposal.note = told["organisers"], told["note"]
            proposal.around, proposal.contact = told["around"], told["contact"]
            proposal.save()
        return proposal

    def _organise(self, event: Event) -> None:
        model = event.organisers.model
        there = {row.organisation_id for row in event.organisers.all()}
        for organisation in self.cleaned_data["organisations"]:
            if organisation.pk not in there:
                event.organisers.add(model(organisation=organisation, sort_order=len(there)))
                there.add(organisation.pk)


def _in_language(value: Any, text: str, language: str) -> LazyI18nString:
    data = dict(value.data) if isinstance(value, LazyI18nString) and isinstance(value.data, dict) else {}
    return LazyI18nString({code: said for code, said in (data | {language: text}).items() if said})


def _told_by(proposal: Proposal) -> dict[str, Any]:
    """What the form showed, or what the staff have made of it since."""
    event = proposal.event.get_latest_revision_as_object()
    title = event.title.data if isinstance(event.title.data, dict) else {"fr": str(event.title)}
    told = {f"title_{code}": title.get(code, "") for code, _name in settings.LANGUAGES} | {
        "region": proposal.region_id,
        "kind": event.kind,
        "format": event.format,
        "country": event.country,
        "city": shown(event.city, proposal.language).text,
        "organisations": [row.organisation_id for row in event.organisers.all()],
        "organisers": proposal.organisers,
        "note": proposal.note,
        "around": proposal.around,
        "contact": proposal.contact,
        "date_unknown": not proposal.date_known,
    }
    if proposal.date_known:
        told |= {"first_day": event.start_local.date(), "last_day": event.end_local.date()}
        if not event.all_day:
            told |= {"first_hour": event.start_local.time(), "last_hour": event.end_local.time()}
    return told
