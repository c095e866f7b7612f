"""Questions taken over from another event, with what hangs together among them."""

from typing import Any

from django import forms
from django.db import transaction
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from wagtail.admin import messages
from wagtail.permissions import policy_registry

from events.models import Event, Question
from events.models.questions import copying
from pages.trilingual import shown

from ..sale.takeover import SourceField
from .told import told
from .where import OnQuestions, note


class SourceForm(forms.Form):
    """From which event; only those that one sees and that ask something."""

    source = SourceField(label=gettext_lazy("From which event"), queryset=Event.objects.none())

    def __init__(self, sources: Any, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["source"].queryset = sources  # type: ignore[attr-defined]


class QuestionTakeoverView(OnQuestions):
    """A GET chooses the event and shows its questions, a POST copies those that are ticked; twice is once."""

    template_name = "desk/questions/takeover.html"
    page_title = gettext_lazy("Take over questions from another event")

    @cached_property
    def sources(self) -> Any:
        mine = policy_registry.get_by_type(Event).instances_user_has_any_permission_for(
            self.request.user, {"view", "change"}
        )
        asking = Question.objects.asked().order_by().values("event")
        return mine.filter(pk__in=asking).exclude(pk=self.event.pk).order_by("-starts_at", "-pk")

    @cached_property
    def form(self) -> SourceForm:
        asked = self.request.GET if "source" in self.request.GET else None
        return SourceForm(self.sources, asked)

    @property
    def source(self) -> Event | None:
        return self.form.cleaned_data["source"] if self.form.is_bound and self.form.is_valid() else None

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        source = self.source
        if source is None:
            return self.render_to_response(self.get_context_data(), status=422)
        ticked = [pk for pk in request.POST.getlist("question") if pk.isascii() and pk.isdecimal() and len(pk) < 19]
        questions = list(Question.objects.filter(event=source, pk__in=ticked).asked().whole())
        if not questions:
            messages.error(request, _("No question is ticked: nothing was taken over."))
            return self.render_to_response(self.get_context_data(), status=422)
        with transaction.atomic():
            made, there = copying.copy_to(self.event, questions)
            for one in made:
                note(one, "added", request.user)
        self.tell(made, there)
        return HttpResponseRedirect(self.back_url, status=303)

    def tell(self, made: list[Question], there: list[Question]) -> None:
        """What was taken over, what of it is not asked yet, and what was there already."""
        if made:
            said = ngettext("%(count)d question is taken over.", "%(count)d questions are taken over.", len(made))
            messages.success(self.request, said % {"count": len(made)})
        if waiting := [one for one in made if one.retired_at is not None]:
            messages.warning(
                self.request,
                _(
                    "Not asked until you say of whom, because the ticket or the question on which it hung did not come "
                    "along: %(names)s"
                )
                % {"names": _names(waiting)},
            )
        if there:
            messages.info(self.request, _("Asked already, and left as it is: %(names)s") % {"names": _names(there)})

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        source = self.source
        rows = told(source) if source else []
        return super().get_context_data(**kwargs) | {
            "event": self.event,
            "form": self.form,
            "source": source,
            "rows": [one for one in rows if one.question.retired_at is None],
            "none": not self.form.is_bound and not self.sources.exists(),
            "back_url": self.back_url,
        }


def _names(questions: list[Question]) -> str:
    return " · ".join(shown(one.label).text for one in questions)
