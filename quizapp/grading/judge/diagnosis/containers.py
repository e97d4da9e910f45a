"""Explanations of lists, tuples and dicts: exchanged or missing items, one mistake of several items, one wrong item."""

from __future__ import annotations

import ast
import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace

import torch

from quizapp.grading.judge.compare.compare import SEQUENCES, compare, equality_key, items, key_text
from quizapp.grading.judge.compare.plain_scalars import NUMBERS
from quizapp.grading.judge.diagnosis.evidence import Explanation, is_varied
from quizapp.grading.judge.diagnosis.families.types import as_numbers
from quizapp.grading.judge.diagnosis.question import Question
from quizapp.grading.mistake import Mistake
from quizapp.sandbox.values.model import Value

MOST_EXPLAINED = 8
"""Differing items that are explained, or compared with each other."""

Explain = Callable[[Question], list[Explanation]]

PLURAL = re.compile(r"it (is|was) (?=(?:not |only )?(?:\w+ed|NaN|infinite|off|right)\b)")
"""The beginning of a clause that becomes plural by its subject and verb alone."""


@dataclass(frozen=True, slots=True)
class Item:
    """An item of both containers."""

    label: str
    """`item 0`, or ``key `a` ``."""

    name: str
    """`0`, or `` `a` ``, for a list of several items."""

    question: Question

    def differs(self) -> bool:
        """Return whether the two sides do not agree."""
        return compare(self.question.got, self.question.expected, self.question.options) is not None


def explain(
    question: Question, explain_item: Explain, explain_numbers: Explain, explain_alike: Explain
) -> list[Explanation]:
    """Explain two containers item by item; numbers alone also as one array, those of a dict as one without order."""
    options = question.options
    all_items = list(_items(question))
    differing = [item for item in all_items if item.differs()]
    if compare(question.got, question.expected, replace(options, ignore=options.ignore | {"type", "dtype"})) is None:
        return _explain_types(differing, explain_item)
    if is_plain(question.got) and is_plain(question.expected):
        return _explain_plain(question, differing, explain_item, explain_numbers)
    if question.expected.kind in SEQUENCES and len(items(question.got)) != len(items(question.expected)):
        return list(_explain_extent(question))
    found = list(_explain_order(question, differing)) or _explain_numbers_of_dict(question, all_items, explain_alike)
    return found or explain_items(differing, len(all_items), explain_item)


def _explain_numbers_of_dict(question: Question, pairs: Sequence[Item], explain_alike: Explain) -> list[Explanation]:
    """Explain the values of a dict that are all numbers."""
    sides = [[item.question.got for item in pairs], [item.question.expected for item in pairs]]
    is_numeric = all(value.kind in NUMBERS - {"bool"} for side in sides for value in side)
    if question.expected.kind != "dict" or not is_numeric or len(pairs) < len(question.expected.data):
        return []
    got, expected = (Value("list", tuple(side), "builtins.list") for side in sides)
    return explain_alike(replace(question, got=got, expected=expected))


def is_plain(value: Value) -> bool:
    """Return whether a value is a sequence of plain numbers, or of such sequences."""
    return value.kind in SEQUENCES and all(item.kind in NUMBERS or is_plain(item) for item in items(value))


def _explain_plain(
    question: Question, differing: Sequence[Item], explain_item: Explain, explain_numbers: Explain
) -> list[Explanation]:
    """Explain numbers: those of a pair or tuple are separate results, those of a list an array."""
    is_array = question.expected.kind == "list" and len(items(question.expected)) > 2
    exchanged = [] if is_array else list(_explain_exchange(question, differing))
    found = exchanged or explain_numbers(question)
    # If several numbers are wrong, an explanation of the first alone would be a coincidence.
    return found or (explain_items(differing, 1, explain_item) if len(differing) == 1 else [])


def _explain_types(differing: Sequence[Item], explain_item: Explain) -> list[Explanation]:
    """Explain a container whose values agree apart from their types: no transformation is the mistake."""
    explanations = [explanation for item in differing[:1] for explanation in explain_item(item.question)[:1]]
    count = "" if len(differing) == 1 else f" (in {len(differing)} places)"
    return [replace(explanation, clause=f"{explanation.clause}{count}") for explanation in explanations]


def _explain_extent(question: Question) -> Iterator[Explanation]:
    """Explain a list that has too many or too few items at one end, the others being right."""
    got, expected = items(question.got), items(question.expected)
    count = abs(len(got) - len(expected))
    size = min(len(got), len(expected))
    if not size:
        return
    ends = [
        end for end, start in (("end", 0), ("beginning", count)) if _agree_from(start, got, expected, size, question)
    ]
    if not ends:
        return
    amount = "one item" if count == 1 else f"{count} items"
    where = f" at the {ends[0]}" if len(ends) == 1 else ""
    what = "long" if len(got) > len(expected) else "short"
    kind = Mistake.OFF_BY_ONE if count == 1 else Mistake.EXTENT
    yield Explanation(kind, f"it is {amount} too {what}{where}, but otherwise right")


def _agree_from(start: int, got: Sequence[Value], expected: Sequence[Value], size: int, question: Question) -> bool:
    """Return whether `size` items agree if `start` items of the longer side are skipped."""
    got, expected = (side[start:] if len(side) > size else side for side in (got, expected))
    pairs = zip(got[:size], expected[:size], strict=True)
    return all(compare(*pair, question.options) is None for pair in pairs)


