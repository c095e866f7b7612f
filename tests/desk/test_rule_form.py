"""The rule of a series as an editor chooses it: saved, found again, refused at the control, never lost."""

import datetime as dt

import pytest
import recurrence
from bs4 import BeautifulSoup
from django import forms
from django.urls import reverse

from events.desk.dates.rule import parse, written
from events.desk.dates.rule_choices import Choices
from events.desk.dates.rule_form import RuleField
from events.models import Event
from events.models.fields import WallClockFormField
from tests.factories import EventFactory, again

pytestmark = [pytest.mark.django_db, pytest.mark.once]
ADD = "/admin/events/add/"
THURSDAY = {"start_local": "2027-01-28 15:00", "end_local": "2027-01-28 16:30", "timezone": "Europe/Paris"}


class WithPrefix(forms.Form):
    start_local = WallClockFormField()
    recurrence = RuleField(required=False)


def edit(event):
    return reverse("wagtailsnippets_events_event:edit", args=[event.pk])


def soup(response):
    assert response.status_code == 200
    return BeautifulSoup(response.content, "html.parser").select_one("[data-rule]")


def chosen(**parts):
    """What the controls of a rule send."""
    return {f"recurrence_{name}": value for name, value in parts.items()}


def sent_by(form):
    """What a browser without scripts would send of the controls as they stand."""
    sent = {}
    for control in form.select("input[name], select[name]"):
        if control.get("type") in ("radio", "checkbox") and not control.has_attr("checked"):
            continue
        value = control.get("value", "")
        if control.name == "select":
            option = control.select_one("option[selected]") or control.option
            value = option["value"]
        sent.setdefault(control["name"], []).append(value)
    return {name: values if len(values) > 1 else values[0] for name, values in sent.items()}


@pytest.mark.parametrize(
    ("parts", "line"),
    [
        ({"frequency": "daily"}, "FREQ=DAILY"),
        ({"frequency": "daily", "interval": "3"}, "FREQ=DAILY;INTERVAL=3"),
        ({"frequency": "weekly", "interval": "2"}, "FREQ=WEEKLY;INTERVAL=2"),
        ({"frequency": "weekly", "weekdays": ["TH", "TU"]}, "FREQ=WEEKLY;BYDAY=TU,TH"),
        ({"frequency": "monthly"}, "FREQ=MONTHLY"),
        ({"frequency": "monthly", "monthday": "28"}, "FREQ=MONTHLY;BYMONTHDAY=28"),
        ({"frequency": "monthly", "monthday": "-1"}, "FREQ=MONTHLY;BYMONTHDAY=-1"),
        (
            {"frequency": "monthly", "monthly": "weekday", "ordinal": "-1", "weekday": "TH"},
            "FREQ=MONTHLY;BYDAY=-1TH",
        ),
        (
            {"frequency": "monthly", "monthly": "weekday", "ordinal": "4", "weekday": "TH", "interval": "2"},
            "FREQ=MONTHLY;INTERVAL=2;BYDAY=4TH",
        ),
        ({"frequency": "yearly", "interval": "4"}, "FREQ=YEARLY;INTERVAL=4"),
        ({"frequency": "weekly", "ends": "count", "count": "6"}, "FREQ=WEEKLY;COUNT=6"),
        ({"frequency": "weekly", "ends": "until", "until": "2027-06-12"}, "FREQ=WEEKLY;UNTIL=20270612"),
    ],
)
def test_what_is_chosen_becomes_a_rule_and_comes_back_as_it_was(parts, line):
    choices = Choices.sent(chosen(**parts), "recurrence")
    made = choices.recurrence()
    assert written(made)[0] == line
    assert Choices.of(made) == choices
    assert not RuleField(required=False).has_changed(made, choices)
    assert RuleField(required=False).has_changed(None, choices)


def test_an_event_is_saved_with_its_rule_and_saved_again_without_a_change(desk, typed):
    parts = chosen(
        frequency="weekly", interval="2", ends="until", until="2027-06-12", skipped=["2027-02-25", "", "2027-02-11"]
    )
    assert desk.post(ADD, typed(**THURSDAY, **parts)).status_code == 302
    event = Event.objects.get()
    before = str(event.latest_revision.as_object().recurrence)
    form = soup(desk.get(edit(event)))
    sent = sent_by(form)
    assert sent["recurrence_frequency"] == "weekly"
    assert sent["recurrence_until"] == "2027-06-12"
    assert sent["recurrence_skipped"][:2] == ["2027-02-11", "2027-02-25"]
    assert desk.post(edit(event), typed(**THURSDAY, **sent)).status_code == 302
    after = again(event).latest_revision.as_object().recurrence
    assert str(after) == before
    assert written(after) == ("FREQ=WEEKLY;INTERVAL=2;UNTIL=20270612", "2027-02-11\n2027-02-25")


