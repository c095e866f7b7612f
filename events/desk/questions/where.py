"""Where the questions of an event are written: addresses, and who of the desk may write them."""

from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest
from django.urls import reverse
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from wagtail.log_actions import log

from events.models import Event, Question
from pages.trilingual import shown

from ..on_event import NAMES, OnEvent


class OnQuestions(OnEvent):
    """A screen about the questions of one event: for those who may change both."""

    header_icon = "help"
    needs = "change"

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> Any:
        if not request.user.has_perm("events.change_question"):
            raise PermissionDenied
        return super().dispatch(request, *args, **kwargs)

    @cached_property
    def back_url(self) -> str:
        return questions_url(self.event)

    def get_breadcrumbs_items(self) -> list[dict[str, Any]]:
        *before, here = super().get_breadcrumbs_items()
        return [*before, {"url": self.back_url, "label": _("Questions")}, here]


def questions_url(event: Event) -> str:
    return reverse(f"{NAMES}:questions", args=[event.pk])


def question_url(question: Question) -> str:
    return reverse(f"{NAMES}:question", args=[question.event_id, question.pk])


def note(question: Question, verb: str, by: Any) -> None:
    """A line in the history of the event, which stays when the question goes."""
    log(
        question.event,
        f"events.question_{verb}",
        user=by,
        data={"question": question.pk, "label": shown(question.label, "fr").text},
    )
