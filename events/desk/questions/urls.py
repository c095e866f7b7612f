"""The addresses below an event at which its questions are written, and how its history tells of it."""

from typing import Any

from django.urls import path
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from wagtail.log_actions import LogFormatter

from .screen import QuestionsView
from .takeover import QuestionTakeoverView
from .writing import AddQuestionView, QuestionView

urlpatterns = [
    path("<int:pk>/questions/", QuestionsView.as_view(), name="questions"),
    path("<int:pk>/questions/new/", AddQuestionView.as_view(), name="question_add"),
    path("<int:pk>/questions/takeover/", QuestionTakeoverView.as_view(), name="question_takeover"),
    path("<int:pk>/questions/<int:number>/", QuestionView.as_view(), name="question"),
]

DONE = {
    "added": gettext_lazy("Question added: %(label)s"),
    "changed": gettext_lazy("Question changed: %(label)s"),
    "moved": gettext_lazy("Question moved: %(label)s"),
    "retired": gettext_lazy("Question no longer asked: %(label)s"),
    "again": gettext_lazy("Question asked again: %(label)s"),
}


def log_actions(registry: Any) -> None:
    """What was done to which question, in the history of the event."""
    for verb, sentence in DONE.items():
        registry.register_action(f"events.question_{verb}")(_told_as(sentence))


def _told_as(sentence: Any) -> type[LogFormatter]:
    class OfQuestion(LogFormatter):  # type: ignore[misc]
        label = gettext_lazy("Questions")

        def format_message(self, log_entry: Any) -> str:
            return str(sentence % {"label": log_entry.data.get("label") or _("a question")})

    return OfQuestion
