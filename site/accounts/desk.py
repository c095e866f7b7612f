"""People as the staff see them: who is invited and has not answered, who has a second factor, who was in last."""

from collections.abc import Callable
from typing import Any

import django_filters
from allauth.mfa.models import Authenticator
from django import forms
from django.conf import settings
from django.contrib.auth.hashers import UNUSABLE_PASSWORD_PREFIX
from django.core.exceptions import PermissionDenied, ValidationError
from django.db.models import Exists, OuterRef, Q, QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404
from django.urls import path, reverse
from django.utils import timezone
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.decorators.http import require_POST
from django.views.generic import FormView
from wagtail.admin import messages
from wagtail.admin.filters import WagtailFilterSet
from wagtail.admin.ui.tables import Column, DateColumn, StatusTagColumn, TitleColumn
from wagtail.admin.views import generic
from wagtail.admin.views.generic.base import WagtailAdminTemplateMixin
from wagtail.admin.widgets.boolean_radio_select import BooleanRadioSelect
from wagtail.admin.widgets.button import HeaderButton
from wagtail.models import ModelLogEntry

from pages.desk.lookup import FoldedLookup
from pages.desk.viewset import ReadOnlyViewSet

from . import people
from .models import Person
from .reader import reader
from .roles import roles

STANDINGS = {
    "member": gettext_lazy("has a password"),
    "invited": gettext_lazy("invited, has not answered"),
    "silent": gettext_lazy("invitation expired"),
    "unasked": gettext_lazy("never invited"),
    "closed": gettext_lazy("closed"),
}
UNUSABLE = Q(password__startswith=UNUSABLE_PASSWORD_PREFIX)


def in_standing(standing: str) -> Q:
    """The people of a standing, as ``Person.standing`` says it."""
    open_ = Q(invitation__answered_at=None, invitation__expires_at__gt=timezone.now())
    return {
        "closed": Q(is_active=False),
        "member": Q(is_active=True) & ~UNUSABLE,
        "invited": Q(is_active=True) & UNUSABLE & Q(invitation__isnull=False) & open_,
        "silent": Q(is_active=True) & UNUSABLE & Q(invitation__isnull=False) & ~open_,
        "unasked": Q(is_active=True) & UNUSABLE & Q(invitation=None),
    }[standing]


class PersonFilterSet(WagtailFilterSet):
    standing = django_filters.ChoiceFilter(
        label=gettext_lazy("Account"), choices=list(STANDINGS.items()), method="of_standing"
    )
    factor = django_filters.BooleanFilter(
        label=gettext_lazy("Second factor"),
        field_name="has_factor",
        widget=BooleanRadioSelect,
    )

    class Meta:
        model = Person
        fields: list[str] = []

    def of_standing(self, people: QuerySet[Person], name: str, value: str) -> QuerySet[Person]:
        return people.filter(in_standing(value))


class PersonIndexView(FoldedLookup, generic.IndexView):
    any_permission_required = ["add", "change", "view"]

    def get_base_queryset(self) -> QuerySet[Person]:
        return (
            Person.objects.select_related("invitation")
            .prefetch_related("groups")
            .annotate(
                has_factor=Exists(Authenticator.objects.filter(user=OuterRef("pk"), type=Authenticator.Type.TOTP))
            )
        )

    @cached_property
    def header_buttons(self) -> list[Any]:
        if not self.user_has_permission("add"):
            return []
        return [HeaderButton(label=_("Invite somebody"), url=reverse("people:invite"), icon_name="plus")]

    @cached_property
    def columns(self) -> list[Column]:
        return [
            self._get_title_column_class(TitleColumn)(
                "name", accessor=called, label=_("Name"), sort_key="last_name", get_url=self.get_inspect_url
            ),
            Column("username", label=_("Logs in with"), accessor="username", sort_key="username"),
            Column("role", label=_("Groups"), accessor=in_groups),
            StatusTagColumn(
                "standing",
                label=_("Account"),
                accessor=lambda person: str(STANDINGS[person.standing]),
                primary=lambda person: person.standing == "member",
            ),
            Column("factor", label=_("Second factor"), accessor=lambda person: _("yes") if person.has_factor else "–"),
            DateColumn("last_login", label=_("Last login"), sort_key="last_login"),
        ]


class PersonInspectView(generic.InspectView):
    """One account, and what the staff may do to it."""

    any_permission_required = ["change", "view"]
    template_name = "desk/person.html"
    page_title = gettext_lazy("Account")

    def get_page_subtitle(self) -> str:
        return called(self.object)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        person = self.object
        within = may_touch(self.request, person)
        return super().get_context_data(**kwargs) | {
            "person": person,
            "groups": in_groups(person),
            "standing": STANDINGS[person.standing],
            "invitation": getattr(person, "invitation", None),
            "has_factor": Authenticator.objects.filter(user=person, type=Authenticator.Type.TOTP).exists(),
            "may_resend": within and person.standing in ("invited", "silent", "unasked"),
            "may_end": within,
            "may_reset": self.request.user.has_perm("accounts.reset_factor"),
            "entries": ModelLogEntry.objects.filter(
                content_type__app_label="accounts", content_type__model="person", object_id=str(person.pk)
            ).select_related("user")[:20],
        }


