"""Shipped: the questions that come with the product, and sets of them to begin an event with."""

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from django.conf import settings
from django.db import transaction
from django.utils.translation import gettext, override
from django.utils.translation import gettext_noop as _
from i18nfield.strings import LazyI18nString

from regions.models import College

from ..seats import Attendance, SeatPool
from .kinds import Kind, Stage, Subject
from .question import Choice, Question

if TYPE_CHECKING:
    from collections.abc import Iterable

    from ..event import Event


@dataclass(frozen=True)
class Shipped:
    """One question as it comes with the product; its words are msgids of the catalogues."""

    key: str
    kind: str
    label: str
    help_text: str = ""
    subject: str = ""
    choices: tuple[tuple[str, str], ...] = ()
    required: bool = False
    stage: str = Stage.REGISTRATION
    attendance: str = ""
    keep_days: int | None = None
    is_confidential: bool = False
    after: str = ""
    after_values: tuple[str, ...] = ()
    file_types: tuple[str, ...] = field(default=())

    def colleges(self) -> tuple[tuple[str, LazyI18nString], ...]:
        """The choices of the college: those of the directory."""
        return tuple((one.code, one.name) for one in College.objects.all())


def _built_in(subject: Subject, kind: Kind, label: str, help_text: str = "", **more: object) -> Shipped:
    return Shipped(key=subject, subject=subject, kind=kind, label=label, help_text=help_text, **more)  # type: ignore[arg-type]


QUESTIONS = {
    one.key: one
    for one in (
        _built_in(Subject.POSITION, Kind.TEXT, _("Function"), _("It stands on your badge, below your organisation.")),
        _built_in(
            Subject.COLLEGE, Kind.CHOICE, _("Stakeholder college"), _("The family of partners that you belong to.")
        ),
        _built_in(Subject.SPEAKS, Kind.LANGUAGES, _("Languages you speak"), _("They stand on your badge.")),
        _built_in(
            Subject.UNDERSTANDS,
            Kind.LANGUAGES,
            _("Languages you understand"),
            _("So that we know what to interpret; those you speak need not be repeated."),
        ),
        _built_in(
            Subject.DIETARY,
            Kind.SEVERAL,
            _("What you do not eat"),
            _("Only for the meals of this meeting; deleted a month after it."),
            choices=(
                ("vegetarian", _("Vegetarian")),
                ("vegan", _("Vegan")),
                ("halal", _("Halal")),
                ("kosher", _("Kosher")),
                ("gluten", _("Without gluten")),
                ("lactose", _("Without lactose")),
                ("nuts", _("Without nuts")),
                ("other", _("Something else")),
            ),
            attendance=Attendance.ONSITE,
            keep_days=30,
        ),
        Shipped(
            "dietary_other",
            Kind.TEXT,
            _("What else you do not eat"),
            attendance=Attendance.ONSITE,
            keep_days=30,
            after=Subject.DIETARY,
            after_values=("other",),
        ),
        _built_in(
            Subject.ACCESS,
            Kind.LONG_TEXT,
            _("What you need to take part in comfort"),
            _("A ramp, a place near the screen, captions, sign language … Deleted a month after the meeting."),
            keep_days=30,
            is_confidential=True,
        ),
        _built_in(
            Subject.PHOTO,
            Kind.CONSENT,
            _("I agree that photographs and films of the meeting on which I can be recognised are published."),
            _("Who does not agree has a mark on the badge. You can change it later."),
        ),
        _built_in(
            Subject.LIST,
            Kind.CONSENT,
            _("I agree to stand in the list of participants, with name, organisation, function and country."),
            _("Other participants may read it. You can change it later."),
        ),
        Shipped(
            "passport_name",
            Kind.TEXT,
            _("Name as in your passport"),
            _("For the letter of invitation that your visa needs."),
            required=True,
            stage=Stage.PLACE,
            keep_days=30,
            is_confidential=True,
            after="visa",
            after_values=("yes",),
        ),
        Shipped(
            "visa",
            Kind.CHOICE,
            _("Do you need a letter of invitation for a visa?"),
            choices=(("yes", _("Yes")), ("no", _("No"))),
            required=True,
            stage=Stage.PLACE,
            attendance=Attendance.ONSITE,
            keep_days=30,
        ),
        Shipped(
            "nationality",
            Kind.COUNTRY,
            _("Nationality"),
            required=True,
            stage=Stage.PLACE,
            keep_days=30,
            is_confidential=True,
            after="visa",
            after_values=("yes",),
        ),
        Shipped(
            "birth",
            Kind.DATE,
            _("Date of birth"),
            required=True,
            stage=Stage.PLACE,
            keep_days=30,
            is_confidential=True,
            after="visa",
            after_values=("yes",),
        ),
        Shipped(
            "passport",
            Kind.FILE,
            _("The page of your passport with your name"),
            _("As PDF or picture, 5 MB at most. Only the staff see it; deleted a month after the meeting."),
            required=True,
            stage=Stage.PLACE,
            keep_days=30,
            is_confidential=True,
            after="visa",
            after_values=("yes",),
        ),
        Shipped(
            "arrival",
            Kind.DATE,
            _("Day of your arrival"),
            stage=Stage.PLACE,
            attendance=Attendance.ONSITE,
            keep_days=30,
        ),
        Shipped(
            "departure",
            Kind.DATE,
            _("Day of your departure"),
            stage=Stage.PLACE,
            attendance=Attendance.ONSITE,
            keep_days=30,
        ),
    )
}
"Key → question."


