"""Warnings that name a mistake: what an answer printed on stderr -> one sentence on the cause.

The patterns match the warnings of torch 2.13 and pandas 3.1, and `SettingWithCopyWarning` of pandas 2, as the sandbox
prints them. A warning is a cause only if the answer is wrong, which the caller decides.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import zip_longest
from typing import NamedTuple

from quizapp.grading.code_changes.proved_mistake import ProvedMistake
from quizapp.grading.mistake import Mistake

MAX_STDERR = 200_000
"""Number of characters of the printed text that are searched."""

PLACE = r"^(?P<file><answer>|<check \d+>|[^<\s:][^\s:]*):(?P<line>\d{1,7}): \w+: \n?"
"""File and line before a warning. Warnings in `<given>` and `<preamble>` are not the learner's."""


class WarningCause(NamedTuple):
    """A warning that names the mistake of a wrong answer."""

    proof: ProvedMistake
    """The mistake, with its line if the warning names a line of the answer."""

    stderr: str
    """The printed text without this warning and its repetitions."""


@dataclass(frozen=True, slots=True)
class KnownWarning:
    """One kind of warning: its key, the pattern of its message, and its explanation."""

    mistake: Mistake
    pattern: str
    """The message up to its last line, whose rest is added."""

    explanation: str
    """A template with the pattern's named groups in braces."""


KNOWN_WARNINGS = (
    # The first kind that was printed wins: those that always change the result come first.
    KnownWarning(
        Mistake.BROADCAST,
        r"Using a target size \(torch\.Size\(\[(?P<a>[\d, ]{0,200})\]\)\) that is different to the input size "
        r"\(torch\.Size\(\[(?P<b>[\d, ]{0,200})\]\)\)",
        "the loss gets a target of shape [{a}] and an input of shape [{b}]{broadcast}: give both the same shape.",
    ),
    KnownWarning(
        Mistake.NOT_CHANGED_IN_PLACE,
        r"A value is being set on a copy of a DataFrame or Series through chained assignment using an inplace method"
        r"(?s:.*?)See the documentation for a more detailed explanation: ",
        "the in-place method changes a copy of the column, not the data frame: assign its result, as in "
        "`df[column] = df[column].fillna(0)`.",
    ),
    KnownWarning(
        Mistake.NOT_CHANGED_IN_PLACE,
        r"A value is (?:being set|trying to be set) on a copy of a (?:DataFrame or Series through chained assignment|"
        r"slice from a DataFrame)(?s:.*?)See the (?:documentation for a more detailed explanation: |"
        r"caveats in the documentation: )",
        "the assignment changes a copy, not the data frame: use one index, as in `df.loc[rows, column] = value`.",
    ),
    KnownWarning(
        Mistake.STATEMENT_ORDER,
        r"Detected call of `lr_scheduler\.step\(\)` before `optimizer\.step\(\)`",
        "`scheduler.step()` is called before `optimizer.step()`, so the first learning rate is skipped: "
        "call the optimizer first.",
    ),
    KnownWarning(
        Mistake.NO_GRADIENT,
        r"The \.grad attribute of a Tensor that is not a leaf Tensor is being accessed",
        "`.grad` is read of a tensor that was computed from others, and `backward` fills it only for leaves: "
        "read the leaf's, or call `retain_grad()` before `backward`.",
    ),
    KnownWarning(
        Mistake.NO_GRADIENT,
        r"None of the inputs have requires_grad=True",
        "none of the inputs requires a gradient, so none is computed: set `requires_grad` first.",
    ),
    KnownWarning(
        Mistake.WRONG_DIMENSION,
        r"Implicit dimension choice for (?P<a>\w+) has been deprecated",
        "`{a}` is called without `dim`, and torch chooses a dimension by the number of dimensions: pass `dim`.",
    ),
    KnownWarning(
        Mistake.WRONG_DIMENSION,
        r"Using torch\.cross without specifying the dim arg is deprecated(?s:.*?)linalg\.cross in a future release",
        "`torch.cross` is called without `dim` and uses the first dimension of size 3: pass `dim`.",
    ),
    KnownWarning(
        Mistake.PERMUTED,
        r"The use of `x\.T` on tensors of dimension other than 2",
        "`.T` reverses all dimensions of a tensor that is not a matrix: use `.mT` for a batch of matrices, "
        "or `permute`.",
    ),
    KnownWarning(
        Mistake.WRONG_SCALE,
        r"reduction: 'mean' divides the total loss by both the batch size and the support size",
        "`kl_div` divides by the number of all elements by default: pass `reduction='batchmean'` to divide by the "
        "batch size.",
    ),
    KnownWarning(
        Mistake.DTYPE,
        r"indexing with dtype torch\.uint8 is now deprecated",
        "a uint8 tensor is used as a mask, not as indices: convert it with `.bool()` or `.long()`.",
    ),
    KnownWarning(
        Mistake.DTYPE,
        r"Casting complex values to real discards the imaginary part",
        "a conversion to a real dtype discards the imaginary part: use `.abs()` or `.real`, whichever is meant.",
    ),
    KnownWarning(
        Mistake.NAN,
        r"(?:std|var)(?:_mean)?\(\): degrees of freedom is <= 0",
        "there are too few elements for this statistic, so the result is NaN.",
    ),
    KnownWarning(
        Mistake.NOT_CALLED,
        r"coroutine '(?P<a>[\w.<>]+)' was never awaited",
        "`{a}` is a coroutine, and calling it does not run it: use `await`.",
    ),
    KnownWarning(
        Mistake.COMPARISON,
        r"""\"(?P<a>is(?: not)?)\" with (?:a|'\w+') literal""",
        "`{a}` compares identity, not the value: use `==` or `!=`.",
    ),
    KnownWarning(
        Mistake.RESHAPED,
        r"An output with one or more elements was resized since it had shape \[(?P<a>[\d, ]{0,200})\], which does not "
        r"match the required output shape \[(?P<b>[\d, ]{0,200})\]",
        "`out` has shape [{a}] and was resized to the result's shape [{b}].",
    ),
    KnownWarning(
        Mistake.VIEW,
        r"The given (?P<a>NumPy array|buffer) is not writable",
        "the tensor shares its memory with a {a} that must not be changed: copy it first.",
    ),
    KnownWarning(
        Mistake.GRAPH_CUT,
        r"To copy construct from a tensor, it is recommended to use",
        "a tensor is constructed from a tensor, which makes a detached copy: no gradient flows back through it.",
    ),
)


