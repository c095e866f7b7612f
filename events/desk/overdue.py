"""Scheduled publications whose hour has come and that were refused: told with the reason, for somebody to mend."""

import datetime as dt
from collections.abc import Iterator
from typing import Any

from django.contrib.contenttypes.models import ContentType
from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext as _
from wagtail.admin import messages
from wagtail.models import Revision

from events.models import Event
from events.models.publication import refusal

from .refusal import reason

ROUND = dt.timedelta(minutes=2)
"In which the worker has tried once."


def refused(events: Any) -> Iterator[tuple[Event, str]]:
    """Events whose publication is overdue, with what stands in its way; a worker that is away is told elsewhere."""
    kind = ContentType.objects.get_for_model(Event)
    due = Revision.objects.filter(base_content_type=kind, approved_go_live_at__lt=timezone.now() - ROUND)
    late = {int(one.object_id): one for one in due.order_by("approved_go_live_at", "pk")}
    if not late:
        return
    for event in events.filter(pk__in=late):
        error = refusal(late[event.pk])
        if error is not None:
            yield event, reason(error)


def remind(request: HttpRequest, event: Event) -> None:
    """Above the event's form: that the draft was to be public by now, and why it is not."""
    for _event, why in refused(Event.objects.filter(pk=event.pk)):
        sentence = _("The scheduled publication was refused, and is tried again every minute. %(reason)s")
        messages.error(request, sentence % {"reason": why})