@dataclass(frozen=True)
class Template:
    """A set of questions to begin with."""

    key: str
    name: str
    about: str
    questions: tuple[str, ...]


TEMPLATES = (
    Template(
        "meeting",
        _("Meeting on site"),
        _("For badges, meals, interpretation and the list of participants."),
        (*("position", "college", "speaks", "understands", "dietary", "dietary_other", "access", "photo", "list"),),
    ),
    Template(
        "online",
        _("Online meeting"),
        _("For interpretation and the list of participants."),
        ("position", "college", "speaks", "understands", "access", "list"),
    ),
    Template(
        "visa",
        _("Visas and journeys"),
        _("Asked only of who has a place, on their own page; deleted a month after the meeting."),
        ("visa", "passport_name", "nationality", "birth", "passport", "arrival", "departure"),
    ),
)


def told(msgid: str) -> LazyI18nString:
    """A sentence of the product in all its languages."""
    texts = {}
    for code, _name in settings.LANGUAGES:
        with override(code):
            texts[code] = gettext(msgid) if msgid else ""
    return LazyI18nString(texts)


def add(event: "Event", keys: "Iterable[str]") -> tuple[list[Question], list[str]]:
    """Give an event these questions, in one transaction, behind those it has; those made, and the keys it had already.

    A question that comes with the product is known again by its subject, or by its words.
    """
    made: list[Question] = []
    there: list[str] = []
    with transaction.atomic():
        SeatPool.objects.hold(event.pk)
        known: dict[str, Question] = {}
        has = list(Question.objects.filter(event=event).asked())
        for one in has:
            match = next((key for key, it in QUESTIONS.items() if _is(one, it)), "")
            known[match] = one
        order = max((one.sort_order for one in has), default=0)
        for key in keys:
            shipped = QUESTIONS[key]
            if key in known:
                there.append(key)
                continue
            order += 1
            known[key] = _made(event, shipped, order, known.get(shipped.after))
            made.append(known[key])
    return made, there


def _is(question: Question, shipped: Shipped) -> bool:
    if question.subject or shipped.subject:
        return question.subject == shipped.subject
    return question.kind == shipped.kind and str(question.label.data) == str(told(shipped.label).data)


def _made(event: "Event", shipped: Shipped, order: int, first: Question | None) -> Question:
    question = Question(
        event=event,
        subject=shipped.subject,
        kind=shipped.kind,
        label=told(shipped.label),
        help_text=told(shipped.help_text),
        required=shipped.required,
        stage=shipped.stage,
        attendance=shipped.attendance,
        keep_days=shipped.keep_days,
        is_confidential=shipped.is_confidential,
        file_types=list(shipped.file_types),
        depends_on=first,
        depends_values=list(shipped.after_values) if first else [],
        sort_order=order,
    )
    choices = shipped.colleges() if shipped.subject == Subject.COLLEGE else shipped.choices
    question.choices = [
        Choice(key=key[:20], text=told(text) if isinstance(text, str) else text, sort_order=place)
        for place, (key, text) in enumerate(choices)
    ]
    question.save()
    return question
