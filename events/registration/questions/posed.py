"""Posed: a question as it stands on a page, and when it is to be answered."""

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any

from babel.lists import format_list
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import get_language, gettext

from events.models import Place, Question, Ticket
from events.models.questions.answer import told_key
from events.models.questions.kinds import Kind
from events.models.questions.upload import Upload
from pages.trilingual import Shown

from . import languages, staged
from .fields import RADIOS, LongSelectMultiple, choices_of, kinds_told, name_of, ticked, told

if TYPE_CHECKING:
    from .asking import Asking


@dataclass(frozen=True)
class Tick:
    """One box to tick, or one of several buttons."""

    id: str
    key: str
    label: Shown
    is_ticked: bool


@dataclass(frozen=True)
class Held:
    """A file that the form holds already."""

    name: str
    token: str


class Posed:
    """One question on a page: its words, its field, and the conditions that the reader can still fulfil there."""

    def __init__(self, form: "Asking", question: Question, first: Question | None) -> None:
        self.form, self.question, self.first = form, question, first
        self.field = form[name_of(question)]
        self.kind = question.kind
        self.label, self.help = told(question.label), told(question.help_text)

    @property
    def lang(self) -> str:
        """The language of its words, where it is not the reader's."""
        return "" if self.label.lang == get_language() else self.label.lang

    @property
    def help_lang(self) -> str:
        return "" if self.help.lang == get_language() else self.help.lang

    @cached_property
    def is_long(self) -> bool:
        """Whether its one choice is made in a list that unfolds."""
        return self.kind == Kind.CHOICE and len(self.question.choices.all()) > RADIOS

    @property
    def asks_always(self) -> bool:
        """Whether it has to be answered whatever else is: the browser may say so itself."""
        return self.question.required and not self.when

    @property
    def described(self) -> str:
        """Names of the sentences that belong to its field: when, how, of what kinds, and what is wrong."""
        there = {
            "when": bool(self.when) and self.kind != Kind.CONSENT,
            "helptext": bool(self.help.text) or (self.kind == Kind.CONSENT and not self.question.required),
            "kinds": self.kind == Kind.FILE,
            "error": bool(self.field.errors),
        }
        return " ".join(f"{self.field.auto_id}_{name}" for name, is_there in there.items() if is_there)

    @property
    def input(self) -> SafeString:
        """Its field, with the names of what belongs to it."""
        return self.field.as_widget(attrs={"aria-describedby": self.described} if self.described else {})

    # -- what is chosen from

    @cached_property
    def chosen(self) -> set[str]:
        return set(ticked(self.field.value()))

    @property
    def choices(self) -> list[Tick]:
        """Boxes or buttons; where one need not choose, that can be said too."""
        rows = choices_of(self.question)
        if self.kind == Kind.LANGUAGES:
            names, here = dict(languages.named(get_language() or "fr")), get_language() or "fr"
            rows = [(code, Shown(names[code], here)) for code in languages.first(self.form.asking_country)]
        elif self.kind == Kind.CHOICE and not self.question.required:
            rows = [*rows, ("", Shown(gettext("No answer"), get_language() or "fr"))]
        return [
            Tick(f"{self.field.auto_id}_{number}", key, label, key in self.chosen)
            for number, (key, label) in enumerate(rows)
        ]

    @property
    def more(self) -> SafeString:
        """The list of the languages that are not shown at once."""
        rest = languages.rest(self.form.asking_country, get_language() or "fr")
        widget = LongSelectMultiple(choices=rest)
        here = [code for code, _name in rest if code in self.chosen]
        attrs = {"id": f"{self.field.auto_id}_more", "multiple": True, "size": 8}
        return widget.render(self.field.html_name, here, attrs)

    @property
    def more_is_open(self) -> bool:
        return bool(self.chosen & {code for code, _name in languages.rest(self.form.asking_country, "fr")})

    # -- a file

    @property
    def held(self) -> Held | None:
        """The file that need not be sent again."""
        upload: Upload | None = self.form.held.get(self.question.pk)
        if upload is None:
            return None
        return Held(upload.name, staged.token(upload, self.question, self.form.asking_owner))

    @property
    def kinds(self) -> str:
        return kinds_told(self.question)

    # -- when it is asked

    @property
    def after_values(self) -> str:
        return " ".join(self.question.depends_values) if self.first else ""

    @property
    def _places(self) -> list[Place]:
        return self.form.asking_places

    @property
    def _depends_on_place(self) -> bool:
        return not all(map(self.question.concerns, self._places))

    @cached_property
    def tickets(self) -> list[Ticket]:
        """Those with which it is asked, where it is not with all; a way that goes with a ticket is told by it."""
        if not self._depends_on_place:
            return []
        offered = {place.ticket.pk: place.ticket for place in self._places if place.ticket}
        meant = {place.ticket.pk for place in self._places if place.ticket and self.question.concerns(place)}
        return [ticket for pk, ticket in offered.items() if pk in meant] if len(meant) < len(offered) else []

    @property
    def attendance(self) -> str:
        """The way to take part with which it is asked, where the page asks for that."""
        return self.question.attendance if self._depends_on_place and "attendance" in self.form.fields else ""

    @cached_property
    def when(self) -> SafeString | str:
        """In words, for who has no script: when it is to be answered; empty where it always is."""
        said: list[Any] = []
        if self.attendance == "onsite":
            said.append(gettext("Only if you take part on site."))
        elif self.attendance == "online":
            said.append(gettext("Only if you take part online."))
        if self.tickets:
            names = _or([told(one.name).text for one in self.tickets])
            said.append(gettext("Only with this ticket: %(ticket)s.") % {"ticket": names})
        if self.first is not None:
            said.append(self._after(self.first))
        return format_html(" ".join(["{}"] * len(said)), *said) if said else ""

    def _after(self, first: Question) -> Any:
        label = told(first.label)
        quoted: Any = label.text
        if label.lang != get_language():
            quoted = format_html('<span lang="{}">{}</span>', label.lang, label.text)
        if first.kind == Kind.CONSENT:
            return format_html(gettext("Only if you ticked “{}”."), quoted)
        if not self.question.depends_values:
            return format_html(gettext("Only if you have answered “{}”."), quoted)
        return format_html(
            gettext("Only if you answered “{answer}” to “{question}”."), answer=self._keys(first), question=quoted
        )

    def _keys(self, first: Question) -> str:
        language = get_language() or "fr"
        own = {key: label.text for key, label in choices_of(first)}
        return _or([own.get(key) or told_key(first.kind, None, key, language) for key in self.question.depends_values])


def _or(names: list[str]) -> str:
    return format_list(names, style="or", locale=get_language() or "fr")
