"""Reviewing news: who may, what was proposed, what became of it and why."""

from typing import Any, ClassVar

from django.conf import settings
from django.db import models
from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from wagtail.models import Task, TaskState

from .news import NewsPage


class RegionalReview(Task):
    """A step of a workflow that asks the staff, and the correspondents who may publish in that region and language.

    Who may only propose is no reviewer, not even of news somebody else wrote.
    While an item waits only its reviewers change it.
    """

    class Meta:
        verbose_name = _("regional review")
        verbose_name_plural = _("regional reviews")

    def user_can_access_editor(self, obj: Any, user: Any) -> bool:
        return self._may(obj, user)

    def locked_for_user(self, obj: Any, user: Any) -> bool:
        return not self._may(obj, user)

    def get_actions(self, obj: Any, user: Any) -> list[tuple[str, Any, bool]]:
        if not self._may(obj, user):
            return []
        return [
            ("reject", _("Send back with a comment"), True),
            ("approve", _("Approve"), False),
            ("approve", _("Approve with a comment"), True),
        ]

    def get_task_states_user_can_moderate(self, user: Any, **kwargs: Any) -> QuerySet[TaskState]:
        from regions.reviewing import pages_to_review

        waiting = self.task_states.filter(status=TaskState.STATUS_IN_PROGRESS)
        pages = pages_to_review(user, waiting)
        return waiting if pages is None else waiting.filter(news_review__page__in=pages)

    @classmethod
    def get_description(cls) -> Any:
        return _("The staff, and correspondents who may publish in that region and language, approve.")

    @staticmethod
    def _may(obj: Any, user: Any) -> bool:
        from regions.reviewing import may_review

        return may_review(user, obj)


class ReviewQuerySet(models.QuerySet["Review"]):
    def waiting(self) -> "ReviewQuerySet":
        return self.filter(state=Review.State.WAITING)


class Review(models.Model):
    """One submission of one item, from its proposal to the answer.

    ``proposed`` and ``decided`` hold the words as they stood then, field by field,
    so that the proposer can read what was changed however long ago it was.
    """

    class State(models.TextChoices):
        WAITING = "waiting", _("awaits review")
        APPROVED = "approved", _("approved")
        RETURNED = "returned", _("sent back")
        WITHDRAWN = "withdrawn", _("withdrawn")

    task_state = models.OneToOneField(TaskState, on_delete=models.CASCADE, related_name="news_review")
    page = models.ForeignKey(NewsPage, on_delete=models.CASCADE, related_name="reviews")
    proposer = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="news_proposed"
    )
    submitted_at = models.DateTimeField(default=timezone.now)
    proposed = models.JSONField(default=list)
    state = models.CharField(max_length=12, choices=State.choices, default=State.WAITING, db_index=True)
    comment = models.TextField(blank=True)
    decided = models.JSONField(default=list)
    decided_at = models.DateTimeField(null=True, blank=True)
    decided_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+")

    objects = ReviewQuerySet.as_manager()

    class Meta:
        ordering: ClassVar[list[str]] = ["-submitted_at", "-pk"]
        verbose_name = _("review of news")
        verbose_name_plural = _("reviews of news")

    def __str__(self) -> str:
        return f"{self.page.title} ({self.get_state_display()})"
