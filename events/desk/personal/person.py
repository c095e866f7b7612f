"""A person's data, on the desk: what is known of them in all events, a copy for them, and its erasure when they ask."""

from typing import Any

from django import forms
from django.core.exceptions import PermissionDenied
from django.db import OperationalError
from django.http import FileResponse, HttpRequest, HttpResponse, HttpResponseRedirect
from django.http.response import HttpResponseBase
from django.urls import reverse
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, override
from wagtail.admin import messages
from wagtail.admin.views import generic

from events.models import DataAccess, Registration
from events.models.personal.person import Person
from events.registration.personal import copying, erasing
from pages import busy
from pages.trilingual import shown

from .. import policies
from ..registrations.dates import date_of

COPY, ERASE = "copy", "erase"
REASONS = [
    ("asked", gettext_lazy("The person asked for it")),
    ("mistake", gettext_lazy("The address is not theirs, or was misused")),
    ("authority", gettext_lazy("An authority or a court decided it")),
]
"To choose from: whatever is written freely may name the person."


class DataForm(forms.Form):
    """Why; and of what can't be undone, once more that it is meant."""

    reason = forms.ChoiceField(
        label=gettext_lazy("Reason"),
        choices=[("", gettext_lazy("Choose a reason")), *REASONS],
        error_messages={"required": gettext_lazy("Choose a reason: it is written down with your name.")},
    )
    sure = forms.BooleanField(
        label=gettext_lazy("I know that nobody can bring it back"),
        error_messages={"required": gettext_lazy("Tick the box: nobody can bring it back.")},
    )

    def __init__(self, do: str, data: Any = None) -> None:
        super().__init__(data, auto_id=f"id_{do}_%s")
        if do == COPY:
            del self.fields["sure"]


class DataOfPersonView(generic.InspectView):
    """Everything known of the address of one registration, for whoever decides on registrations."""

    any_permission_required = ["change"]
    page_title = gettext_lazy("Data of a person")
    object: Registration
    form: DataForm | None = None
    done = ""

    def get_template_names(self) -> list[str]:
        return ["desk/data_of_person.html"]

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        if not policies.registrations.holds_for_all(request.user, {"change"}):
            raise PermissionDenied
        if self.object.is_erased:
            return HttpResponseRedirect(self.way_back)
        return super().dispatch(request, *args, **kwargs)

    def get_fields_context(self) -> list[dict[str, Any]]:
        """None: the page of the registration has them."""
        return []

    @property
    def way_back(self) -> str:
        return reverse("registrations:inspect", args=[self.object.pk])

    @property
    def person(self) -> Person:
        return Person(self.object.email)

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        do = COPY if request.POST.get("do") == COPY else ERASE
        self.form, self.done = DataForm(do, request.POST), do
        if not self.form.is_valid():
            return self.render_to_response(self.get_context_data(), status=422)
        reason = self.form.cleaned_data["reason"]
        return self.copied(reason) if do == COPY else self.erased(reason)

    def copied(self, reason: str) -> HttpResponseBase:
        """The archive, in the person's language, to be sent to them alone."""
        self.noted(DataAccess.What.COPY, reason)
        archive = copying.archive(self.person, self.object.language)
        with override(self.object.language):
            name = copying.file_name()
        response = FileResponse(archive, as_attachment=True, filename=name, content_type="application/zip")
        response["Cache-Control"] = "no-store, private"
        return response

    def erased(self, reason: str) -> HttpResponse:
        self.noted(DataAccess.What.ERASURE, reason)
        user: Any = self.request.user
        try:
            done = erasing.erase(self.object.email, self.object.language, user)
        except OperationalError as error:
            busy.note(error)
            messages.error(
                self.request, _("Many people are at work at once. Part of it may be done: please send it again.")
            )
            return HttpResponseRedirect(reverse("registrations:data", args=[self.object.pk]), status=303)
        messages.success(self.request, _("The data of this person are erased; a last letter tells them."))
        if done.waiting:
            titles = ", ".join(shown(event.title).text for event in done.waiting)
            text = _("Money is on its way; erased by itself once it has arrived: %(titles)s.")
            messages.warning(self.request, text % {"titles": titles})
        return HttpResponseRedirect(self.way_back, status=303)

    def noted(self, what: str, reason: str) -> None:
        """Before anything is done."""
        people = self.person.registrations.count()
        DataAccess.objects.note(self.request.user, what, registration=self.object, reason=reason, registrations=people)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        person = self.person
        forms_of = {do: DataForm(do) for do in (COPY, ERASE)}
        if self.form is not None:
            forms_of[self.done] = self.form
        return super().get_context_data(**kwargs) | {
            "registration": self.object,
            "back_url": self.way_back,
            "registrations": [
                {
                    "title": shown(one.registration.event.title).text,
                    "date": date_of(one.registration),
                    "state": capfirst(str(one.registration.get_state_display())),
                    "url": reverse("registrations:inspect", args=[one.registration.pk]),
                    "is_cancelled": one.is_cancelled,
                }
                for one in erasing.consequences(person)
            ],
            "letters": person.letters.count(),
            "payments": person.payments.count(),
            "invitations": person.invitations.count(),
            "copy": forms_of[COPY],
            "erase": forms_of[ERASE],
        }
