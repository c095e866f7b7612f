"""Reviewing news: who may answer, what the proposer is told, and what reminds the reviewers."""

import datetime as dt

import pytest
import time_machine
from django.core.management import call_command
from django.urls import reverse
from django.utils import timezone
from wagtail.models import GroupApprovalTask, TaskState, Workflow, WorkflowTask

from events.founding import groups
from letters.models import Letter
from letters.writing import write
from regions.models import NewsPage, RegionalReview, Review
from regions.reminders import remind
from regions.wording import differences
from tests.factories import mandate
from tests.news.conftest import answer, browser, page_of, parse

pytestmark = pytest.mark.django_db


def now(page):
    return NewsPage.objects.get(pk=page.pk)


def letters(kind, **facts):
    return list(Letter.objects.filter(kind=kind, **facts).order_by("pk"))


def said(letter):
    message = write(letter)
    assert message is not None
    return message.subject, message.body


# -- who may


def test_staff_and_who_may_publish_in_that_region_and_language_are_told(propose, editor, chief, bela):
    page = propose()
    assert {letter.recipient for letter in letters("news_submitted")} == {editor.email, chief.email}
    mine = next(letter for letter in letters("news_submitted") if letter.recipient == chief.email)
    subject, words = said(mine)
    assert subject.endswith("Des semis sous couvert")
    assert f"/admin/pages/{page.pk}/edit/" in words
    assert mine.language == "es"


def test_in_another_language_the_staff_alone_are_asked(propose, editor, chief):
    page = propose("en")
    assert {letter.recipient for letter in letters("news_submitted")} == {editor.email}
    assert answer(chief, page, "approve").status_code in (302, 403, 404)
    assert not now(page).live


def test_who_proposes_does_not_approve_and_neither_does_another_region(propose, awa, bela, west):
    mandate(bela, west, languages=["es"])
    page = propose()
    for user in (awa, bela):
        assert answer(user, page, "approve").status_code in (302, 403, 404)
        assert not now(page).live
    assert now(page).workflow_in_progress


def test_a_reviewer_reads_changes_and_approves(propose, chief, typed):
    page = propose()
    client = browser(chief)
    form = parse(client.get(reverse("wagtailadmin_pages:edit", args=[page.pk])))
    assert form.select_one("[name=title]")["value"] == "Des semis sous couvert"
    listed = parse(client.get(reverse("news_reviews:mine")))
    assert "Des semis sous couvert" in listed.select_one(".desk-list").get_text()
    answer(chief, page, "approve")
    assert now(page).live


def test_while_it_waits_its_author_does_not_change_it(propose, awa, typed):
    page = propose()
    browser(awa).post(reverse("wagtailadmin_pages:edit", args=[page.pk]), typed(title="Changé en douce"))
    assert now(page).get_latest_revision_as_object().title == "Des semis sous couvert"


def test_a_mandate_that_ends_takes_the_review_with_it(propose, chief):
    page = propose()
    chief.mandates.get().end()
    answer(chief, page, "approve")
    assert not now(page).live


# -- the answer


def test_the_proposer_reads_what_was_changed_and_why(propose, awa, editor, typed):
    page = propose()
    changed = typed(title="Des semis sous couvert végétal", summary="Quatre villages essaient.")
    browser(editor).post(reverse("wagtailadmin_pages:edit", args=[page.pk]), changed)
    answer(editor, page, "approve", "Merci, j’ai précisé le titre.")
    assert now(page).live
    (letter,) = letters("news_answered")
    assert (letter.recipient, letter.language) == (awa.email, "fr")
    _subject, words = said(letter)
    assert "Merci, j’ai précisé le titre." in words
    assert "{+ végétal+}" in words
    assert "[-Trois-]{+Quatre+}" in words
    review = Review.objects.get()
    address = reverse("news_reviews:show", args=[review.pk])
    assert address in words
    shown = parse(browser(awa).get(address))
    assert shown.select_one("ins").get_text().strip() == "végétal"
    assert [one.get_text() for one in shown.select("del")] == ["Trois"]
    assert "Merci" in shown.get_text()


def test_the_page_of_a_review_is_for_its_proposer_and_its_reviewers(propose, bela, chief, editor):
    propose()
    address = reverse("news_reviews:show", args=[Review.objects.get().pk])
    assert browser(bela).get(address).status_code in (302, 403, 404)
    for user in (chief, editor):
        assert browser(user).get(address).status_code == 200


