"""The facts of which a privacy notice is made."""

import datetime as dt
from dataclasses import dataclass

from events.models import Event, Question, co_organisers
from events.models.personal.terms import DataDefaults, DataTerms, last_day
from events.models.questions.kinds import Kind, Subject
from regions.models import Organisation, Region

TELLING = (Subject.DIETARY, Subject.ACCESS)
"Questions whose answers can tell of somebody's health or belief (GDPR, article 9)."


@dataclass(frozen=True)
class Facts:
    """What an event asks, for whom, and who answers for it."""

    terms: DataTerms
    common: DataDefaults
    is_ours: bool
    "Whether whoever answers is the one that answers for all meetings."
    questions: list[Question]
    regions: list[Region]
    organisations: list[Organisation]
    is_paid: bool
    last_day: dt.date | None
    "None of a series without end."
    recurs: bool

    @classmethod
    def of(cls, event: Event) -> "Facts":
        own = DataTerms.objects.filter(event=event).first()
        return cls(
            terms=DataTerms.of(event),
            common=DataDefaults.current(),
            is_ours=own is None or not own.controller,
            questions=list(Question.objects.filter(event=event).asked()),
            regions=sorted(event.regions.all(), key=lambda region: region.pk),
            organisations=co_organisers(event),
            is_paid=event.tickets.filter(price__gt=0).exists() or event.payments.exists(),
            last_day=last_day(event),
            recurs=event.recurs,
        )

    def asks_for(self, *subjects: str) -> bool:
        """Whether one of the questions that the product knows is asked."""
        return any(question.subject in subjects for question in self.questions)

    @property
    def is_telling(self) -> bool:
        return self.asks_for(*TELLING)

    @property
    def takes_files(self) -> bool:
        return any(question.kind == Kind.FILE for question in self.questions)

    def goes_sooner(self, question: Question) -> bool:
        """Whether its answers are deleted before everything else is: nothing outlives the event's own time."""
        return question.keep_days is not None and question.keep_days < (self.terms.keep_days or 0)
