"""What the judge is asked and what it answers: facts that cross the pipe as JSON and bytes. No torch here."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from quizapp.decks.card import Equals
from quizapp.grading import codec
from quizapp.sandbox.protocol import Observation


@dataclass(frozen=True, slots=True)
class Comparison:
    """One question to the judge: does `got` agree with what was expected?"""

    got: Observation
    """Of the answer's run."""

    expected: Observation | Equals
    """Of the reference's run, or the literal that the deck wrote."""

    see: str = ""
    rtol: float | Literal["auto"] | None = None
    atol: float | None = None
    ignore: frozenset[str] = frozenset()
    given: bytes | None = None
    """What `given` bound, encoded, for the diagnosis."""

    after: bytes | None = None
    """The same names after the answer ran."""

    hidden: bool = False
    """Whether the learner may see neither the expression nor the values."""

    prediction: str | None = None
    """What the learner typed on a predict card, in place of `got`."""

    shown: bool = True
    """Whether somebody will look at what differs: the sides and a diagnosis are wanted."""


@dataclass(frozen=True, slots=True)
class Side:
    """One side of a comparison, for the screen."""

    kind: str
    """`tensor`, `ndarray`, `list`, `RuntimeError` … as a learner calls it."""

    text: str
    """The value printed, bounded."""

    shape: tuple[int, ...] | None = None
    dtype: str | None = None
    device: str | None = None
    values: tuple[float | str | None, ...] | None = None
    """Flattened in row-major order, for the picture; None past 4,096 elements. NaN and inf are text."""


@dataclass(frozen=True, slots=True)
class Difference:
    """One element in which the sides differ."""

    index: tuple[int | str, ...]
    expected: str
    got: str


@dataclass(frozen=True, slots=True)
class Finding:
    """The judge's answer to one comparison."""

    agrees: bool
    summary: str
    """One line that gives no expected value away: `shape (3, 2) instead of (2, 3)`."""

    diagnosis: str | None = None
    """The kind of mistake, in one sentence; only where it is proved."""

    family: str | None = None
    """The diagnosis's slug for statistics: `transposed`, `dtype`, `off-by-one` …"""

    expected: Side | None = None
    got: Side | None = None
    differing: int | None = None
    """How many elements differ, of `total`."""

    total: int | None = None
    places: tuple[Difference, ...] = ()
    """The first few of them."""

    largest_absolute: float | None = None
    largest_relative: float | None = None
    mask: tuple[tuple[bool, ...], ...] | None = None
    """Where they differ, for values of up to two dimensions and 4,096 elements."""

    error: str | None = None
    """The deck's own fault: the reference's value is no plain data, say."""


AGREES = Finding(True, "agrees")


def identical(comparison: Comparison) -> bool:
    """Whether both runs gave the very same bytes: no rule tells a value from itself."""
    expected = comparison.expected
    return isinstance(expected, Observation) and expected.value is not None and expected.value == comparison.got.value


def pack(comparisons: Sequence[Comparison]) -> bytes:
    """A request to the judge; what several comparisons share, such as `given`, is in it once."""
    return codec.pack(comparisons)


def unpack(data: bytes) -> list[Comparison]:
    """The comparisons of a request; raises `frame.Malformed`."""
    return codec.unpack(data, Comparison)


def pack_findings(findings: Sequence[Finding]) -> bytes:
    """The judge's answer, one finding for each comparison, in their order."""
    return codec.pack(findings)


def unpack_findings(data: bytes) -> list[Finding]:
    """The findings of an answer; raises `frame.Malformed`."""
    return codec.unpack(data, Finding)