def test_what_is_sent_back_says_why_and_can_be_submitted_again(propose, awa, editor, typed):
    page = propose()
    answer(editor, page, "reject", "Quels villages ?")
    assert not now(page).live
    assert Review.objects.get().state == Review.State.RETURNED
    assert "Quels villages ?" in said(letters("news_answered")[0])[1]
    edit = reverse("wagtailadmin_pages:edit", args=[page.pk])
    browser(awa).post(edit, typed(summary="Trois villages de Korhogo.") | {"action-restart-workflow": "1"})
    assert now(page).workflow_in_progress
    assert [review.state for review in Review.objects.all()] == [Review.State.WAITING, Review.State.RETURNED]
    answer(editor, page, "approve")
    approval = said(letters("news_answered")[1])[1]
    assert "[-" not in approval  # the second proposal was taken as it was
    assert now(page).live


def test_publishing_from_the_form_answers_too(propose, editor, typed):
    page = propose()
    edit = reverse("wagtailadmin_pages:edit", args=[page.pk])
    browser(editor).post(edit, typed(title="Titre du secrétariat") | {"action-publish": "1"})
    assert now(page).live
    review = Review.objects.get()
    assert (review.state, review.decided_by) == (Review.State.APPROVED, editor)
    assert "Titre du secrétariat" in said(letters("news_answered")[0])[0]


def test_an_approval_with_a_date_to_come_says_that_date_in_the_regions_zone(propose, editor, typed, south, bela):
    page = propose()
    when = timezone.now() + dt.timedelta(days=9)
    later = typed() | {"go_live_at": f"{when:%Y-%m-%d 12:00}"}
    browser(editor).post(reverse("wagtailadmin_pages:edit", args=[page.pk]), later)
    answer(editor, page, "approve")
    assert not now(page).live
    _subject, words = said(letters("news_answered")[0])
    assert "12:00" in words
    assert "Africa/Abidjan" in words
    with time_machine.travel(when + dt.timedelta(days=1)):
        call_command("work", "--once", verbosity=0)
    assert now(page).live
    assert len(letters("news_answered")) == 1


def test_no_mail_of_wagtails_own_leaves_about_news(propose, editor, mailoutbox):
    page = propose()
    answer(editor, page, "reject", "Non")
    assert mailoutbox == []
    assert not Letter.objects.exclude(kind__startswith="news_").exists()


def test_withdrawing_ones_own_proposal_writes_to_nobody(propose, awa, editor):
    page = propose()
    now(page).current_workflow_state.cancel(user=awa)
    assert Review.objects.get().state == Review.State.WITHDRAWN
    assert not letters("news_answered")
    assert write(letters("news_submitted")[0]) is None


# -- reminders


def test_what_waits_is_remembered_once_a_period_for_each_reviewer(propose, editor, chief, settings):
    settings.REVIEW_REMINDER_DAYS = 3
    page = propose()
    for days, count in ((2, 0), (3, 2), (3, 2), (5, 2), (6, 4), (6, 4)):
        with time_machine.travel(timezone.now() + dt.timedelta(days=days, hours=1)):
            remind()
            remind()
        assert len(letters("news_reminder")) == count, days
    assert {letter.recipient for letter in letters("news_reminder")} == {editor.email, chief.email}
    assert write(letters("news_reminder")[0]) is not None
    answer(editor, page, "approve")
    assert write(letters("news_reminder")[0]) is None  # no longer true: it does not leave
    with time_machine.travel(timezone.now() + dt.timedelta(days=30)):
        remind()
    assert len(letters("news_reminder")) == 4


# -- the workflow of a site that was there before


def test_a_workflow_of_the_staff_alone_becomes_regional_and_keeps_what_waits(propose, editor, chief):
    page = propose()
    workflow = Workflow.objects.get(name=groups.MODERATION)
    old = GroupApprovalTask.objects.create(name=groups.MODERATION)
    WorkflowTask.objects.filter(workflow=workflow).update(task=old)
    TaskState.objects.update(task=old)
    Review.objects.all().delete()
    call_command("found", verbosity=0)
    call_command("found", verbosity=0)
    assert [step.task.specific for step in workflow.workflow_tasks.all()] == [RegionalReview.objects.get()]
    assert Review.objects.get().page == page
    answer(chief, page, "approve")
    assert now(page).live


def test_differences_are_told_by_field_and_paragraph():
    before = [["title", "Un titre"], ["body", "Un.\nDeux mots ici\nTrois."]]
    after = [["title", "Un titre"], ["body", "Un.\nDeux mots là\nTrois.\nQuatre."]]
    (change,) = differences(before, after)
    assert [[piece.what for piece in pieces if piece.text.strip()] for pieces in change.paragraphs] == [
        ["equal", "deletion", "addition"],
        ["addition"],
    ]


def test_the_regions_page_is_where_it_appears(propose, editor, client, west):
    page = propose()
    assert "Des semis" not in client.get(page_of(west).url).content.decode()
    answer(editor, page, "approve")
    assert "Des semis" in client.get(page_of(west).url).content.decode()