def _explain_order(question: Question, differing: Sequence[Item]) -> Iterator[Explanation]:
    """Explain right items in the wrong places."""
    exchanged = list(_explain_exchange(question, differing))
    if exchanged or question.expected.kind == "dict":
        yield from exchanged
        return
    is_evident = all(_is_distinctive(item.question.expected) for item in differing)
    if not is_evident or not 2 < len(differing) <= MOST_EXPLAINED:
        return
    places = [_places(item, differing) for item in differing]
    if sorted(place for found in places for place in found) != list(range(len(differing))):
        return
    if places == [[place] for place in reversed(range(len(differing)))]:
        yield Explanation(Mistake.REVERSED, "the items are right, but in reverse order")
    else:
        yield Explanation(Mistake.REORDERED, "the items are right, but in the wrong order")


def _places(item: Item, differing: Sequence[Item]) -> list[int]:
    """Return the places among `differing` where the item of the answer is expected."""
    question = item.question
    return [
        place
        for place, other in enumerate(differing)
        if compare(question.got, other.question.expected, question.options) is None
    ]


def _explain_exchange(question: Question, differing: Sequence[Item]) -> Iterator[Explanation]:
    if len(differing) != 2 or not all(_is_distinctive(item.question.expected) for item in differing):
        return
    if [_places(item, differing) for item in differing] != [[1], [0]]:
        return
    names = " and ".join(item.name for item in differing)
    what = "the values of" if question.expected.kind == "dict" else "items"
    yield Explanation(Mistake.EXCHANGED, f"{what} {names} are exchanged")


def _is_distinctive(value: Value) -> bool:
    """Return whether a value is no coincidence in another place."""
    if value.kind in ("bool", "none"):
        return False
    numbers = as_numbers(value)
    if numbers is None:
        return True
    if numbers.numel() == 1:
        return numbers.dtype != torch.bool and float(numbers.abs()) not in (0.0, 1.0)
    return is_varied(numbers)


def explain_items(differing: Sequence[Item], total: int, explain_item: Explain) -> list[Explanation]:
    """Explain all differing items of `total` by one sentence, or the first of them that has an explanation."""
    found = [(item, explain_item(item.question)[:1]) for item in differing[:MOST_EXPLAINED]]
    if len(differing) > 1 and len(found) == len(differing) and all(explanations for _, explanations in found):
        shared = _shared([explanations[0] for _, explanations in found])
        if shared:
            return [replace(shared, clause=_plural(shared.clause, _subject(differing, total)))]
    for item, explanations in found:
        # If several numbers are wrong, an explanation of the first alone would be a coincidence.
        if explanations and (len(differing) == 1 or item.question.expected.kind not in NUMBERS):
            return [replace(explanations[0], clause=f"{item.label}: {explanations[0].clause}")]
    return []


def _shared(explanations: Sequence[Explanation]) -> Explanation | None:
    """Return what several explanations have in common: the kind, and the clause or its beginning."""
    if len({explanation.kind for explanation in explanations}) > 1:
        return None
    clauses = [explanation.clause for explanation in explanations]
    if len(set(clauses)) == 1:
        return explanations[0]
    heads = {clause.partition(":")[0] for clause in clauses}
    is_labelled = any(re.match(r"item \d|key `|column `", clause) for clause in clauses)
    return replace(explanations[0], clause=heads.pop()) if len(heads) == 1 and not is_labelled else None


def _subject(differing: Sequence[Item], total: int) -> str:
    """Return `both items`, `all 3 items`, `items 0 and 2`, or the same for the values of a dict."""
    names = [item.name for item in differing]
    noun = {"item": "items", "key": "values"}.get(differing[0].label.partition(" ")[0], "columns")
    if len(names) == total:
        return f"both {noun}" if total == 2 else f"all {total} {noun}"
    if len(names) > 4:
        return f"{len(names)} of {total} {noun}"
    listed = f"{', '.join(names[:-1])} and {names[-1]}"
    return f"the values of {listed}" if noun == "values" else f"{noun} {listed}"


def _plural(clause: str, subject: str) -> str:
    verbs = {"is": "are", "was": "were"}
    if match := PLURAL.match(clause):
        return f"{subject} {verbs[match[1]]} {clause[match.end() :]}"
    return f"in {subject}, {clause}"


def _items(question: Question) -> Iterator[Item]:
    """Yield the items of both containers: in order, or those of the keys that both dicts have."""
    got, expected = question.got, question.expected
    if got.kind == "dict":
        options = question.options
        got_items = {equality_key(key, options): item for key, item in got.data}
        for key, expected_item in expected.data:
            name = equality_key(key, options)
            if name is not None and name in got_items:
                part = replace(question, got=got_items[name], expected=expected_item, see="")
                yield Item(f"key `{key_text(key)}`", f"`{key_text(key)}`", part)
        return
    expressions = item_expressions(question.see)
    for index, (got_item, expected_item) in enumerate(zip(items(got), items(expected), strict=False)):
        see = expressions[index] if index < len(expressions) else ""
        yield Item(f"item {index}", str(index), replace(question, got=got_item, expected=expected_item, see=see))


def item_expressions(see: str) -> list[str]:
    """Return the expressions of the items if the check's expression is a tuple or list display."""
    try:
        node = ast.parse(see.strip(), mode="eval").body
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return []
    return [ast.unparse(part) for part in node.elts] if isinstance(node, ast.Tuple | ast.List) else []
