"""The forms by which mandates are given, changed, renewed, handed over and ended."""

import datetime as dt
from typing import Any

from django import forms
from django.conf import settings
from django.contrib.auth import get_user_model
from django.contrib.auth.models import User
from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from accounts.invitations import HOUSE_ZONE, invite
from pages.trilingual import shown

from .models import Mandate, Region

MATTERS = {
    "news": pgettext_lazy("what a mandate is for", "news"),
    "events": pgettext_lazy("what a mandate is for", "events"),
    "registrations": pgettext_lazy("what a mandate is for", "registrations"),
}
NOW, ON_A_DAY = "now", "day"


def day_field(label: Any, **more: Any) -> forms.DateField:
    """A day, chosen by the browser's own calendar: it works on a phone and without scripts."""
    return forms.DateField(label=label, widget=forms.DateInput({"type": "date"}, format="%Y-%m-%d"), **more)


def named(user: User) -> str:
    """Somebody in a choice: two people may have one name, never one address."""
    name = user.get_full_name()
    return f"{name} ({user.email or user.username})" if name else user.email or user.username


class PersonField(forms.ModelChoiceField):
    def label_from_instance(self, obj: Any) -> str:
        return named(obj)


class RegionField(forms.ModelChoiceField):
    def label_from_instance(self, obj: Any) -> str:
        return shown(obj.name).text


class Act(forms.Form):
    """Something done to a mandate. ``do`` is one transaction; a refusal comes back as an error of a field."""

    title: Any
    button: Any
    serious = False

    note = forms.CharField(
        label=_("Note"),
        required=False,
        widget=forms.Textarea({"rows": 2}),
        help_text=_("Why: kept in the history, which the staff read."),
    )

    def __init__(self, *args: Any, mandate: Mandate | None = None, **kwargs: Any) -> None:
        self.mandate = mandate
        kwargs.setdefault("label_suffix", "")
        super().__init__(*args, **kwargs)
        self.order_fields([name for name in self.fields if name != "note"])

    def do(self, by: Any) -> bool:
        """Whether it could be done; if not, the form says why and nothing has changed."""
        if not self.is_valid():
            return False
        try:
            with transaction.atomic():
                self.act(by, self.cleaned_data["note"])
        except ValidationError as error:
            if not hasattr(error, "error_dict"):
                self.add_error(None, error)
                return False
            for name, errors in error.error_dict.items():
                self.add_error(name if name in self.fields else None, errors)
            return False
        return True

    def act(self, by: Any, note: str) -> None:
        raise NotImplementedError

    @property
    def held(self) -> Mandate:
        assert self.mandate is not None
        return self.mandate


