"""Conditions: which questions are asked of somebody, of this place, who answers so."""

from collections.abc import Iterable, Mapping

from events.models import Place
from events.models.questions.question import Question

Keys = Mapping[int, Iterable[str]]
"What was answered, as keys, by the question's own key."


def asked(questions: Iterable[Question], place: Place | None, keys: Keys) -> set[int]:
    """Keys of those that are asked. An answer to what is not asked leads to nothing.

    The questions are ``whole()``; no query is made. A condition on a question that is
    not among them is judged by ``keys`` alone.
    """
    rows = {one.pk: one for one in questions}
    judged: dict[int, bool] = {}

    def is_asked(one: Question) -> bool:
        if one.pk not in judged:
            judged[one.pk] = False  # conditions that go round in a circle lead to nothing
            first = rows.get(one.depends_on_id) if one.depends_on_id else None
            judged[one.pk] = one.concerns(place) and one.follows(keys) and (first is None or is_asked(first))
        return judged[one.pk]

    return {pk for pk, one in rows.items() if is_asked(one)}
