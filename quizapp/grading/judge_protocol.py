"""The requests to the judge (comparisons), its answers (findings), and their bytes. Does not import torch."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import groupby
from operator import attrgetter
from typing import Literal

from quizapp.decks.card import Equals
from quizapp.grading import codec
from quizapp.grading.mistake import Mistake
from quizapp.sandbox.protocol import Observation

MAX_REQUEST = 4 << 30
"""Bytes of a request: it contains what runs sent, and the sandbox limits each run to `frames.MAX_BLOBS`."""


@dataclass(frozen=True, slots=True)
class Comparison:
    """One question to the judge: does `got` agree with what was expected?"""

    got: Observation
    """The observation from the answer's run."""

    expected: Observation | None = None
    """The observation from the reference's run; None if the deck contains the value as a literal."""

    see: str = ""
    rtol: float | Literal["auto"] | None = None
    atol: float | None = None
    ignore: frozenset[str] = frozenset()
    strict: bool = False
    given: bytes | None = None
    """Encoded values that `given` bound, for the diagnosis."""

    after: bytes | None = None
    """Encoded values of the same names after the answer's run."""

    hidden: bool = False
    """Whether the learner may see neither the expression nor the values."""

    prediction: str | None = None
    """The text that the learner typed on a predict card, in place of `got`."""

    shown: bool = True
    """Whether the finding will be displayed, so that both sides and a diagnosis are needed."""

    equals: Equals | None = None
    """The literal that the deck contains, in place of `expected`."""


@dataclass(frozen=True, slots=True)
class Side:
    """One side of a comparison, for the screen."""

    kind: str
    """`tensor`, `ndarray`, `list`, `RuntimeError` …: the name that learners use."""

    text: str
    """The printed value, cut to a maximum length."""

    shape: tuple[int, ...] | None = None
    dtype: str | None = None
    device: str | None = None
    values: tuple[int | float | str | None, ...] | None = None
    """Elements in row-major order, for the heatmap; None for more than 4,096. NaN and inf are strings."""


@dataclass(frozen=True, slots=True)
class Difference:
    """One element in which the sides differ."""

    index: tuple[int | str, ...]
    expected: str
    got: str
    where: str = ""
    """The place in a pandas value: `row 'b', column 'price'`; empty if `index` says enough."""

    note: str = ""
    """The first characters in which two similar texts differ."""

    def within(self, key: int | str, label: str) -> Difference:
        """Return this difference as one of the container that has the value under `key`."""
        return replace(self, index=(key, *self.index), where=f"{label}, {self.where}" if self.where else "")


NEAR_ABSOLUTE, NEAR_RELATIVE = 1e-3, 1e-2
"""Differences up to which a mismatch may be a rounding error; a kernel of low accuracy is off by 2e-4."""


@dataclass(frozen=True, slots=True)
class Mismatch:
    """How `got` differs from what was expected."""

    summary: str
    """One line that contains no expected value: `shape (3, 2) instead of (2, 3)`."""

    aspect: str = "value"
    """`type`, `layout`, `shape`, `dtype`, `device`, `value`, `length`, `keys` or `labels`."""

    differing: int | None = None
    """Number of elements that differ, of `total`."""

    total: int | None = None
    places: tuple[Difference, ...] = ()
    """The first few elements that differ."""

    largest_absolute: float | None = None
    largest_relative: float | None = None
    mask: tuple[tuple[bool, ...], ...] | None = None
    """True where an element differs, as rows; only for values of up to two dimensions and 4,096 elements."""

    details: tuple[str, ...] = ()
    """One line for each difference of the labels and dtypes of a pandas value."""

    diff: tuple[str, ...] = ()
    """The lines of two texts that differ, and those around them: `- ` got, `+ ` expected, or two spaces."""

    @property
    def is_near_miss(self) -> bool:
        """Whether the values differ by so little that rounding could be the cause."""
        absolute, relative = self.largest_absolute, self.largest_relative
        is_small = (absolute is not None and absolute <= NEAR_ABSOLUTE) or (
            relative is not None and relative <= NEAR_RELATIVE
        )
        return self.aspect == "value" and is_small

    def within(self, key: int | str, label: str) -> Mismatch:
        """Return this mismatch as one of the container that has the value under `key`."""
        return replace(
            self,
            summary=f"{label}: {self.summary}",
            places=tuple(place.within(key, label) for place in self.places),
            mask=None,
            details=tuple(f"{label}: {detail}" for detail in self.details),
            diff=(),
        )

    def without_values(self) -> Mismatch:
        """Return this mismatch without any expected value."""
        return replace(self, places=(), details=(), diff=())


