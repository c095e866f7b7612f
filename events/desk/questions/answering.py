"""Answers that the staff correct or fill in for somebody: with the fields of the public form, and a line of history."""

from typing import Any

from django.db import OperationalError
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from wagtail.admin import messages
from wagtail.admin.views import generic

from events.models import Event, Place, Question, Registration
from events.models.questions.answer import Given
from events.registration.questions import waiting
from events.registration.questions.asking import Asking
from pages import busy


class StaffAnswers(Asking):
    """All that is asked of a place, and nothing of it needed: the staff fill in what they were told."""

    def pose(self, event: Event, places: list[Place], owner: str, **known: Any) -> None:
        """``known``: what was answered ``before`` in the place ``stood``."""
        questions = list(Question.objects.filter(event=event).asked().whole())
        for one in questions:
            one.required = False  # of this form alone: never saved
        self.ask(questions, event, places, owner, **known)


class OneAnswersForm(StaffAnswers):
    """Of somebody who is registered."""

    def __init__(self, registration: Registration, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.place = registration.place
        before: dict[Question, Given] = waiting.of(registration).given
        self.pose(registration.event, [self.place], str(registration.uid), before=before, stood=self.place)

    def clean(self) -> dict[str, Any]:
        data: dict[str, Any] = super().clean() or self.cleaned_data
        self.settle(self.place)
        return data


class AnswersView(generic.InspectView):
    """The answers of one person as a form; for whoever decides about them."""

    any_permission_required = ["change"]
    page_title = gettext_lazy("Answers")
    object: Registration

    def get_object(self, *args: Any, **kwargs: Any) -> Registration:
        """Nobody answers for somebody whose data were erased."""
        found: Registration = super().get_object(*args, **kwargs)
        if found.is_erased:
            raise Http404
        return found

    def get_template_names(self) -> list[str]:
        return ["desk/questions/answers.html"]

    @cached_property
    def address(self) -> str:
        return reverse("registrations:inspect", args=[self.object.pk])

    def get_page_subtitle(self) -> str:
        return self.object.name

    def get_fields_context(self) -> list[Any]:
        return []

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        form = kwargs.pop("form", None) or OneAnswersForm(self.object)
        return super().get_context_data(**kwargs) | {
            "registration": self.object,
            "form": form,
            "back_url": self.address,
        }

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        form = OneAnswersForm(self.object, request.POST, request.FILES)
        is_whole = form.is_valid()
        form.stage()
        if not is_whole:
            messages.error(request, _("Nothing is kept yet: look at what is marked below."))
            return self.render_to_response(self.get_context_data(form=form), status=422)
        try:
            changed = self.object.answer(form.given, by=request.user)  # type: ignore[arg-type]
        except OperationalError as error:  # a lock was not had in time; nothing was written
            busy.note(error)
            messages.error(request, _("Many people are at work at once. Nothing is lost: please send it again."))
            return self.render_to_response(self.get_context_data(form=form), status=503)
        if changed:
            messages.success(request, _("The answers are kept."))
        else:
            messages.info(request, _("That had been done already: nothing has changed."))
        return HttpResponseRedirect(f"{self.address}#answers", status=303)
