"""Letters about news that wait for an answer, and about the answer."""

import datetime as dt
from typing import Any

from django.conf import settings
from django.urls import reverse
from django.utils.formats import date_format
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _

from accounts import languages
from letters.kinds import kind
from letters.models import Letter
from pages.languages import name_of
from pages.trilingual import shown

from .models import NewsPage, Review
from .wording import differences


def write(name: str, key: str, person: Any, facts: dict[str, Any]) -> Letter | None:
    """Queue a letter to somebody with an account, once for each cause; None without an address."""
    if not (person.is_active and person.email):
        return None
    letter, _made = Letter.objects.get_or_create(
        key=key,
        defaults={
            "kind": name,
            "recipient": person.email,
            "recipient_name": person.get_full_name(),
            "language": languages.of(person),
            "facts": facts,
        },
    )
    return letter


def submitted(review: Review, person: Any) -> None:
    write("news_submitted", f"news submitted {review.pk} {person.pk}", person, {"review": review.pk})


def remind(review: Review, person: Any, period: int) -> bool:
    """Once for each item, reader and period; whether it is the first time."""
    key = f"news reminder {review.pk} {person.pk} {period}"
    if Letter.objects.filter(key=key).exists():
        return False
    return write("news_reminder", key, person, {"review": review.pk}) is not None


def answered(review: Review, page: NewsPage) -> None:
    """The answer, with the words as they were changed, frozen now."""
    assert review.proposer is not None
    go_live = page.go_live_at if page.go_live_at and page.go_live_at > dt.datetime.now(dt.UTC) else None
    write(
        "news_answered",
        f"news answered {review.pk} {review.state}",
        review.proposer,
        {
            "review": review.pk,
            "title": page.title,
            "state": review.state,
            "comment": review.comment,
            "by": review.decided_by.get_full_name() if review.decided_by else "",
            "go_live_at": go_live.isoformat() if go_live else "",
            "zone": page.region.default_timezone if page.region else "UTC",
        },
    )


# -- what they say


@kind("news_submitted", _("news to review"))
def news_submitted(letter: Letter) -> dict[str, Any] | None:
    """Something awaits your review; not sent once it is answered."""
    review = _waiting(letter)
    if review is None:
        return None
    return _about(review) | {
        "subject": gettext("To review: %(title)s") % {"title": review.page.draft_title},
        "lines": [
            gettext("%(name)s proposes news from %(region)s, in %(language)s: “%(title)s”.") % _named(review),
        ],
    }


@kind("news_reminder", _("reminder of news to review"))
def news_reminder(letter: Letter) -> dict[str, Any] | None:
    """Something has waited for days; not sent once it is answered."""
    review = _waiting(letter)
    if review is None:
        return None
    days = (dt.datetime.now(dt.UTC) - review.submitted_at).days
    waits = ngettext("It has waited for %(count)d day.", "It has waited for %(count)d days.", days) % {"count": days}
    return _about(review) | {
        "subject": gettext("Still to review: %(title)s") % {"title": review.page.draft_title},
        "lines": [
            gettext("%(name)s proposes news from %(region)s, in %(language)s: “%(title)s”.") % _named(review),
            waits,
        ],
    }


@kind("news_answered", _("answer to proposed news"))
def news_answered(letter: Letter) -> dict[str, Any] | None:
    """What became of your news, why, and what was changed in it."""
    review = Review.objects.select_related("page", "decided_by").filter(pk=letter.facts["review"]).first()
    if review is None:
        return None
    told, title = letter.facts, letter.facts["title"]
    changes = differences(review.proposed, review.decided)
    if told["state"] == Review.State.APPROVED:
        subject, lines = _approval(told, title)
    elif told["state"] == Review.State.RETURNED:
        subject = gettext("To be completed: %(title)s") % {"title": title}
        lines = [
            gettext("Your news “%(title)s” was sent back: please complete it and submit it again.") % {"title": title}
        ]
    else:
        subject = gettext("No longer under review: %(title)s") % {"title": title}
        lines = [gettext("The review of your news “%(title)s” was ended. Your draft is kept.") % {"title": title}]
    return {
        "subject": subject,
        "lines": lines,
        "quote": told["comment"],
        "quoted": told["by"],
        "changes": changes,
        "unchanged": told["state"] == Review.State.APPROVED and not changes,
        "link": settings.SITE_URL + reverse("news_reviews:show", args=[review.pk]),
        "go": gettext("See what was changed") if changes else gettext("See the answer"),
    }


def _approval(told: dict[str, Any], title: str) -> tuple[str, list[str]]:
    if told["go_live_at"]:
        from zoneinfo import ZoneInfo

        there = dt.datetime.fromisoformat(told["go_live_at"]).astimezone(ZoneInfo(told["zone"]))
        when = date_format(there, "DATETIME_FORMAT")
        return gettext("Approved: %(title)s") % {"title": title}, [
            gettext("Your news “%(title)s” was approved. It is published on %(when)s (%(zone)s).")
            % {"title": title, "when": when, "zone": told["zone"].replace("_", " ")}
        ]
    return gettext("Published: %(title)s") % {"title": title}, [
        gettext("Your news “%(title)s” is published. Thank you.") % {"title": title}
    ]


def _waiting(letter: Letter) -> Review | None:
    found = Review.objects.waiting().filter(pk=letter.facts["review"])
    return found.select_related("page__locale", "proposer").first()


def _named(review: Review) -> dict[str, str]:
    region = review.page.region
    return {
        "name": review.proposer.get_full_name() if review.proposer else "?",
        "region": shown(region.name).text if region else "?",
        "language": name_of(review.page.locale.language_code),
        "title": review.page.draft_title,
    }


def _about(review: Review) -> dict[str, Any]:
    return {
        "link": settings.SITE_URL + reverse("wagtailadmin_pages:edit", args=[review.page_id]),
        "go": gettext("Read and answer"),
    }