def test_the_last_day_counts_and_a_skipped_day_is_left_out_whatever_zone_the_editor_is_in(desk, staff, typed):
    staff.wagtail_userprofile.current_time_zone = "Pacific/Auckland"
    staff.wagtail_userprofile.save()
    late = {"start_local": "2027-01-28 23:30", "end_local": "2027-01-28 23:45", "timezone": "America/Toronto"}
    parts = chosen(frequency="weekly", ends="until", until="2027-02-18", skipped=["2027-02-04"])
    desk.post(ADD, typed(**late, **parts, **{"action-publish": "1"}))
    dates = Event.objects.get().occurrences.order_by("starts_at")
    assert [f"{one.start_local:%m-%d %H:%M}" for one in dates] == ["01-28 23:30", "02-11 23:30", "02-18 23:30"]


@pytest.mark.parametrize(
    ("parts", "control", "words"),
    [
        ({"frequency": "weekly", "interval": "0"}, "interval", "from 1 to 366"),
        ({"frequency": "weekly", "interval": "two"}, "interval", "from 1 to 366"),
        ({"frequency": "weekly", "interval": "²"}, "interval", "from 1 to 366"),
        ({"frequency": "weekly", "ends": "count"}, "count", "from 1 to 1000"),
        ({"frequency": "weekly", "ends": "count", "count": "٣"}, "count", "from 1 to 1000"),
        ({"frequency": "weekly", "ends": "count", "count": "100000"}, "count", "from 1 to 1000"),
        ({"frequency": "weekly", "ends": "until"}, "until", "last day"),
        ({"frequency": "weekly", "ends": "until", "until": "2027-02-30"}, "until", "is not a date"),
        ({"frequency": "weekly", "ends": "until", "until": "2027-01-01"}, "until", "before the first date"),
        ({"frequency": "weekly", "count": "6"}, "ends", "choose it, or empty it"),
        ({"frequency": "weekly", "skipped": ["31/12/2027"]}, "skipped", "31/12/2027"),
        ({"frequency": "weekly", "skipped": ["2027-02-05"]}, "skipped", "does not give"),
        ({"frequency": "weekly", "skipped": ["2027-01-28"]}, "skipped", "first date"),
        ({"skipped": ["2027-02-04"]}, "skipped", "only where there is a rule"),
        ({"frequency": "weekly", "weekdays": ["MO"]}, "frequency", "28 January 2027"),
        ({"frequency": "weekly", "weekdays": ["XX"]}, "weekdays", "days of the week"),
        ({"frequency": "monthly", "monthday": "32"}, "monthday", "day of the month"),
        ({"frequency": "monthly", "monthly": "weekday", "ordinal": "6", "weekday": "TH"}, "weekday", "which one"),
        ({"frequency": "secondly"}, "frequency", "how often"),
    ],
)
def test_what_is_wrong_is_told_at_its_control_and_nothing_typed_is_lost(desk, typed, parts, control, words):
    form = soup(desk.post(ADD, typed(**THURSDAY, **chosen(**parts))))
    assert not Event.objects.exists()
    assert words in form.select_one(f"#id_recurrence_{control}-problem").get_text()
    back = sent_by(form)
    for name, value in chosen(**parts).items():
        if isinstance(value, list):
            assert value in (["XX"], ["MO"]) or value[0] in back[name]
        elif form.select_one(f"input[name={name}]"):
            assert value in back[name]


def test_two_errors_are_told_each_at_its_control(desk, typed):
    form = soup(desk.post(ADD, typed(**THURSDAY, **chosen(frequency="weekly", interval="0", ends="until"))))
    assert form.select_one("#id_recurrence_interval-problem")
    assert form.select_one("#id_recurrence_until-problem")


def test_errors_are_in_the_editors_language(desk, staff, typed):
    for language, words in (("fr", "Donnez le dernier jour"), ("es", "Indique el último día")):
        staff.wagtail_userprofile.preferred_language = language
        staff.wagtail_userprofile.save()
        form = soup(desk.post(ADD, typed(**THURSDAY, **chosen(frequency="weekly", ends="until"))))
        assert words in form.select_one("#id_recurrence_until-problem").get_text()


KEPT = [
    "FREQ=MONTHLY;BYSETPOS=-1;BYDAY=MO,TU,WE,TH,FR",
    "FREQ=YEARLY;BYMONTH=3,9;BYDAY=1TH",
    "FREQ=WEEKLY;UNTIL=20270612T090000Z",
    "FREQ=WEEKLY;INTERVAL=2;WKST=SU;BYDAY=TU,TH",
    "FREQ=MONTHLY;BYDAY=1TU,3TU",
    "FREQ=DAILY;BYMONTH=6",
    "FREQ=YEARLY;BYDAY=20MO",
    "FREQ=DAILY;COUNT=4000",
]


@pytest.mark.parametrize("line", KEPT)
def test_a_rule_that_the_controls_cannot_say_stays_as_it_is(line):
    made = recurrence.deserialize(f"RRULE:{line}\nEXDATE:20280101T000000Z", include_dtstart=False)
    choices = Choices.of(made)
    assert choices.kept == written(made)[0]
    assert choices.keeps
    assert str(choices.recurrence()) == str(made)
    assert not RuleField(required=False).has_changed(made, choices)


