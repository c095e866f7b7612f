"""The sections of a privacy notice, in the active language: short, in plain words, each sentence true of this event.

A section has a title, ``lines`` (paragraphs) and ``points`` (a list). A line is a text; a
point has a text, the language it is really in where that is another, and notes.
"""

import datetime as dt
from collections.abc import Iterator
from typing import Any

from babel.dates import format_date
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from events.calendars.zone_names import locale
from events.models import Question
from events.models.personal.access import KEEP_YEARS
from events.models.personal.terms import told_days
from events.models.questions.kinds import Stage, Subject
from pages.trilingual import shown

from .facts import Facts

title = gettext_lazy("What becomes of your data")
CONSENT = gettext_lazy("I agree that my answers are used to organise this meeting.")
"The sentence that people agree to; ``CONSENT_VERSION`` of the form is raised with it."

Section = dict[str, Any]


def sections(facts: Facts, language: str) -> list[Section]:
    """All of them, in the order of the page."""
    return [
        _section(_("Who answers for them"), _who(facts)),
        _section(_("What we use them for, and why we may"), _what_for(facts)),
        _section(_("What we ask"), _asked(facts), [_question(one, facts, language) for one in facts.questions]),
        _section(_("Who sees them"), _seen(facts), _seers(facts, language)),
        _section(_("Where they are kept"), _where(facts)),
        _section(_("How long they are kept"), _how_long(facts, language)),
        _section(_("Your rights"), _rights(facts)),
        _section(_("What stays"), [_stays()]),
        *_more(facts, language),
    ]


def _section(heading: str, lines: Any, points: Any = ()) -> Section:
    return {"title": heading, "lines": list(lines), "points": list(points)}


def _who(facts: Facts) -> Iterator[str]:
    terms = facts.terms
    yield _("%(controller)s answers for your data.") % {"controller": terms.called}
    if terms.address.strip():
        lines = [line.strip() for line in terms.address.splitlines() if line.strip()]
        yield _("Postal address: %(address)s") % {"address": ", ".join(lines)}
    if terms.email:
        yield _("For questions about your data: %(email)s") % {"email": terms.email}
    if terms.officer:
        yield _("Data protection officer: %(officer)s") % {"officer": terms.officer}


def _what_for(facts: Facts) -> Iterator[str]:
    yield _("To organise this meeting: to keep your place, write to you about it, receive you and count who comes.")
    yield _("We may do so because you agree. You can take that back at any time.")
    if facts.is_paid:
        yield _("To sell you a place that has a price: the contract between you and us needs it.")
        yield _("To keep accounts of what is paid: the law obliges us to.")
    yield _("For nothing else: no advertising, and no profile of you.")


def _asked(facts: Facts) -> Iterator[str]:
    yield _(
        "Your name (also in Latin letters if it is written in others), e-mail address and country, the language of our "
        "letters and how you take part; if you like, your organisation and your time zone."
    )
    yield _("From this follows what else we keep: how your place stands, our letters to you and notes of the staff.")
    if facts.is_paid:
        yield _("If you pay: who paid, how much and when. Your card is known to Stripe alone.")
    if facts.is_telling:
        yield _(
            "What you do not eat, or need to take part, can tell of your health or your belief. You need not answer; "
            "if you do, you agree that we use it for that alone."
        )
    if facts.questions:
        yield _("For this meeting also:")


def _question(question: Question, facts: Facts, language: str) -> dict[str, str]:
    """One question as a point: what is asked, and what is special about it."""
    label = shown(question.label)
    notes = [_("has to be answered") if question.required else _("optional")]
    if question.stage == Stage.PLACE:
        notes.append(_("only of who has a place"))
    if question.is_confidential:
        notes.append(_("read by the staff alone"))
    if facts.goes_sooner(question):
        notes.append(_kept(facts, question.keep_days or 0, language))
    point = {"text": label.text.rstrip(" .:\u202f\u00a0"), "notes": ", ".join(notes)}
    return point if label.lang == language else point | {"lang": label.lang}


def _kept(facts: Facts, days: int, language: str) -> str:
    if facts.last_day is None:
        return _("deleted %(length)s after the last date") % {"length": told_days(days)}
    if not days:
        return _("deleted at the end of the meeting")
    said = {"length": told_days(days), "day": _day(facts.last_day, days, language)}
    return _("deleted %(length)s after the end, on %(day)s") % said


