"""The bar above the side-by-side editor: how far the translation got, and what this person may do with it."""

import datetime as dt
import json
from typing import Any, NamedTuple

from django.urls import reverse
from wagtail.models import Page
from wagtail_localize.models import Translation

from . import words
from .rendition import Rendition


class Bar(NamedTuple):
    """What the bar says and offers."""

    done: int
    total: int
    source_url: str
    since: dt.datetime | None
    is_told: bool
    is_proposed: bool
    may_propose: bool
    approve_url: str

    @property
    def left(self) -> int:
        return self.total - self.done


def bar(translation: Translation, page: Page, user: Any) -> Bar:
    done, total = words.progress(translation)
    row = Rendition.objects.filter(page=page.pk).with_source().first()
    rights = page.permissions_for_user(user)
    task_state = page.current_workflow_task_state
    approves = task_state is not None and "approve" in [
        name for name, _label, _modal in task_state.task.specific.get_actions(page, user)
    ]
    return Bar(
        done=done,
        total=total,
        source_url=row.source.full_url if row and row.source and row.source.live else "",
        since=row.stale_since if row else None,
        is_told=bool(row and row.is_told),
        is_proposed=page.workflow_in_progress,
        may_propose=not rights.can_publish() and not page.workflow_in_progress,
        approve_url=reverse("wagtailadmin_pages:workflow_action", args=[page.pk, "approve", task_state.pk])
        if approves and task_state
        else "",
    )


def offered(props: str) -> str:
    """What the editor is told it may offer, without the ways that are shut here."""
    told = json.loads(props)
    told["links"]["convertToAliasUrl"] = None
    told["machineTranslator"] = None
    return json.dumps(told)