class WithPerson(forms.Form):
    """Somebody who has an account, or who is invited to one by letter."""

    person = PersonField(
        label=_("Person"), required=False, queryset=get_user_model().objects.none(), empty_label=_("somebody new")
    )
    email = forms.EmailField(
        label=_("E-mail of somebody new"), required=False, help_text=_("A letter invites to an account.")
    )
    name = forms.CharField(label=_("Name of somebody new"), required=False, max_length=200)
    language = forms.ChoiceField(
        label=_("Language of the letter"), choices=settings.LANGUAGES, initial=settings.LANGUAGE_CODE
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        people = get_user_model().objects.filter(is_active=True).order_by("last_name", "first_name", "username")
        self.fields["person"].queryset = people  # type: ignore[attr-defined]

    def clean(self) -> Any:
        cleaned = super().clean() or self.cleaned_data
        if not cleaned.get("person") and not self.errors.get("email"):
            if not cleaned.get("email"):
                raise ValidationError({"person": _("Choose a person, or write the e-mail of somebody new.")})
            if not cleaned.get("name"):
                raise ValidationError({"name": _("Write the name of the person you invite.")})
        if cleaned.get("person") and cleaned.get("email"):
            raise ValidationError({"email": _("Either choose a person or invite somebody new, not both.")})
        return cleaned

    def somebody(self, by: Any, zone: str = HOUSE_ZONE) -> User:
        """The account; who can't log in yet is invited, in the transaction of the caller.

        A new one goes by the clock of that zone.
        """
        sent = self.cleaned_data
        chosen: User | None = sent["person"]
        if chosen and (chosen.has_usable_password() or not chosen.email):
            return chosen
        try:
            if chosen:
                invite(chosen.email, chosen.get_full_name(), sent["language"], by)
                return chosen
            return invite(sent["email"], sent["name"], sent["language"], by, zone)
        except ValidationError as error:
            raise ValidationError({"email": error.messages}) from error


class _WithTerms(forms.Form):
    languages = forms.MultipleChoiceField(
        label=_("Languages"), choices=settings.LANGUAGES, widget=forms.CheckboxSelectMultiple
    )
    matters = forms.MultipleChoiceField(
        label=_("For"),
        choices=list(MATTERS.items()),
        help_text=_("Registrations: who comes to the region's events, with names and addresses."),
        widget=forms.CheckboxSelectMultiple,
    )
    may_publish = forms.ChoiceField(
        label=_("Rights"),
        choices=[("", _("proposes; others publish")), ("yes", _("publishes"))],
        required=False,
        widget=forms.RadioSelect,
    )
    with_subregions = forms.BooleanField(label=_("With its sub-regions"), required=False)

    def terms(self) -> dict[str, Any]:
        sent = self.cleaned_data
        return {
            "languages": sent["languages"],
            "may_publish": bool(sent["may_publish"]),
            "with_subregions": sent["with_subregions"],
            **{name: name in sent["matters"] for name in Mandate.MATTERS},
        }


class GiveForm(WithPerson, _WithTerms, Act):
    """A new mandate, for somebody who has an account or who is invited to one."""

    title, button = _("Give a mandate"), _("Give the mandate")

    region = RegionField(label=_("Region"), queryset=Region.objects.all())
    starts_on = day_field(_("First day"))
    ends_on = day_field(_("Last day"), help_text=_("Rights end at midnight by the clock of the region."))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        today = dt.datetime.now(dt.UTC).date()
        begin = {
            "languages": [code for code, _name in settings.LANGUAGES],
            "matters": ["news", "events"],
            "may_publish": "",
            "with_subregions": True,
            "starts_on": today,
            "ends_on": today + dt.timedelta(days=365),
        }
        kwargs["initial"] = begin | (kwargs.get("initial") or {})
        super().__init__(*args, **kwargs)
        order = ["person", "email", "name", "language", "region", "with_subregions", "languages", "matters"]
        self.order_fields([*order, "may_publish", "starts_on", "ends_on"])

    def act(self, by: Any, note: str) -> None:
        sent = self.cleaned_data
        days = {name: sent[name] for name in ("starts_on", "ends_on")}
        region = sent["region"]
        person = self.somebody(by, region.default_timezone)
        self.mandate = Mandate.give(person, region, by=by, note=note, **days, **self.terms())


class ChangeForm(_WithTerms, Act):
    title, button = _("Change what the mandate is for"), _("Change")

    def __init__(self, *args: Any, mandate: Mandate, **kwargs: Any) -> None:
        kwargs["initial"] = {
            "languages": mandate.languages,
            "matters": mandate.matters(),
            "may_publish": "yes" if mandate.may_publish else "",
            "with_subregions": mandate.with_subregions,
        } | (kwargs.get("initial") or {})
        super().__init__(*args, mandate=mandate, **kwargs)

    def act(self, by: Any, note: str) -> None:
        self.held.change(by=by, note=note, **self.terms())


class RenewForm(Act):
    title, button = _("Renew the mandate"), _("Renew")

    until = day_field(_("New last day"))

    def __init__(self, *args: Any, mandate: Mandate, **kwargs: Any) -> None:
        kwargs["initial"] = {"until": mandate.ends_on + dt.timedelta(days=365)} | (kwargs.get("initial") or {})
        super().__init__(*args, mandate=mandate, **kwargs)

    def act(self, by: Any, note: str) -> None:
        self.held.renew(self.cleaned_data["until"], by=by, note=note)


class HandOverForm(WithPerson, Act):
    title, button = _("Hand the mandate over"), _("Hand over")

    on = day_field(
        _("First day of the next person"),
        help_text=_("The same mandate goes on until its last day; this person's ends the day before."),
    )

    def act(self, by: Any, note: str) -> None:
        person = self.somebody(by, self.held.region.default_timezone)
        self.held.hand_over(person, self.cleaned_data["on"], by=by, note=note)


class EndForm(Act):
    title, button = _("End the mandate"), _("End the mandate")
    serious = True

    when = forms.ChoiceField(
        label=_("When"),
        choices=[(NOW, _("at once")), (ON_A_DAY, _("with the end of a day"))],
        initial=NOW,
        widget=forms.RadioSelect,
    )
    on = day_field(_("Its last day"), required=False)

    def clean(self) -> Any:
        cleaned = super().clean() or self.cleaned_data
        if cleaned.get("when") == ON_A_DAY and not cleaned.get("on") and not self.errors.get("on"):
            raise ValidationError({"on": _("Say the last day.")})
        return cleaned

    def act(self, by: Any, note: str) -> None:
        sent = self.cleaned_data
        self.held.end(sent["on"] if sent["when"] == ON_A_DAY else None, by=by, note=note)


ACTS: dict[str, type[Act]] = {"change": ChangeForm, "renew": RenewForm, "hand-over": HandOverForm, "end": EndForm}
