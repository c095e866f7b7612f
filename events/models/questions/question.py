"""Questions: what an event asks of those who register, beside who they are."""

import uuid
from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, Any

from django.core.exceptions import ValidationError
from django.core.validators import MaxValueValidator
from django.db import models, transaction
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from i18nfield.strings import LazyI18nString
from modelcluster.fields import ParentalKey
from modelcluster.models import ClusterableModel
from wagtail.models import Orderable

from pages.models import Edition
from pages.trilingual import TrilingualField

from ..seats import Attendance, SeatPool
from .kinds import WITH_CHOICES, Kind, Stage, Subject

if TYPE_CHECKING:
    from ..event import Event
    from ..ticket import Ticket
    from ..window import Place

MEGABYTES = 5
"How large a file may be, unless the question says otherwise."
MOST_MEGABYTES = 20
FILE_TYPES = ("pdf", "jpg", "png")
"What may be sent: each is checked by its content, never by its name."


class QuestionQuerySet(models.QuerySet["Question"]):
    def asked(self) -> "QuestionQuerySet":
        """Those that are still asked, in the order of the form."""
        return self.filter(retired_at=None).order_by("sort_order", "pk")

    def at(self, stage: str) -> "QuestionQuerySet":
        return self.filter(stage=stage)

    def whole(self) -> "QuestionQuerySet":
        """With all that is needed to ask them, in a fixed number of queries."""
        return self.select_related("depends_on").prefetch_related("choices", "tickets")


