"""The report of an import, as the command prints it."""

from collections import Counter
from collections.abc import Iterator

from .plan import Plan

PROVENANCE = ("source", "field_sources", "refs")


def lines(plan: Plan, *, dry_run: bool = False) -> Iterator[str]:
    """What was added, changed, left alone and not loaded, one line each."""
    added = [step for step in plan.steps if step.added]
    changed = [step for step in plan.steps if step.changed]
    if dry_run:
        yield from (f"Would add {step.name}." for step in added)
    else:
        counted = Counter(step.shelf.kind for step in added)
        yield from (f"Added {kind}: {number}." for kind, number in counted.items())
    for step in changed:
        yield f"{'Would change' if dry_run else 'Changed'} {step.name}: {', '.join(step.changed)}."
    for step in plan.steps:
        for field, why in step.left.items():
            yield f"Left alone {step.name}{f', {field}' if field else ''}: {why}"
    yield from (f"No longer in the file, left as it is: {name}." for name in plan.gone)
    if not added and not changed:
        yield "Nothing to change." if dry_run else "Nothing changed."
    missing = plan.programme.not_loaded()
    for name in sorted(missing):
        if name.rpartition(".")[2] not in PROVENANCE:
            yield f"Not loaded {name}: {missing[name]}."
    evidence = sum(number for name, number in missing.items() if name.rpartition(".")[2] in PROVENANCE)
    if evidence:
        yield f"Not loaded {', '.join(PROVENANCE)}, which tell where each fact comes from: {evidence}."