@pytest.mark.parametrize("line", ["FREQ=HOURLY", "FREQ=DAILY;BYHOUR=3", "FREQ=WEEKLY\nDTSTART:20200101T000000Z", "x"])
def test_a_kept_rule_that_nobody_can_follow_is_refused(desk, typed, line):
    form = soup(desk.post(ADD, typed(**THURSDAY, **chosen(kept=line, keep="keep"))))
    assert form.select_one("#id_recurrence_kept-problem")
    assert not Event.objects.exists()


def test_it_is_shown_in_words_with_its_line_and_is_saved_or_replaced_as_the_editor_says(desk, typed):
    line = "FREQ=MONTHLY;BYSETPOS=-1;BYDAY=MO,TU,WE,TH,FR"
    event = EventFactory.create(
        start_local=dt.datetime(2027, 1, 29, 15), end_local=dt.datetime(2027, 1, 29, 16), recurrence=parse(line)
    )
    form = soup(desk.get(edit(event)))
    assert "On the last weekday of every month (Monday to Friday)" in form.get_text()
    assert form.code.get_text() == written(parse(line))[0]
    hours = {"start_local": "2027-01-29 15:00", "end_local": "2027-01-29 16:00", "timezone": "Europe/Paris"}
    sent = sent_by(form) | chosen(skipped=["2027-02-26"])
    assert desk.post(edit(event), typed(**hours, **sent)).status_code == 302
    kept = again(event).latest_revision.as_object().recurrence
    assert written(kept) == (written(parse(line))[0], "2027-02-26")
    sent |= chosen(keep="replace", frequency="weekly", skipped=[])
    assert desk.post(edit(event), typed(**hours, **sent)).status_code == 302
    assert written(again(event).latest_revision.as_object().recurrence) == ("FREQ=WEEKLY", "")


def test_a_form_that_does_not_send_the_controls_leaves_the_event_single(desk, typed):
    assert desk.post(ADD, typed()).status_code == 302
    assert not Event.objects.get().recurs


def test_every_control_has_a_name_that_a_reader_hears(desk):
    form = soup(desk.get(ADD))
    for control in form.select("input:not([type=hidden]), select"):
        labelled = control.get("aria-label") or control.find_parent("label")
        assert labelled or form.select_one(f'label[for="{control["id"]}"]'), control
    for group in form.select("fieldset"):
        assert group.legend.get_text(strip=True)
    assert len(form.select("[name=recurrence_skipped]")) == 3  # rows to type in without a script


def test_in_a_form_with_a_prefix_the_controls_have_it_too(desk):
    form = WithPrefix({"event-recurrence_frequency": "weekly", "event-start_local": "2027-01-28 15:00"}, prefix="event")
    assert form.is_valid()
    assert written(form.cleaned_data["recurrence"])[0] == "FREQ=WEEKLY"
    shown = BeautifulSoup(str(form["recurrence"]), "html.parser")
    assert shown.select_one("[name=event-recurrence_frequency] option[selected]")["value"] == "weekly"
    assert shown.select_one("[data-hours]")["data-prefix"] == "event-"
    assert shown.select_one("[data-hours]")["data-fields"] == "recurrence_"


def test_the_preview_shows_what_is_chosen(desk, typed):
    address = reverse("wagtailsnippets_events_event:preview_on_add")
    sent = typed(**THURSDAY, **chosen(frequency="weekly", interval="2"))
    assert desk.post(f"{address}?mode=en", sent).json()["is_valid"]
    sent |= chosen(interval="0")
    assert not desk.post(f"{address}?mode=en", sent).json()["is_valid"]


@pytest.mark.parametrize(
    "typed",
    [
        {"start_local": "9999-12-31 23:59"},
        {"start_local": "0001-01-01 00:00"},
        {"end_local": "9999-12-31 23:59"},
        {"recurrence_kept": "FREQ=YEARLY;BYDAY=+99MO"},
        {"recurrence_kept": "FREQ=YEARLY;BYSETPOS=0"},
        {"timezone": "../../etc/passwd"},
    ],
)
def test_whatever_is_typed_the_live_list_answers(desk, typed):
    asked = THURSDAY | chosen(frequency="daily") | typed
    assert desk.post("/admin/events/dates/", asked).status_code == 200
    assert desk.get("/admin/events/hours/", asked).status_code == 200


@pytest.mark.parametrize("year", ["0001", "1899", "2201", "9999"])
def test_a_year_that_no_meeting_has_is_told_at_its_field(desk, typed, year):
    sent = typed(start_local=f"{year}-12-31 23:59", end_local=f"{year}-12-31 23:59", **chosen(frequency="daily"))
    response = desk.post(ADD, sent)
    assert response.status_code == 200
    assert "start_local" in response.context["form"].errors
    assert not Event.objects.exists()
