"""What became of the news one proposed, and what of others' one has to answer, in the admin."""

from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.template.response import TemplateResponse
from django.urls import path, reverse
from django.utils.translation import gettext as _
from wagtail.models import TaskState

from .models import Review
from .reviewing import may_review, pages_to_review
from .wording import differences

SHOWN = 100


def show(request: HttpRequest, pk: int) -> HttpResponse:
    """One proposal: when, by whom, the answer with its reason, and what was changed."""
    review = get_object_or_404(Review.objects.select_related("page__locale", "proposer", "decided_by"), pk=pk)
    if review.proposer_id != request.user.pk and not may_review(request.user, review.page):
        raise PermissionDenied
    changes = differences(review.proposed, review.decided) if review.decided else []
    mine = review.page.permissions_for_user(request.user)
    context = {
        "review": review,
        "changes": changes,
        "edit_url": reverse("wagtailadmin_pages:edit", args=[review.page_id]) if mine.can_edit() else "",
        "public_url": review.page.full_url if review.page.live else "",
    }
    return TemplateResponse(request, "desk/review.html", context | _furniture(review.page.draft_title))


def mine(request: HttpRequest) -> HttpResponse:
    """What awaits my answer, and what became of what I proposed."""
    waiting = Review.objects.waiting().filter(task_state__status=TaskState.STATUS_IN_PROGRESS)
    pages = pages_to_review(request.user, TaskState.objects.all())
    if pages is not None:
        waiting = waiting.filter(page__in=pages)
    related = ("page__locale", "proposer")
    context = {
        "waiting": waiting.select_related(*related).order_by("submitted_at")[:SHOWN],
        "proposed": Review.objects.filter(proposer_id=request.user.pk).select_related(*related)[:SHOWN],
    }
    return TemplateResponse(request, "desk/reviews.html", context | _furniture())


def _furniture(title: str = "") -> dict[str, Any]:
    crumbs = [
        {"url": reverse("wagtailadmin_home"), "label": _("Home")},
        {"url": reverse("news_reviews:mine") if title else "", "label": _("Proposed news")},
    ]
    if title:
        crumbs.append({"url": "", "label": title})
    return {"header_title": title or _("Proposed news"), "breadcrumbs_items": crumbs, "header_icon": "doc-full"}


app_name = "news_reviews"
urlpatterns = [path("", mine, name="mine"), path("<int:pk>/", show, name="show")]
