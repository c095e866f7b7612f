"""Health: whether the process answers, and whether the site is ready to serve."""

import datetime as dt
from typing import Any

from django.conf import settings
from django.db import Error, connection
from django.db.migrations.executor import MigrationExecutor
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.urls import path
from django.utils import timezone
from django.views.decorators.cache import never_cache

from . import allowance
from .models import Heartbeat

WORKER = "letters"
"The job whose heartbeat says that a worker lives."

_migrated = False


@never_cache
def healthz(request: HttpRequest) -> HttpResponse:
    """The process answers; nothing else is asked."""
    return HttpResponse("ok\n", content_type="text/plain")


@never_cache
def readyz(request: HttpRequest) -> HttpResponse:
    """200 if the database is there, migrated, and a worker was heard of lately; else 503 saying which is not.

    How many letters wait because enough have left within the hour is told beside: they leave by themselves.
    """
    jobs: list[dict[str, Any]] = []
    held = 0
    ready = {"database": False, "migrations": False, "worker": False}
    try:
        beats = {beat.job: beat for beat in Heartbeat.objects.all()} if is_migrated() else {}
        ready["database"], ready["migrations"] = True, _migrated
        held = allowance.standing().waiting if _migrated else 0
    except Error:
        beats = {}
    now = timezone.now()
    if WORKER in beats:
        ready["worker"] = now - beats[WORKER].ran_at < dt.timedelta(seconds=settings.LETTER_LEASE)
    for beat in beats.values():
        age = round((now - beat.ran_at).total_seconds())
        jobs.append({"job": beat.job, "seconds_ago": age, "failed": beat.failed})
    told = {**ready, "letters_over_the_limit": held, "jobs": jobs}
    return JsonResponse(told, status=200 if all(ready.values()) else 503)


def is_migrated() -> bool:
    """Whether every migration of this code is applied. Asked until it is; it can't become untrue."""
    global _migrated
    if not _migrated:
        executor = MigrationExecutor(connection)
        _migrated = not executor.migration_plan(executor.loader.graph.leaf_nodes())
    return _migrated


urlpatterns = [path("healthz", healthz, name="healthz"), path("readyz", readyz, name="readyz")]
