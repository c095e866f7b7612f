"""What merging organisations means for events: one lock before, and no organiser said twice."""

from events.models import EventOrganiser, Fragment, Imported, PublicationLock
from regions import merging
from regions.models import Organisation


def tidy(kept: Organisation) -> None:
    """One row for each event and role, and calendars that are written anew."""
    seen: set[tuple[int, str]] = set()
    for row in EventOrganiser.objects.filter(organisation=kept).order_by("event_id", "sort_order", "pk"):
        if (row.event_id, row.role) in seen:
            row.delete()
        seen.add((row.event_id, row.role))
    Fragment.objects.filter(event__in={event for event, _role in seen}).delete()
    for record in Imported.objects.filter(kind="organisation"):
        if record.object_id and not Organisation.objects.filter(pk=record.object_id).exists():
            record.object_id = str(kept.pk)
            record.save(update_fields=["object_id"])


merging.before.append(PublicationLock.hold)
merging.after.append(tidy)
