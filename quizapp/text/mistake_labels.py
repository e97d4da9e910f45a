"""The label of a mistake's key, for statistics and histories."""

from __future__ import annotations

from quizapp.text.clipping import MAX_NAME, clip
from quizapp.text.printable import one_line

LABELS = {
    "abs": "absolute value",
    "ambiguous-bool": "truth value of a tensor",
    "batch-norm": "batch norm of one value",
    "blocked": "blocked by the sandbox",
    "broadcast": "broadcast or not",
    "channels": "number of channels",
    "character": "invalid character",
    "condition": "wrong condition",
    "copy": "copy instead of a view",
    "crashed": "process crashed",
    "device": "wrong device",
    "dimension-range": "no such dimension",
    "dtype": "wrong dtype",
    "exception": "other exception",
    "exp-log": "exp or log",
    "expand": "size that cannot be expanded",
    "extent": "wrong length",
    "frame-or-series": "DataFrame or Series",
    "index": "wrong index",
    "index-range": "index past the end",
    "joined": "stacked or concatenated",
    "joined-along-other": "joined along the wrong dimension",
    "joined-in-other-order": "joined in the wrong order",
    "kind": "wrong type",
    "layout": "wrong layout",
    "long-target": "targets that are not integers",
    "matmul": "shapes of a matrix product",
    "memory": "ran out of memory",
    "nan": "NaN",
    "nan-equality": "NaN compared by equality",
    "nearly": "nearly right",
    "no-grad-yet": "None instead of a tensor",
    "none": "None instead of a value",
    "operands": "wrong operation or operands",
    "output": "printed too much",
    "reshape": "invalid new shape",
    "scaled": "off by a factor",
    "shifted": "off by an amount",
    "sign": "wrong sign",
    "sorted-other-way": "sorted in the opposite order",
    "square-sqrt": "square or square root",
    "timeout": "ran out of time",
    "triangle": "wrong triangle",
    "triangle-boundary": "diagonal of a triangle",
    "truth": "numbers or truth values",
    "unsorted": "not sorted",
    "view": "view instead of a copy",
}
"""Key -> label, where the key with spaces in place of hyphens does not say enough."""


def mistake_label(key: str) -> str:
    """Return words for a key, such as `wrong dimension`; an unknown key, as in an old store, is only made printable."""
    return LABELS.get(key) or clip(one_line(key), MAX_NAME).replace("-", " ")
