"""Representatives in the admin: who acts for which co-organiser, from which day to which."""

from typing import Any

from django import forms
from django.contrib.auth import get_user_model
from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _
from wagtail.admin.forms.models import WagtailAdminModelForm
from wagtail.admin.ui.tables import Column, TitleColumn
from wagtail.admin.views import generic

from pages.desk.trilingual import TrilingualColumn
from pages.desk.viewset import TableViewSet
from pages.trilingual import shown

from .mandate_forms import WithPerson, day_field, named
from .models import Organisation, Representative
from .representation import settle_anew


class OrganisationField(forms.ModelChoiceField):
    def label_from_instance(self, obj: Any) -> str:
        return f"{obj.short_name} · {shown(obj.name).text}"


class DaysForm(WagtailAdminModelForm):
    """From which day to which; ending is a last day. Rows are never deleted: they tell who saw what when."""

    starts_on = day_field(_("First day"))
    ends_on = day_field(_("Last day"), required=False, help_text=_("Left empty: until somebody ends it here."))

    class Meta:
        model = Representative
        fields = ["starts_on", "ends_on"]

    def save(self, commit: bool = True) -> Any:
        with transaction.atomic():
            row = super().save(commit=commit)
            if commit:
                settle_anew(row.person)
        return row


class RepresentativeForm(WithPerson, DaysForm):
    """Somebody who has an account, or who is invited to one by letter, for an organisation."""

    organisation = OrganisationField(label=_("Organisation"), queryset=Organisation.objects.order_by("short_name"))
    field_order = ["organisation", "person", "email", "name", "language", "starts_on", "ends_on"]

    class Meta(DaysForm.Meta):
        fields = ["organisation", "starts_on", "ends_on"]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["starts_on"].initial = timezone.now().date

    def clean(self) -> Any:
        cleaned = super().clean()
        known = (
            cleaned.get("person") or get_user_model().objects.filter(email__iexact=cleaned.get("email") or " ").first()
        )
        if known and not known.is_active:
            raise ValidationError({"email": _("The account of this address is closed. Open it again first.")})
        if known and Representative.objects.filter(person=known, organisation=cleaned.get("organisation")).exists():
            raise ValidationError(
                {"person": _("This person represents this organisation already: change the days there.")}
            )
        return cleaned

    def save(self, commit: bool = True) -> Any:
        with transaction.atomic():
            self.instance.person = self.somebody(self.for_user)
            return super().save(commit=commit)


class RepresentativeIndexView(generic.IndexView):
    def get_base_queryset(self) -> Any:
        return super().get_base_queryset().select_related("person", "organisation")

    @cached_property
    def columns(self) -> list[Column]:
        title = self._get_title_column_class(TitleColumn)
        return [
            title("person", label=_("Person"), accessor=lambda row: named(row.person), get_url=self.get_edit_url),
            TrilingualColumn("organisation", accessor="organisation.name", label=_("Organisation")),
            Column("starts_on", label=_("First day"), sort_key="starts_on"),
            Column("ends_on", label=_("Last day"), sort_key="ends_on"),
            Column("state", label=_("State"), accessor=told_state),
        ]


def told_state(row: Representative) -> Any:
    """Whether it holds today."""
    today = timezone.now().date()
    if row.starts_on > today:
        return _("still to begin")
    return _("ended") if row.ends_on and row.ends_on < today else _("holds")


class RepresentativeViewSet(TableViewSet):
    model = Representative
    name = "representatives"
    icon = "group"
    menu_label = _("Accounts of co-organisers")
    index_view_class = RepresentativeIndexView
    search_fields = ["person__first_name", "person__last_name", "person__email", "organisation__short_name"]
    ordering = "organisation__short_name"

    def get_form_class(self, for_update: bool = False) -> type[DaysForm]:
        return DaysForm if for_update else RepresentativeForm