def _seers(facts: Facts, language: str) -> Iterator[dict[str, str]]:
    if not facts.is_ours:
        yield {"text": _("%(controller)s, to prepare the meeting") % {"controller": facts.terms.called}}
    yield {"text": _("the Executive Secretariat of the “4 per 1000” Initiative, which runs this site")}
    if facts.regions:
        names = ", ".join(shown(region.name).text for region in facts.regions)
        yield {"text": _("the correspondents of the Initiative for this region: %(regions)s") % {"regions": names}}
    for organisation in facts.organisations:
        name = shown(organisation.name).text
        yield {"text": _("%(organisation)s, only if you agree to it in the form") % {"organisation": name}}
    if facts.asks_for(Subject.LIST):
        who = (
            _("the other participants, in the list of participants, only if you agree to stand in it")
            if facts.terms.hands_out_list
            else _("those who are given the list of participants, only if you agree to stand in it")
        )
        yield {"text": who}
    if facts.is_paid:
        yield {
            "text": _(
                "Stripe, where you pay: it also works outside the European Union, under the clauses of the European "
                "Commission"
            )
        }
    yield {"text": _("the mail servers that carry our letters to you")}


def _seen(facts: Facts) -> Iterator[str]:
    yield _("Nobody but these, unless a law obliges us. Each time one of the staff looks at your data, it is noted.")


def _where(facts: Facts) -> Iterator[str]:
    if facts.common.host:
        yield _("In the database of this site and its backups: %(host)s.") % {"host": facts.common.host.rstrip(".")}
    else:
        yield _("In the database of this site and its backups.")
    if facts.takes_files:
        yield _("Files that you send lie apart; only who may read them can open them.")


def _how_long(facts: Facts, language: str) -> Iterator[str]:
    days = facts.terms.keep_days or 0
    said = {"length": told_days(days)}
    if facts.last_day is None:
        yield _("%(length)s after the last date of the series your name, address and answers are deleted.") % said
    else:
        said["day"] = _day(facts.last_day, days, language)
        yield _("%(length)s after the end, on %(day)s, your name, address and answers are deleted.") % said
    if any(facts.goes_sooner(question) for question in facts.questions):
        yield _("Some answers are deleted sooner: it is said beside them.")
    if facts.is_paid:
        years = facts.common.payment_years
        yield ngettext(
            "What accounts are made of (who paid, what was paid and refunded) is kept for %(count)d year.",
            "What accounts are made of (who paid, what was paid and refunded) is kept for %(count)d years.",
            years,
        ) % {"count": years}
    yield ngettext(
        "Who of the staff looked at your data is kept for %(count)d year, without your name.",
        "Who of the staff looked at your data is kept for %(count)d years, without your name.",
        KEEP_YEARS,
    ) % {"count": KEEP_YEARS}


def _rights(facts: Facts) -> Iterator[str]:
    yield _(
        "You can see what we have of you, receive a copy, have it corrected or erased, have its use limited, object to "
        "it, and take back what you agreed to. What was done until then stays lawful."
    )
    yield _("A place can’t be kept without these data: who takes everything back gives up the place.")
    if facts.terms.email:
        said = {"email": facts.terms.email}
        yield _("Your own page, to which our letters lead, does most of it; for the rest write to %(email)s") % said
    else:
        yield _("Your own page, to which our letters lead, does most of it; for the rest answer one of our letters.")
    yield _("You have our answer within a month.")
    yield _("If you think that we do wrong, you can complain to the data protection authority of your country.")
    if facts.is_ours:
        yield _("That of the Secretariat is the CNIL in France: https://www.cnil.fr/")


def _stays() -> str:
    return _("Figures in which nobody can be recognised: how many came, and from where. Small numbers are left out.")


def _more(facts: Facts, language: str) -> Iterator[Section]:
    said = shown(facts.terms.more)
    if said.text:
        lines = [line.strip() for line in said.text.splitlines() if line.strip()]
        section = _section(_("What else you should know"), lines)
        yield section if said.lang == language else section | {"lang": said.lang}


def _day(last: dt.date, days: int, language: str) -> str:
    """The day after so many, without its weekday: nobody goes anywhere on it."""
    return str(format_date(last + dt.timedelta(days=days), "long", locale=locale(language)))