def find_warning_cause(stderr: str, reference: str = "") -> WarningCause | None:
    """Return the first known warning in what an answer printed on stderr, or None.

    Warnings that the reference prints too, in its stderr `reference`, are not the mistake.
    """
    stderr = stderr[:MAX_STDERR]
    for known in KNOWN_WARNINGS:
        pattern = re.compile(PLACE + f"(?P<message>{known.pattern}[^\n]*)\n?", re.M)
        usual = {match["message"] for match in pattern.finditer(reference[:MAX_STDERR])}
        found = [match for match in pattern.finditer(stderr) if match["message"] not in usual]
        if found:
            return _cause(known, found, stderr)
    return None


def _cause(known: KnownWarning, found: list[re.Match[str]], stderr: str) -> WarningCause:
    own = next((match for match in found if match["file"] == "<answer>"), None)
    groups = {name: text or "" for name, text in (own or found[0]).groupdict().items()}
    if known.mistake is Mistake.BROADCAST:
        shape = _broadcast_shape(groups["a"], groups["b"])
        groups["broadcast"] = f", which are broadcast to [{shape}]" if shape else ""
    text = known.explanation.format(**groups).removesuffix(".")
    proof = ProvedMistake(known.mistake, text, int(own["line"]) if own else None)
    return WarningCause(proof, "".join(_parts_without(stderr, found)))


def _parts_without(text: str, found: list[re.Match[str]]) -> Iterator[str]:
    """Yield the parts of the text between the matches."""
    start = 0
    for match in found:
        yield text[start : match.start()]
        start = match.end()
    yield text[start:]


def _broadcast_shape(first: str, second: str) -> str | None:
    """Return the shape to which two shapes broadcast, all as `8, 1`; None if they do not."""
    one, other = ([int(size) for size in shape.split(",") if size.strip()] for shape in (first, second))
    pairs = list(zip_longest(reversed(one), reversed(other), fillvalue=1))
    if any(a != b and 1 not in (a, b) for a, b in pairs):
        return None
    return ", ".join(str(b if a == 1 else a) for a, b in reversed(pairs))
