"""The questions of who has a place, on a page of their own; answers and files on one's own page."""

from typing import Any, NamedTuple

from django.db import OperationalError, transaction
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.views.decorators.http import require_safe
from i18nfield.strings import LazyI18nString

from events.models import Question, Registration, SeatPool
from events.models.questions.answer import Answer
from events.models.questions.kinds import Kind
from pages import busy
from pages.trilingual import Shown

from ..event_shown import event_shown
from ..questions import staged, waiting
from ..questions.asking import Asking
from ..questions.fields import told
from ..questions.handing_out import handed_out
from ..questions.received import bounded
from ..questions.waiting import Questionnaire
from . import standing
from .opened import back, own_page

OFTEN = "too_often"


class Told(NamedTuple):
    """One answer as one's own page shows it, with the words that it answered."""

    label: Shown
    text: str
    file: str
    "What names the file in its address; empty where there is none."
    is_long: bool


def shown_on_page(registration: Registration) -> dict[str, Any]:
    """What one's own page tells of questions: the answers, how many are missing, and whether there are more."""
    mine = waiting.of(registration)
    open_ = mine.open if standing.stands(registration) else []
    return {
        "answers": [_told(one) for one in mine.answers],
        "missing": len([one for one in mine.missing if one in open_]),
        "has_questions": bool(_posed(mine)),
        "has_consents": bool(mine.consents),
    }


def _told(answer: Answer) -> Told:
    label = told(LazyI18nString(answer.wording.said["label"]))
    file = str(answer.upload.uid) if answer.upload else ""
    return Told(label, answer.told(), file, answer.question.kind == Kind.LONG_TEXT)


def _posed(mine: Questionnaire) -> list[Question]:
    """The questions of the page: all of them until changes close, then those that were never answered."""
    if not standing.stands(mine.registration):
        return []
    return mine.posed if standing.may_change(mine.registration) else mine.open


class QuestionsForm(Asking):
    """What is asked of who has a place."""

    def __init__(self, mine: Questionnaire, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.place = mine.registration.place
        self.ask(
            _posed(mine),
            mine.registration.event,
            [self.place],
            owner=str(mine.registration.uid),
            among=mine.questions,
            before=mine.given,
            stood=self.place,
        )

    def clean(self) -> dict[str, Any]:
        data: dict[str, Any] = super().clean() or self.cleaned_data
        self.settle(self.place)
        return data


@own_page
def questions(request: HttpRequest, token: str, registration: Registration) -> HttpResponse:
    """Ask what is asked of who has a place; answered once, it holds for all dates of the same person."""
    mine = waiting.of(registration)
    if not _posed(mine):
        return back(token)
    is_sent = request.method == "POST"
    form = QuestionsForm(mine, request.POST, request.FILES) if is_sent else QuestionsForm(mine)
    trouble, status = "", 200
    if is_sent:
        trouble, status = kept(form, request, registration)
        if not trouble:
            return back(token, "answered")
    context = event_shown(request, registration.event, registration.occurrence, registration.home_zone)
    context |= {"token": token, "registration": registration, "form": form, "trouble": trouble}
    context["missing"] = len(mine.missing)
    response = render(request, "events/registration/questions_page.html", context, status=status)
    if status in (429, 503):
        response["Retry-After"] = "3600" if status == 429 else "5"
    return response


def kept(form: QuestionsForm, request: HttpRequest, registration: Registration) -> tuple[str, int]:
    """Keep what a form answers; the trouble there was, if any, and the status it is answered with."""
    is_whole = form.is_valid()
    try:
        if not staged.take_in(form, request):
            return OFTEN, 429
        if not is_whole:
            return "errors", 422
        with transaction.atomic():
            SeatPool.objects.hold(registration.event_id)
            registration.answer(form.given)
            others = Registration.objects.beside(registration).filter(state__in=waiting.HAVE_A_PLACE)
            for other in waiting.of_several(registration.event, others.select_related("event", "ticket", "occurrence")):
                other.registration.answer(other.of_mine(form.given))
    except OperationalError as error:  # a lock was not had in time; nothing was written
        busy.note(error)
        return "busy", 503
    return "", 303


questions = bounded(questions)


@own_page
@require_safe
def file(request: HttpRequest, token: str, registration: Registration, uid: Any) -> HttpResponseBase:
    """A file that this person has answered with, and nobody else's."""
    answer = registration.answers.living().filter(upload__uid=uid).select_related("upload").first()
    if answer is None or answer.upload is None:
        return render(request, "events/registration/no_file.html", {"token": token}, status=404)
    try:
        return handed_out(answer.upload)
    except FileNotFoundError:
        return render(request, "events/registration/no_file.html", {"token": token}, status=404)