class InviteForm(forms.Form):
    """Whom, in which language, as what."""

    name = forms.CharField(label=gettext_lazy("Name"), max_length=200)
    email = forms.EmailField(label=gettext_lazy("E-mail address"), max_length=150)
    language = forms.ChoiceField(
        label=gettext_lazy("Language"),
        choices=settings.LANGUAGES,
        help_text=gettext_lazy("Of the letter and, at first, of the administration."),
    )
    role = forms.ChoiceField(label=gettext_lazy("Invited as"), choices=lambda: list(roles.items()))


class InviteView(WagtailAdminTemplateMixin, FormView):
    """Write a letter to somebody who is to work here; correspondents are invited with their mandate."""

    form_class = InviteForm
    template_name = "desk/invite.html"
    page_title = gettext_lazy("Invite somebody")
    header_icon = "user"

    def get_breadcrumbs_items(self) -> list[dict[str, Any]]:
        return [
            *super().get_breadcrumbs_items(),
            {"url": reverse("people:index"), "label": _("Accounts")},
            {"url": "", "label": self.page_title},
        ]

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        if not request.user.has_perm("accounts.add_person"):
            raise PermissionDenied
        return super().dispatch(request, *args, **kwargs)

    def form_valid(self, form: InviteForm) -> HttpResponse:
        told = form.cleaned_data
        try:
            user = people.invite(told["email"], told["name"], told["language"], told["role"], reader(self.request))
        except ValidationError as refused:
            form.add_error("email", refused)
            return self.form_invalid(form)
        if user.has_usable_password():
            messages.success(self.request, _("%(name)s has an account already and joins.") % {"name": called(user)})
        else:
            messages.success(self.request, _("%(name)s is invited: a letter leaves.") % {"name": called(user)})
        return HttpResponseRedirect(reverse("people:inspect", args=[user.pk]))


class PersonViewSet(ReadOnlyViewSet):
    model = Person
    name = "people"
    icon = "user"
    menu_label = gettext_lazy("Accounts")
    menu_order = 590
    add_to_settings_menu = True
    index_view_class = PersonIndexView
    inspect_view_class = PersonInspectView
    inspect_template_name = PersonInspectView.template_name
    inspect_view_fields = ["username"]
    filterset_class = PersonFilterSet
    ordering = "last_name"
    search_fields = ["first_name", "last_name", "username", "email"]

    def get_urlpatterns(self) -> list[Any]:
        return [
            *super().get_urlpatterns(),
            path("invite/", InviteView.as_view(), name="invite"),
            path("resend/<int:pk>/", resend, name="resend"),
            path("sessions/<int:pk>/", end_sessions, name="sessions"),
            path("factor/<int:pk>/", reset_factor, name="factor"),
        ]


def called(user: Any) -> str:
    """A person's name, or what they log in with."""
    return user.get_full_name() or user.get_username()


def in_groups(person: Person) -> str:
    """What somebody belongs to, in words."""
    names = [str(roles.get(group.name, group.name)) for group in person.groups.all()]
    return ", ".join([_("administrator"), *names] if person.is_superuser else names)


def may_touch(request: HttpRequest, person: Person) -> bool:
    """Whether the reader sees to this account; those of administrators are seen to by administrators."""
    return request.user.has_perm("accounts.change_person") and (request.user.is_superuser or not person.is_superuser)


def _touched(act: Callable[[HttpRequest, Person], None], may: Callable[[HttpRequest, Person], bool]) -> Any:
    """A button of the account's page: a POST, a right, a sentence, and back."""

    @require_POST
    def view(request: HttpRequest, pk: int) -> HttpResponse:
        person = get_object_or_404(Person, pk=pk)
        if not may(request, person):
            raise PermissionDenied
        act(request, person)
        return HttpResponseRedirect(reverse("people:inspect", args=[pk]))

    return view


def _resend(request: HttpRequest, person: Person) -> None:
    if people.resend(person, reader(request)):
        messages.success(request, _("Another letter leaves; the link of the former one is dead."))
    else:
        messages.warning(request, _("There is nothing to answer: the account has a password, or is closed."))


def _end_sessions(request: HttpRequest, person: Person) -> None:
    ended = people.end_sessions(person, reader(request))
    messages.success(
        request, ngettext("%(count)s session is ended.", "%(count)s sessions are ended.", ended) % {"count": ended}
    )


def _reset_factor(request: HttpRequest, person: Person) -> None:
    people.reset_factor(person, reader(request))
    messages.success(request, _("The second factor is taken away, the sessions are ended, a letter says so."))


resend = _touched(_resend, may_touch)
end_sessions = _touched(_end_sessions, may_touch)
reset_factor = _touched(_reset_factor, lambda request, person: request.user.has_perm("accounts.reset_factor"))
