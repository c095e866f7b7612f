"""Writing one question of an event, a new one or one that is there."""

from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from wagtail.admin import messages

from events.models import Question
from pages.trilingual import shown

from .form import edit_handler
from .where import OnQuestions, note


class WriteView(OnQuestions):
    """The form of one question; what is refused comes back with everything that was written."""

    template_name = "desk/questions/write.html"
    verb = ""

    @cached_property
    def question(self) -> Question:
        raise NotImplementedError

    def get_form(self, data: Any = None) -> Any:
        return edit_handler.get_form_class()(data, instance=self.question, for_user=self.request.user)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        form = kwargs.pop("form", None) or self.get_form()
        panel = edit_handler.get_bound_panel(instance=self.question, request=self.request, form=form)
        return super().get_context_data(**kwargs) | {
            "event": self.event,
            "question": self.question,
            "form": form,
            "panel": panel,
            "media": panel.media + form.media,
            "back_url": self.back_url,
            "answered": self.told_of_answers(),
        }

    def told_of_answers(self) -> str:
        """How many have answered, for whom a change of words comes too late."""
        people = self.question.answers.living().count() if self.question.pk else 0
        if not people:
            return ""
        said = ngettext(
            "%(count)d person has answered. The answer keeps the words that were read then; new words hold for who "
            "answers from now on.",
            "%(count)d people have answered. Their answers keep the words that were read then; new words hold for who "
            "answers from now on.",
            people,
        )
        return str(said % {"count": people})

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        form = self.get_form(request.POST)
        if not form.is_valid():
            return self.refused(form)
        try:
            with transaction.atomic():
                question = form.save()
                note(question, self.verb, request.user)
        except ValidationError as error:  # somebody has answered meanwhile
            form.add_error("kind" if "kind" in getattr(error, "error_dict", {}) else None, error.messages)
            return self.refused(form)
        messages.success(request, _("“%(question)s” is kept.") % {"question": shown(question.label).text})
        return HttpResponseRedirect(f"{self.back_url}#question-{question.pk}", status=303)

    def refused(self, form: Any) -> HttpResponse:
        messages.error(self.request, _("Nothing is kept yet: look at what is marked below."))
        return self.render_to_response(self.get_context_data(form=form), status=422)


class AddQuestionView(WriteView):
    page_title = gettext_lazy("Write a question")
    verb = "added"

    @cached_property
    def question(self) -> Question:
        return Question(event=self.event)


class QuestionView(WriteView):
    page_title = gettext_lazy("Question")
    verb = "changed"

    @cached_property
    def question(self) -> Question:
        found: Question = get_object_or_404(
            Question.objects.select_related("event", "depends_on"), event=self.event, pk=self.kwargs["number"]
        )
        return found
