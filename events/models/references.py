"""What a draft refers to may have been deleted since: such references are dropped when it is read.

The database protects what rows refer to, but a revision is text. modelcluster
fails on a protected reference that leads nowhere; a draft must open nevertheless.
"""

from typing import Any

from django.apps import apps

from regions.models import Organisation

ONE = {"series": "events.Series", "parent": "events.Event", "replacement": "events.Event", "continues": "events.Event"}


def without_dangling(content: dict[str, Any]) -> dict[str, Any]:
    """The content of a revision of an event, in which every reference leads somewhere."""
    kept = dict(content)
    for name, label in ONE.items():
        if kept.get(name) and not apps.get_model(label)._default_manager.filter(pk=kept[name]).exists():
            kept[name] = None
    organisers = kept.get("organisers") or []
    named = {organiser["organisation"] for organiser in organisers}
    if named:
        known = set(Organisation.objects.filter(pk__in=named).values_list("pk", flat=True))
        kept["organisers"] = [organiser for organiser in organisers if organiser["organisation"] in known]
    return kept
