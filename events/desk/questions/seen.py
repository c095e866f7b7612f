"""Who reads which answers: the staff all of them, a correspondent those of meetings in care that are not confidential.

Co-organisers and translators read none. Lists, filters, files, figures and downloads all ask here.
"""

from typing import Any

from django.db.models import Exists, OuterRef, Q, QuerySet

from events.models import Answer, Event, Question

from .. import policies


def questions_seen(user: Any, event: Event) -> QuerySet[Question]:
    """The questions of an event whose answers somebody may read: those asked, then those that somebody has answered."""
    answered = Exists(Answer.objects.living().filter(question=OuterRef("pk")))
    found = Question.objects.filter(Q(retired_at=None) | answered, event=event).order_by("sort_order", "pk")
    if not policies.sees_people_of(user, event):
        return found.none()
    return found if sees_confidential(user) else found.filter(is_confidential=False)


def sees_confidential(user: Any) -> bool:
    return policies.registrations.holds_for_all(user, {"view", "change"})
