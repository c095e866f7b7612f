"""A programme grown to thousands of events, written at once as publication leaves them."""

import datetime as dt
import uuid

from django.db import connection
from django.utils import timezone
from wagtail.models import Locale

from events.models import AgendaPage, Event, EventPage, Occurrence
from tests.factories import told

TREE = 4  # letters of a page's path a level


def many(count, region, objective, parent, before=None):
    """Rows as publication leaves them, written at once, each with its page in English.

    Half past, half ahead; or all before an instant.
    """
    now = (before or timezone.now()).replace(tzinfo=None, microsecond=0)
    past = count + 2 if before else count // 2
    events = []
    for number in range(count):
        start = now + dt.timedelta(hours=7 * (number - past) + 1)
        events.append(
            Event(
                title=told(f"Séance {number}", f"Meeting {number}"),
                live=True,
                kind=Event.Kind.values[number % len(Event.Kind.values)],
                start_local=start,
                end_local=start + dt.timedelta(hours=1),
                starts_at=start.replace(tzinfo=dt.UTC),
                ends_at=(start + dt.timedelta(hours=1)).replace(tzinfo=dt.UTC),
                timezone="UTC",
                registration="here" if number % 3 else "none",
                parent=parent if number % 5 == 0 else None,
            )
        )
    Event.objects.bulk_create(events, batch_size=200)
    Occurrence.objects.bulk_create(
        [
            Occurrence(
                event=event,
                original=event.start_local,
                start_local=event.start_local,
                end_local=event.end_local,
                starts_at=event.starts_at,
                ends_at=event.ends_at,
            )
            for event in events
        ],
        batch_size=200,
    )
    for name, other in (("regions", region), ("objectives", objective)):
        through = Event._meta.get_field(name).remote_field.through
        through.objects.bulk_create(
            [through(**{"event_id": event.pk, f"{name[:-1]}_id": other.pk}) for event in events], batch_size=300
        )
    write_pages(events)
    if connection.vendor == "postgresql":  # as autovacuum does, which can't see into a transaction
        with connection.cursor() as cursor:
            cursor.execute("ANALYZE")


def write_pages(events):
    """The English pages, without treebeard's one query a child."""
    agenda = AgendaPage.objects.get(locale__language_code="en")
    english = Locale.objects.get(language_code="en")
    first = agenda.numchild + 1
    table = [field for field in EventPage._meta.concrete_fields if field.model is EventPage]
    parents = [
        EventPage._meta.get_field("page_ptr").remote_field.model(
            title=f"Meeting {event.pk}",
            draft_title=f"Meeting {event.pk}",
            slug=f"grown-{event.pk}",
            path=agenda.path + EventPage._int2str(first + number).rjust(TREE, "0"),
            depth=agenda.depth + 1,
            url_path=f"{agenda.url_path}grown-{event.pk}/",
            content_type_id=EventPage(event=event).content_type_id,
            locale=english,
            live=True,
            translation_key=uuid.uuid4(),
        )
        for number, event in enumerate(events)
    ]
    parents[0].__class__.objects.bulk_create(parents, batch_size=100)
    names = ", ".join(field.column for field in table)
    rows = [
        [
            field.get_db_prep_save({"page_ptr": page.pk, "event": event.pk, "body": ""}[field.name], connection)
            for field in table
        ]
        for page, event in zip(parents, events, strict=True)
    ]
    with connection.cursor() as cursor:
        cursor.executemany(
            f"INSERT INTO {EventPage._meta.db_table} ({names}) VALUES ({', '.join(['%s'] * len(table))})", rows
        )
    AgendaPage.objects.filter(pk=agenda.pk).update(numchild=agenda.numchild + len(events))
