"""What docs/payments.md and docs/operations.md show is what the code does."""

import datetime as dt
import re
from pathlib import Path

import pytest

from events.management.commands import work
from events.models.payment_states import LEADS_TO, RANK, PaymentState, RefundState
from events.payments import client, hearing, webhook

pytestmark = pytest.mark.once

DOCS = Path(__file__).parents[2] / "docs"
TEXT = (DOCS / "payments.md").read_text()
OPERATIONS = (DOCS / "operations.md").read_text().split("\n## Payments", 1)[1].split("\n## ", 1)[0]


def rows(heading):
    section = TEXT.split(f"## {heading}", 1)[1].split("\n## ", 1)[0]
    return [[cell.strip() for cell in line.strip("|").split("|")] for line in section.splitlines() if line[:2] == "| "]


def test_the_document_shows_what_each_state_of_a_payment_leads_to():
    shown = {state: tuple(filter(None, re.split(r",\s*", leads))) for state, _means, leads in rows("A payment")[1:8]}
    assert shown == {str(state): tuple(map(str, leads)) for state, leads in LEADS_TO.items()}
    assert set(shown) == set(PaymentState.values)


def test_the_document_shows_the_order_in_which_a_refund_goes_up():
    shown = [state for cells in rows("A refund")[1:] for state in re.split(r",\s*", cells[0])]
    assert shown == [str(state) for state in sorted(RANK, key=RANK.get)] == list(map(str, RefundState))


def test_the_endpoint_is_made_for_all_that_is_heard_and_nothing_else_in_the_version_of_the_package():
    asked_for = OPERATIONS.split("```", 2)[1].split()
    assert sorted(asked_for) == sorted(hearing.HANDLERS)
    stripe = client.package()
    assert f"stripe {stripe.VERSION}: `{stripe._api_version._ApiVersion.CURRENT}`" in " ".join(OPERATIONS.split())
    assert webhook.LARGEST == 1 << 20
    assert "bodies of a megabyte" in OPERATIONS


@pytest.mark.parametrize(
    ("job", "told", "every"),
    [
        ("refunds", "every twenty seconds", dt.timedelta(seconds=20)),
        ("reconcile", "every five minutes", dt.timedelta(minutes=5)),
        ("payments", "once a day", dt.timedelta(days=1)),
    ],
)
def test_the_worker_keeps_the_books_as_often_as_the_document_says(job, told, every):
    assert re.search(rf"`{job}`\s+\({told}", (DOCS / "operations.md").read_text())
    assert [one.every for one in work.Command().jobs() if one.name == job] == [every]
