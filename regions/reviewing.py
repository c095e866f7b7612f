"""Reviewing: who may approve news, and what follows when an item is proposed or answered.

Everything happens in the transaction in which Wagtail moves its workflow on, the
letters included.
"""

from typing import Any

from django.contrib.auth import get_user_model
from django.db.models import Q, QuerySet
from django.dispatch import receiver
from django.utils import timezone
from wagtail.models import Page, Task, TaskState, WorkflowState
from wagtail.signals import page_published, task_approved, task_cancelled, task_rejected, task_submitted

from . import news_letters
from .mandates import held_by, oversees_all
from .models import Mandate, NewsPage, Region, RegionalReview, RegionPage, Review
from .wording import words_of


def may_review(user: Any, page: Page) -> bool:
    """Whether somebody may answer a proposal: the staff, or by a mandate that lets publish there and so."""
    if oversees_all(user):
        return True
    above = RegionPage.objects.filter(path=page.path[: -page.steplen]).values_list("region_id", flat=True).first()
    language = page.locale.language_code
    return above is not None and any(
        held.news and held.may_publish and language in held.languages and above in _covered(held)
        for held in held_by(user)
    )


def pages_to_review(user: Any, waiting: QuerySet[TaskState]) -> QuerySet[NewsPage] | None:
    """The pages among those waiting that somebody may answer; None for all."""
    if oversees_all(user):
        return None
    mine = Q(pk__in=[])
    for held in held_by(user):
        if held.news and held.may_publish:
            paths = RegionPage.objects.filter(region__in=_covered(held), locale__language_code__in=held.languages)
            for path in paths.values_list("path", flat=True):
                mine |= Q(path__startswith=path)
    return NewsPage.objects.filter(mine).order_by().values("pk")


def reviewers(page: Page) -> list[Any]:
    """Everybody who may answer a proposal and has an address."""
    by_mandate = Mandate.objects.current().filter(news=True, may_publish=True).values("person")
    people = get_user_model().objects.filter(pk__in=by_mandate, is_active=True).exclude(email="").order_by("pk")
    staff = overseers()
    return [*staff, *(one for one in people if one not in staff and may_review(one, page))]


def overseers() -> list[Any]:
    """The staff who have an address."""
    right = Q(groups__permissions__codename="change_mandate", groups__permissions__content_type__app_label="regions")
    people = get_user_model().objects.filter(Q(is_superuser=True) | right, is_active=True).exclude(email="")
    return list(people.distinct().order_by("pk"))


def _covered(held: Mandate) -> list[int]:
    return Region.subtree(held.region.code) if held.with_subregions else [held.region_id]


def take_over(former: Task, task: RegionalReview) -> None:
    """Let what waits at another step wait at this one, with its words as they were proposed."""
    waiting = TaskState.objects.filter(task=former, status=TaskState.STATUS_IN_PROGRESS)
    for state in waiting.select_related("revision", "workflow_state"):
        TaskState.objects.filter(pk=state.pk).update(task=task)
        page = state.revision.as_object()
        if isinstance(page, NewsPage):
            Review.objects.get_or_create(
                task_state=state,
                defaults={
                    "page_id": page.pk,
                    "proposer": state.workflow_state.requested_by,
                    "submitted_at": state.started_at,
                    "proposed": words_of(page),
                },
            )


# -- what follows


@receiver(task_submitted, sender=TaskState, dispatch_uid="news proposed")
def proposed(instance: TaskState, user: Any = None, **kwargs: Any) -> None:
    """Freeze the words as they were proposed and tell those who may answer."""
    if not isinstance(instance.task.specific, RegionalReview):
        return
    page = instance.revision.as_object()
    if not isinstance(page, NewsPage):
        return
    review = Review.objects.create(
        task_state=instance,
        page_id=page.pk,
        proposer=user or instance.workflow_state.requested_by,
        proposed=words_of(page),
    )
    for person in reviewers(page):
        if person != review.proposer:
            news_letters.submitted(review, person)


@receiver(task_approved, sender=TaskState, dispatch_uid="news approved")
def approved(instance: TaskState, user: Any = None, **kwargs: Any) -> None:
    _answer(Review.objects.filter(task_state=instance).first(), Review.State.APPROVED, user, instance.comment)


@receiver(task_rejected, sender=TaskState, dispatch_uid="news sent back")
def returned(instance: TaskState, user: Any = None, **kwargs: Any) -> None:
    _answer(Review.objects.filter(task_state=instance).first(), Review.State.RETURNED, user, instance.comment)


@receiver(task_cancelled, sender=TaskState, dispatch_uid="news withdrawn")
def withdrawn(instance: TaskState, user: Any = None, **kwargs: Any) -> None:
    review = Review.objects.filter(task_state=instance).first()
    if review is not None and review.state == Review.State.WAITING:
        _answer(review, Review.State.WITHDRAWN, user, instance.comment)


@receiver(page_published, sender=NewsPage, dispatch_uid="news published without an answer")
def published(instance: NewsPage, revision: Any = None, **kwargs: Any) -> None:
    """Who publishes what waits, or what was sent back, has approved it."""
    review = Review.objects.filter(page_id=instance.pk).select_related("task_state__workflow_state").first()
    if review is None:
        return
    waits = review.state == Review.State.WAITING and review.task_state.status == TaskState.STATUS_IN_PROGRESS
    again = (
        review.state == Review.State.RETURNED
        and review.task_state.workflow_state.status == WorkflowState.STATUS_NEEDS_CHANGES
    )
    if waits or again:
        by = getattr(revision, "user", None)
        _answer(review, Review.State.APPROVED, by, review.comment if waits else "")


def _answer(review: Review | None, state: Review.State, by: Any, comment: str) -> None:
    if review is None:
        return
    page = review.page.get_latest_revision_as_object()
    review.state, review.comment = state, comment
    review.decided, review.decided_at, review.decided_by = words_of(page), timezone.now(), by
    review.save()
    if review.proposer is not None and review.proposer != by:
        news_letters.answered(review, page)
