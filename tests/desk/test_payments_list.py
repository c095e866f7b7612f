"""The list of payments, and the two files of it."""

import csv
import io
from decimal import Decimal

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from openpyxl import load_workbook
from wagtail.models import ModelLogEntry

from tests.desk.books import asked, opened, paid, priced, refunded
from tests.desk.people import text

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def sold(settings):
    settings.STRIPE_SECRET_KEY = "sk_test_desk"


def listed(desk, **query):
    answer = desk.get(reverse("payments:index"), query)
    return sorted(row.payer_name for row in answer.context["object_list"])


@pytest.fixture
def some(desk):
    """At two events, in two currencies, in most states."""
    here, there = priced(), priced(15000, "XOF")
    some = {
        "Awa Diop": paid(here, "Awa Diop"),
        "Bela Núñez": paid(here, "Bela Núñez"),
        "Chen Li": paid(here, "Chen Li", amount=100),
        "Dia Fall": opened(asked(here, "Dia Fall")),
        "Eva Roy": paid(there, "Eva Roy"),
        "Fatou Sy": paid(there, "Fatou Sy"),
    }
    refunded(some["Bela Núñez"], 1000, "re_part")
    refunded(some["Eva Roy"], 15000, "re_whole")
    some["Fatou Sy"].heard_of_dispute("dp_7", "needs_response", 15000)
    return some


def test_it_is_narrowed_by_event_state_and_currency(desk, some):
    assert len(listed(desk)) == 6
    assert listed(desk, event=some["Eva Roy"].event_id) == ["Eva Roy", "Fatou Sy"]
    assert listed(desk, currency="XOF") == ["Eva Roy", "Fatou Sy"]
    assert listed(desk, where="disputed") == ["Fatou Sy"]
    assert listed(desk, where="refunded") == ["Eva Roy"]
    assert listed(desk, where="partly") == ["Bela Núñez"]
    assert listed(desk, where=["partly", "refunded"]) == ["Bela Núñez", "Eva Roy"]
    assert listed(desk, where="awaited") == ["Dia Fall"]
    assert listed(desk, where="review") == ["Chen Li"]
    assert listed(desk, where="kept") == ["Awa Diop", "Bela Núñez", "Fatou Sy"]
    assert listed(desk, where="attention") == ["Chen Li", "Eva Roy", "Fatou Sy"]
    assert listed(desk, where="failed") == []
    assert "3 payments need attention" in text(desk.get(reverse("payments:index")))


def test_it_is_searched_by_payer_address_and_the_numbers_of_stripe(desk, some):
    one = some["Bela Núñez"]
    for asked_for in ("nunez", one.payer_email, one.payment_intent, one.session, "re_part"):
        assert listed(desk, q=asked_for) == ["Bela Núñez"], asked_for
    assert listed(desk, q="dp_7") == ["Fatou Sy"]
    assert listed(desk, q="re_none") == []


def test_it_is_sorted(desk, some):
    answer = desk.get(reverse("payments:index"), {"ordering": "-payer_name"})
    assert next(row.payer_name for row in answer.context["object_list"]) == "Fatou Sy"
    assert desk.get(reverse("payments:index"), {"ordering": "created_at"}).status_code == 200


def test_it_asks_no_more_for_many_than_for_few(desk):
    event = priced()
    paid(event)

    def count():
        with CaptureQueriesContext(
            connection,
        ) as queries:
            desk.get(reverse("payments:index"), {"where": "attention"})
            desk.get(reverse("payments:index"))
            desk.get(reverse("payments:event", args=[event.uid]))
        return len(queries)

    count()
    few = count()
    for _time in range(6):
        refunded(paid(event), 1000)
    assert count() == few


def rows_of(answer):
    said = b"".join(answer.streaming_content).decode("utf-8-sig")
    return list(csv.DictReader(io.StringIO(said), delimiter=";" if ";" in said.splitlines()[0] else ","))


def book(answer):
    sheet = load_workbook(io.BytesIO(b"".join(answer.streaming_content))).active
    rows = list(sheet.iter_rows())
    return [[cell.value for cell in row] for row in rows], rows