class Question(ClusterableModel):
    """One question of one event. Outside the event's revisions: what is asked counts from the moment it is saved.

    Its words are kept in ``Wording`` whenever they change, so that an answer is always
    read with the words it answered. Once somebody has answered it keeps its kind, and is
    retired rather than deleted.
    """

    Kind = Kind
    Stage = Stage
    Subject = Subject

    uid = models.UUIDField(default=uuid.uuid4, editable=False, unique=True)
    event = models.ForeignKey(
        "events.Event", verbose_name=_("event"), on_delete=models.CASCADE, related_name="questions"
    )
    subject = models.CharField(
        max_length=20, choices=Subject.choices, blank=True, default="", editable=False, help_text="Which built-in."
    )
    kind = models.CharField(_("kind of answer"), max_length=12, choices=Kind.choices, default=Kind.TEXT)
    label = TrilingualField(_("question"))
    help_text = TrilingualField(_("help"), blank=True, help_text=_("Why you ask, and how to answer; shown below it."))
    required = models.BooleanField(
        _("has to be answered"), default=False, help_text=_("Of a consent: who does not agree can’t register.")
    )
    stage = models.CharField(
        _("asked"),
        max_length=12,
        choices=Stage.choices,
        default=Stage.REGISTRATION,
        help_text=_("What only those need to tell who come, such as a passport, is better asked of them alone."),
    )
    tickets = models.ManyToManyField(
        "events.Ticket",
        verbose_name=_("only with these tickets"),
        blank=True,
        related_name="questions",
        help_text=_("None ticked: with every ticket."),
    )
    attendance = models.CharField(
        _("only of who takes part"), max_length=10, choices=Attendance.choices, blank=True, default=""
    )
    depends_on = models.ForeignKey(
        "self",
        verbose_name=_("only after an answer to"),
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="dependents",
    )
    depends_values = models.JSONField(
        _("one of these answers"), default=list, blank=True, help_text="Keys of choices, codes, or yes; one is enough."
    )
    keep_days = models.PositiveSmallIntegerField(
        _("days kept"),
        null=True,
        blank=True,
        validators=[MaxValueValidator(3650)],
        help_text=_("After the end of the meeting; then the answers are deleted. Left empty: as long as the rest."),
    )
    is_confidential = models.BooleanField(
        _("for the staff alone"), default=False, help_text=_("Correspondents do not see the answers, nor in files.")
    )
    file_types = models.JSONField(_("kinds of files"), default=list, blank=True)
    file_megabytes = models.PositiveSmallIntegerField(
        _("largest file, in megabytes"), default=MEGABYTES, validators=[MaxValueValidator(MOST_MEGABYTES)]
    )
    sort_order = models.PositiveSmallIntegerField(_("order"), default=0)
    retired_at = models.DateTimeField(_("no longer asked since"), null=True, blank=True, editable=False)

    objects = QuestionQuerySet.as_manager()

    class Meta:
        ordering = ["event", "sort_order", "pk"]
        verbose_name = _("question")
        verbose_name_plural = _("questions")
        constraints = [
            models.UniqueConstraint(
                fields=["event", "subject"],
                condition=~Q(subject="") & Q(retired_at=None),
                name="built_in_question_once",
                violation_error_message=_("This event asks that already."),
            ),
            models.CheckConstraint(
                condition=Q(depends_on=None) | ~Q(depends_on=models.F("id")), name="question_not_after_itself"
            ),
        ]

    def __str__(self) -> str:
        return str(self.label)

    def save(self, **kwargs: Any) -> None:  # type: ignore[override]
        """Save it with its choices, keep its words if they are new, and open a new edition: pages show the form.

        Raises:
            ValidationError: somebody has answered, and the kind would change.
        """
        from .wording import Wording

        with transaction.atomic():
            SeatPool.objects.hold(self.event_id)
            if self.pk and self.answers.exists():
                was = type(self).objects.values_list("kind", flat=True).get(pk=self.pk)
                if was != self.kind:
                    raise ValidationError({"kind": ValidationError(ANSWERED, code="answered")})
            super().save(**kwargs)
            Wording.objects.keep(self)
            Edition.bump()

    def retire(self) -> bool:
        """Ask it no longer: deleted if nobody has answered, else kept for its answers; whether it was deleted."""
        with transaction.atomic():
            SeatPool.objects.hold(self.event_id)
            if not self.answers.exists():
                self.dependents.update(depends_on=None, depends_values=[])
                self.uploads.all().discard()
                self.delete()
                Edition.bump()
                return True
            self.retire_for_now()
            Edition.bump()
        return False

    def retire_for_now(self) -> None:
        """Ask it no longer, whether somebody has answered or not; the caller holds the event's pools."""
        self.retired_at = timezone.now()
        type(self).objects.filter(pk=self.pk).update(retired_at=self.retired_at)

    def clean(self) -> None:
        """A condition names an earlier question of the same event, asked no later, with an answer one can choose."""
        super().clean()
        if self.depends_on is None:
            self.depends_values = []
            return
        first = self.depends_on
        if first.event_id != self.event_id or first.pk == self.pk or first.kind not in CONDITIONS:
            raise ValidationError({"depends_on": ValidationError(_("Choose another question."), code="depends_on")})
        if first.stage == Stage.PLACE and self.stage == Stage.REGISTRATION:
            sentence = _("That question is asked later than this one.")
            raise ValidationError({"depends_on": ValidationError(sentence, code="later")})
        if self.pk and self.pk in first.needed():
            sentence = _("That question itself is only asked after an answer to this one.")
            raise ValidationError({"depends_on": ValidationError(sentence, code="loop")})

    def needed(self) -> set[int]:
        """Keys of the questions whose answers decide whether this one is asked."""
        found: set[int] = set()
        one: Question | None = self
        while one is not None and one.depends_on_id and one.depends_on_id not in found:
            found.add(one.depends_on_id)
            one = one.depends_on
        return found

    def copied_to(self, event: "Event", tickets: "Iterable[Ticket]" = ()) -> "Question":
        """The same for another event, with its choices, saved; without its condition, which the caller sets."""
        facts = {
            one.attname: getattr(self, one.attname)
            for one in self._meta.concrete_fields
            if one.name not in ("id", "uid", "event", "depends_on", "depends_values", "retired_at")
        }
        copied = Question(event=event, **facts)
        copied.choices = [
            Choice(key=one.key, text=one.text, sort_order=one.sort_order) for one in self.choices.order_by("sort_order")
        ]
        copied.save()
        copied.tickets.set(tickets)
        return copied

    # -- whom it is asked of

    def concerns(self, place: "Place | None") -> bool:
        """Whether it is asked with this ticket and this way to take part; of no place, whether it may be."""
        if place is None:
            return True
        if self.attendance and self.attendance != place.attendance:
            return False
        tickets = {one.pk for one in self.tickets.all()}
        return not tickets or (place.ticket is not None and place.ticket.pk in tickets)

    def follows(self, keys: Mapping[int, Iterable[str]]) -> bool:
        """Whether the answers so far, as keys by question, lead to it."""
        if self.depends_on_id is None:
            return True
        given = set(keys.get(self.depends_on_id, ()))
        return bool(given & set(self.depends_values)) if self.depends_values else bool(given)

    @property
    def types(self) -> tuple[str, ...]:
        """The kinds of files that may be sent."""
        chosen = tuple(one for one in FILE_TYPES if one in self.file_types)
        return chosen or FILE_TYPES


CONDITIONS = (Kind.CHOICE, Kind.SEVERAL, Kind.COUNTRY, Kind.LANGUAGES, Kind.CONSENT)
"Kinds on whose answers another question may hang."
ANSWERED = _("Somebody has answered: the kind stays as it is. Retire this question and write a new one.")


class Choice(Orderable):
    """One of the choices of a question; its key stays whatever becomes of its words."""

    question = ParentalKey(Question, on_delete=models.CASCADE, related_name="choices")
    key = models.CharField(max_length=20, blank=True, editable=False)
    text = TrilingualField(_("choice"))

    class Meta(Orderable.Meta):
        verbose_name = _("choice")
        verbose_name_plural = _("choices")
        constraints = [models.UniqueConstraint(fields=["question", "key"], name="choice_key_once")]

    def __str__(self) -> str:
        return str(self.text)

    def save(self, *args: Any, **kwargs: Any) -> None:
        if not self.key:
            self.key = uuid.uuid4().hex[:8]
        super().save(*args, **kwargs)


def texts(value: LazyI18nString | str | None) -> dict[str, str]:
    """What is said in each language."""
    said = value.data if isinstance(value, LazyI18nString) else value
    if isinstance(said, dict):
        return {code: text for code, text in said.items() if text}
    return {"fr": str(said)} if said else {}


def has_choices(kind: str) -> bool:
    return kind in WITH_CHOICES
