"""Wagtail's own e-mails about a workflow stay silent where letters of ours tell the same."""

from typing import Any

from wagtail.admin import signal_handlers

from .models import NewsPage

NOTIFIERS = (
    signal_handlers.workflow_submission_email_notifier,
    signal_handlers.workflow_approval_email_notifier,
    signal_handlers.workflow_rejection_email_notifier,
)


def silence() -> None:
    """Of news the outbox tells, in each reader's language; Wagtail keeps what is about anything else."""
    for notifier in NOTIFIERS:
        notifier.can_handle = _for_others(notifier.can_handle)


def _for_others(can_handle: Any) -> Any:
    def handles(instance: Any, **kwargs: Any) -> bool:
        about = instance.content_object
        return can_handle(instance, **kwargs) and not isinstance(getattr(about, "specific", about), NewsPage)

    return handles
