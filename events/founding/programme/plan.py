"""The plan: what loading a file would add, change and leave alone; nothing is saved here."""

from dataclasses import dataclass, field
from typing import Any

from django.core.exceptions import ValidationError
from django.db.models import Model

from events.models import Imported

from .library import Library
from .reading import Problem, Programme
from .shelf import Shelf, Wanted, messages


@dataclass
class Step:
    """One record: its row as it will be, and what makes it differ from what it is."""

    shelf: Shelf
    wanted: Wanted
    row: Model | None
    kept: Imported
    added: bool = False
    changed: dict[str, Any] = field(default_factory=dict)
    left: dict[str, str] = field(default_factory=dict)
    "Fields left as they are, with why."

    @property
    def name(self) -> str:
        return f"{self.shelf.kind} {self.wanted.key}"

    @property
    def values(self) -> dict[str, Any]:
        """What is to be remembered as imported: of a field left alone, what was imported before."""
        return {
            name: self.kept.values.get(name) if name in self.left else value
            for name, value in self.wanted.values.items()
            if name not in self.left or name in self.kept.values
        }

    @property
    def does_something(self) -> bool:
        return self.row is not None and (self.added or bool(self.changed) or self.values != self.kept.values)


@dataclass
class Plan:
    """All steps, in the order in which they can be taken."""

    programme: Programme
    steps: list[Step]
    library: Library
    problems: list[Problem]
    gone: list[str]
    "What was imported once and is no longer in the file: it stays."

    @property
    def is_empty(self) -> bool:
        return not any(step.does_something for step in self.steps)


def draw(programme: Programme, shelves: list[Shelf]) -> Plan:
    """Compare the file with the rows and with the last import; every problem is collected."""
    sections = [(shelf, shelf.read(programme)) for shelf in shelves]
    library = Library()
    problems = programme.problems
    steps: list[Step] = []
    gone: list[str] = []
    for shelf, wanted in sections:
        kept = {each.key: each for each in Imported.objects.filter(kind=shelf.kind)}
        steps += _compare(shelf, wanted, kept, library, problems)
        gone += [f"{shelf.kind} {key}" for key in sorted(kept.keys() - {each.key for each in wanted})]
    return Plan(programme, steps, library, problems, gone)


def _compare(
    shelf: Shelf, wanted: list[Wanted], kept: dict[str, Imported], library: Library, problems: list[Problem]
) -> list[Step]:
    rows = shelf.find({each.object_id for each in kept.values() if each.object_id})
    # A row that was adopted or imported before: all keys are known before any value is read.
    there = {key: rows[each.object_id] for key, each in kept.items() if each.object_id in rows}
    there |= shelf.adopt([each.key for each in wanted if each.key not in kept])
    for key, row in there.items():
        library.add(shelf.kind, key, row)
    bad = {problem.path for problem in problems}
    steps = []
    for each in wanted:
        if any(
            path == each.record.path or path.startswith((f"{each.record.path}.", f"{each.record.path}["))
            for path in bad
        ):
            # What refers to it can still be judged.
            library.add(shelf.kind, each.key, there.get(each.key) or shelf.make(each.key))
            continue
        memory = kept.get(each.key) or Imported(kind=shelf.kind, key=each.key)
        step = Step(shelf, each, there.get(each.key), memory)
        try:
            _decide(step, library)
            if step.row is not None and (step.added or step.changed or shelf.is_concerned(step.row, library)):
                shelf.check(step.row, library)
        except KeyError as missing:
            problems.append(Problem(each.record.path, f"refers to {missing}, which somebody has deleted."))
            continue
        except ValidationError as error:
            path = each.record.path
            problems += [Problem(f"{path}.{at}" if at else path, why) for at, why in messages(error, shelf.names)]
            continue
        steps.append(step)
    return steps


def _decide(step: Step, library: Library) -> None:
    """Choose the fields to write, and put them on the row in memory."""
    shelf, wanted, memory = step.shelf, step.wanted, step.kept
    if step.row is None and memory.object_id:
        step.left = {"": "somebody has deleted it."}
        return
    if step.row is None:
        step.row, step.added = shelf.make(wanted.key), True
        shelf.put(step.row, wanted.values, library)
        library.add(shelf.kind, wanted.key, step.row)
        return
    versions = [shelf.values(step.row, library)]
    draft = shelf.draft(step.row)
    if draft is not None:
        versions.append(shelf.values(draft, library))
    for name, value in wanted.values.items():
        if all(version[name] == value for version in versions):
            continue
        imported = memory.values.get(name)
        if name in memory.values and all(version[name] == imported for version in versions):
            step.changed[name] = value
        else:
            step.left[name] = "somebody has edited it." if memory.pk else "it was there before this import."
    shelf.put(step.row, step.changed, library)
    if step.changed:
        shelf.note_change(step.row, step.changed)
