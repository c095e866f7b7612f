"""The questions of one event on one screen: their order, what is known of each, and what can be added."""

from typing import Any

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from wagtail.admin import messages

from events.models import Question
from events.models.questions import shipped
from events.models.questions.kinds import Stage
from pages.trilingual import shown

from ..on_event import NAMES, edit_url
from . import verbs
from .told import Told, told
from .where import OnQuestions


class QuestionsView(OnQuestions):
    """A GET shows them; a POST moves one, retires it, asks it again, or adds what comes with the product."""

    template_name = "desk/questions/questions.html"
    page_title = gettext_lazy("Questions")

    def get_breadcrumbs_items(self) -> list[dict[str, Any]]:
        *before, _questions, here = super().get_breadcrumbs_items()
        return [*before, here]

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        rows = told(self.event)
        asked = [one for one in rows if one.question.retired_at is None]
        return super().get_context_data(**kwargs) | {
            "event": self.event,
            "stages": [
                (stage.label, words, [one for one in asked if one.question.stage == stage])
                for stage, words in (
                    (Stage.REGISTRATION, _("Everybody reads these before they register.")),
                    (
                        Stage.PLACE,
                        _("Asked on their own page, once they have a place: what only those who come need to tell."),
                    ),
                )
            ],
            "retired": [one for one in rows if one.question.retired_at is not None],
            "none": not rows,
            "built_in": self.built_in(asked),
            "templates": [
                {
                    "key": one.key,
                    "name": _(one.name),
                    "about": _(one.about),
                    "labels": [shown(shipped.told(shipped.QUESTIONS[key].label)) for key in one.questions],
                }
                for one in shipped.TEMPLATES
            ],
            "add_url": reverse(f"{NAMES}:question_add", args=[self.event.pk]),
            "takeover_url": reverse(f"{NAMES}:question_takeover", args=[self.event.pk]),
            "event_url": edit_url(self.event),
            "form_url": reverse("registration", args=[self.event.uid]) if self.event.window.has_form else "",
            "is_here": self.event.registration == self.event.RegistrationMode.HERE,
        }

    def built_in(self, asked: list[Told]) -> list[dict[str, Any]]:
        """Those the product knows, and whether they are asked already."""
        subjects = {one.question.subject for one in asked}
        return [
            {
                "key": one.key,
                "name": one.subject and Question.Subject(one.subject).label,
                "label": shown(shipped.told(one.label)),
                "there": one.subject in subjects,
            }
            for one in shipped.QUESTIONS.values()
            if one.subject
        ]

    # -- what is done

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        verb = getattr(self, f"do_{request.POST.get('do', '')}", None)
        if verb is None:
            return self.render_to_response(self.get_context_data(), status=422)
        try:
            place = verb()
        except verbs.Refused as refused:
            messages.error(request, str(refused))
            return self.render_to_response(self.get_context_data(), status=422)
        return HttpResponseRedirect(f"{self.back_url}{place}", status=303)

    @property
    def named(self) -> Question:
        """The question of this event that was sent along."""
        asked = self.request.POST.get("question", "")
        known = asked.isascii() and asked.isdecimal() and len(asked) < 19
        found: Question = get_object_or_404(
            Question.objects.select_related("event", "depends_on"), event=self.event, pk=asked if known else 0
        )
        return found

    def do_up(self) -> str:
        return self._shift(up=True)

    def do_down(self) -> str:
        return self._shift(up=False)

    def _shift(self, up: bool) -> str:
        question = self.named
        if not verbs.shift(question, up, self.request.user):
            messages.info(self.request, _("That had been done already: nothing has changed."))
        return f"#question-{question.pk}"

    def do_retire(self) -> str:
        question = self.named
        said = {"question": shown(question.label).text}
        if question.retired_at is not None:
            messages.info(self.request, _("That had been done already: nothing has changed."))
        elif verbs.retire(question, self.request.user):
            messages.success(self.request, _("“%(question)s” is deleted: nobody had answered.") % said)
        else:
            messages.success(self.request, _("“%(question)s” is no longer asked; its answers are kept.") % said)
        return ""

    def do_again(self) -> str:
        question = self.named
        if question.retired_at is None:
            messages.info(self.request, _("That had been done already: nothing has changed."))
            return f"#question-{question.pk}"
        verbs.ask_again(question, self.request.user)
        messages.success(self.request, _("“%(question)s” is asked again.") % {"question": shown(question.label).text})
        return f"#question-{question.pk}"

    def do_add(self) -> str:
        keys = [key for key in self.request.POST.getlist("key") if key in shipped.QUESTIONS]
        if not keys:
            raise verbs.Refused(_("No question is ticked: nothing was added."))
        return self._add(keys)

    def do_template(self) -> str:
        asked = self.request.POST.get("template")
        chosen = next((one for one in shipped.TEMPLATES if one.key == asked), None)
        if chosen is None:
            raise verbs.Refused(_("Choose a set of questions."))
        return self._add(list(chosen.questions))

    def _add(self, keys: list[str]) -> str:
        made, there = verbs.add_shipped(self.event, keys, self.request.user)
        if made:
            said = ngettext("%(count)d question is added.", "%(count)d questions are added.", len(made))
            messages.success(self.request, said % {"count": len(made)})
        if there:
            names = " · ".join(there)
            messages.info(self.request, _("Asked already, and left as it is: %(names)s") % {"names": names})
        return f"#question-{made[0].pk}" if made else ""
