"""Scheduled publication: what is due goes public or is taken back, each event for itself."""

from typing import Any

from django.contrib.contenttypes.models import ContentType
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from wagtail.log_actions import LogFormatter, log
from wagtail.models import Revision

from events.models import Event

from .refusal import REFUSALS, reason


class RefusalFormatter(LogFormatter):
    """A line of an event's history: its hour had come and it could not be published."""

    label = gettext_lazy("Scheduled publication refused")

    def format_message(self, log_entry: Any) -> str:
        return _("Scheduled publication refused. %(reason)s") % {"reason": log_entry.data.get("reason", "")}


def publish_due() -> list[str]:
    """Take back what has expired and publish what is due; returns what was refused, in sentences.

    A draft that is refused (its parent has moved meanwhile, say) is kept, its
    schedule is cleared and its history tells why, so that it does not stop the others.
    Idempotent: a second call finds nothing due.
    """
    now = timezone.now()
    refused: list[str] = []
    for event in Event.objects.filter(live=True, expire_at__lt=now).order_by("expire_at"):
        event.unpublish(set_expired=True, log_action="wagtail.unpublish.scheduled")
    due = Revision.objects.filter(
        base_content_type=ContentType.objects.get_for_model(Event), approved_go_live_at__lt=now
    ).order_by("approved_go_live_at")
    for revision in due:
        try:
            revision.publish(log_action="wagtail.publish.scheduled")
        except REFUSALS as error:
            Revision.objects.filter(pk=revision.pk).update(approved_go_live_at=None)
            event = revision.content_object
            log(event, "events.publication_refused", revision=revision, data={"reason": reason(error)})
            refused.append(f"{event}: {reason(error)}")
    return refused
