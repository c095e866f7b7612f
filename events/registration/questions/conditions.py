"""Conditions: which questions are asked of somebody, of this place, who answers so."""

from collections.abc import Container, Iterable, Mapping, Sequence

from events.models import Place
from events.models.questions.question import Question

Keys = Mapping[int, Iterable[str]]
"What was answered, as keys, by the question's own key."


def possible(
    questions: Iterable[Question], on_page: Container[int], places: Sequence[Place], keys: Keys
) -> list[Question]:
    """Those of a page that some of these places, and some answer on it, can lead to.

    What hangs on a question that is not on the page is judged by what was answered to that before.
    """
    rows = {one.pk: one for one in questions}

    def fits(one: Question, seen: frozenset[int] = frozenset()) -> bool:
        if one.pk in seen or (places and not any(map(one.concerns, places))):
            return False
        if one.depends_on_id is None:
            return True
        first = rows.get(one.depends_on_id)
        if first is None or first.pk not in on_page:
            return one.follows(keys)
        return fits(first, seen | {one.pk})

    return [one for one in rows.values() if one.pk in on_page and fits(one)]


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