def test_the_file_of_payments_has_numbers_that_add_up(desk, some):
    rows = rows_of(desk.get(reverse("payments:index"), {"export": "csv"}))
    found = {row["Payer"]: row for row in rows}
    assert len(rows) == 6
    one = found["Bela Núñez"]
    assert (one["Asked"], one["Received"], one["Refunded"], one["Net"]) == ("60.00", "60.00", "10.00", "50.00")
    assert (one["Currency"], one["State"]) == ("EUR", "Refunded in part")
    assert one["payment_intent"] == some["Bela Núñez"].payment_intent
    assert one["Real money"] == "no, a test"
    assert (found["Eva Roy"]["Received"], found["Eva Roy"]["Net"]) == ("15000", "0")
    assert found["Dia Fall"]["Paid on (UTC)"] == ""
    assert found["Chen Li"]["Paid on (UTC)"] != ""
    assert ModelLogEntry.objects.filter(action="events.export_payments").count() == 1


def test_in_french_a_number_has_its_comma_and_in_a_workbook_it_is_one(desk, some):
    address = reverse("payments:index")
    french = rows_of(desk.get(address, {"export": "csv"}, headers={"accept-language": "fr"}))
    assert "50,00" in {row["Net"] for row in french}
    values, cells = book(desk.get(address, {"export": "xlsx"}))
    column = values[0].index("Net")
    assert sum(Decimal(str(row[column])) for row in values[1:] if row[values[0].index("Currency")] == "EUR") == 111
    formats = {row[column].number_format for row in cells[1:]}
    assert formats == {"0.00", "0"}
    dinar = paid(priced(12500, "TND"), "Gil")
    values, cells = book(desk.get(address, {"export": "xlsx", "q": dinar.payment_intent}))
    assert (cells[1][column].value, cells[1][column].number_format) == (12.5, "0.000")


def test_the_file_of_movements_has_a_row_for_each_that_came_and_each_that_went(desk, some):
    rows = rows_of(desk.get(reverse("payments:index"), {"export": "csv", "rows": "movements"}))
    found = [(row["Payer"], row["Movement"], row["Amount"], row["Stripe’s number"]) for row in rows]
    assert ("Bela Núñez", "Payment", "60.00", some["Bela Núñez"].payment_intent) in found
    assert ("Bela Núñez", "Refund", "-10.00", "re_part") in found
    assert ("Eva Roy", "Refund", "-15000", "re_whole") in found
    assert ("Fatou Sy", "Dispute", "-15000", "dp_7") in found
    assert ("Chen Li", "Payment", "1.00", some["Chen Li"].payment_intent) in found
    assert not [row for row in found if row[0] == "Dia Fall"]
    assert all(row["Date (UTC)"] for row in rows)
    assert {row["Reason"] for row in rows if row["Movement"] == "Refund"} == {"From Stripe’s dashboard"}


def test_a_refund_in_the_file_says_why_and_who(desk):
    payment = paid(priced())
    desk.post(
        reverse("payments:refund", args=[payment.pk]),
        {"amount": "5", "reason": "=cmd|' /C calc'!A0", "wish": "00000000-0000-4000-8000-000000000001"},
    )
    refund = payment.refunds.get()
    payment.heard_of_refund("re_mine", str(refund.uid), 500, "succeeded")
    row = rows_of(desk.get(reverse("payments:index"), {"export": "csv", "rows": "movements"}))[1]
    assert row["Why"].startswith("'=cmd")
    assert (row["Who"], row["Amount"]) == ("staff", "-5.00")


def test_names_in_every_script_survive_and_none_is_a_formula(desk):
    event = priced()
    paid(event, "आशा शर्मा", email="asha@example.org")
    paid(event, "=HYPERLINK(0)", email="evil@example.org")
    names = {row["Payer"] for row in rows_of(desk.get(reverse("payments:index"), {"export": "csv"}))}
    assert names == {"आशा शर्मा", "'=HYPERLINK(0)"}
    values, cells = book(desk.get(reverse("payments:index"), {"export": "xlsx", "rows": "movements"}))
    column = values[0].index("Payer")
    assert {row[column] for row in values[1:]} == {"आशा शर्मा", "=HYPERLINK(0)"}
    assert {row[column].data_type for row in cells[1:]} == {"s"}


def test_an_empty_list_says_what_will_stand_there(desk):
    said = text(desk.get(reverse("payments:index")))
    assert "Nobody has been asked to pay yet." in said
    assert "No payment is like that." in text(desk.get(reverse("payments:index"), {"q": "nobody"}))