@dataclass(frozen=True, slots=True)
class Finding:
    """The judge's answer to one comparison."""

    agrees: bool
    summary: str
    """One line that contains no expected value."""

    diagnosis: str | None = None
    """The kind of mistake, in one sentence; only where it is proved."""

    mistake: Mistake | None = None

    expected: Side | None = None
    got: Side | None = None
    mismatch: Mismatch | None = None
    """None if the values agree, if there is nothing to compare, or if the finding is not displayed."""

    error: str | None = None
    """A fault of the deck, such as a reference whose value cannot be encoded."""

    is_unreadable: bool = False
    """Whether nothing could be read from a prediction, so that it is asked again; `summary` says why."""

    @property
    def is_near_miss(self) -> bool:
        """Whether the values differ by so little that rounding could be the cause."""
        return self.mismatch is not None and self.mismatch.is_near_miss


AGREES = Finding(True, "agrees")


@dataclass(frozen=True, slots=True)
class _SharedValues:
    """Successive comparisons with the same watched values, which are sent once."""

    given: bytes | None
    after: bytes | None
    comparisons: tuple[Comparison, ...]


def is_identical(comparison: Comparison) -> bool:
    """Return whether both runs sent the same bytes: such values agree under all options."""
    expected = comparison.expected
    return expected is not None and expected.value is not None and expected.value == comparison.got.value


def pack_comparisons(comparisons: Sequence[Comparison]) -> bytes:
    """Return a request to the judge."""
    return codec.pack(
        [
            _SharedValues(given, after, tuple(map(_without_shared_values, group)))
            for (given, after), group in groupby(comparisons, attrgetter("given", "after"))
        ]
    )


def unpack_comparisons(data: bytes) -> list[Comparison]:
    """Return the comparisons of a request; raises `codec.Malformed`."""
    try:
        return list(_with_shared_values(codec.unpack(data, _SharedValues, MAX_REQUEST)))
    except (ValueError, TypeError, KeyError, RecursionError) as error:
        raise codec.Malformed(f"not a request: {error}") from error


def pack_findings(findings: Sequence[Finding]) -> bytes:
    """Return the judge's answer: one finding for each comparison, in their order."""
    return codec.pack(findings)


def unpack_findings(data: bytes) -> list[Finding]:
    """Return the findings of an answer; raises `codec.Malformed`."""
    return codec.unpack(data, Finding)


def _without_shared_values(comparison: Comparison) -> Comparison:
    equals = comparison.equals
    return replace(
        comparison, given=None, after=None, equals=equals and replace(equals, data=_literal_to_json(equals.data))
    )


def _with_shared_values(groups: Sequence[_SharedValues]) -> Iterator[Comparison]:
    for group in groups:
        for comparison in group.comparisons:
            equals = comparison.equals
            yield replace(
                comparison,
                given=group.given,
                after=group.after,
                equals=equals and replace(equals, data=_literal_from_json(equals.data)),
            )


def _literal_to_json(data: object) -> str:
    """Return plain data as JSON, because MessagePack has neither integers above 64 bits nor lone surrogates."""
    return json.dumps(_maps_to_pairs(data))


def _maps_to_pairs(data: object) -> object:
    """Write maps as pairs, because the keys of a JSON object are always strings."""
    if isinstance(data, list | tuple):
        return [_maps_to_pairs(item) for item in data]
    if isinstance(data, dict):
        return {"map": [[key, _maps_to_pairs(item)] for key, item in data.items()]}
    return data


def _literal_from_json(text: object) -> object:
    if not isinstance(text, str):
        raise codec.Malformed("the literal is not text")
    return json.loads(text, object_hook=lambda pairs: dict(pairs["map"]))
