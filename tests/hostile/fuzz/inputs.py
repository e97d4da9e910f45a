"""Strategies for hostile bytes: changed copies of valid files, and texts of random tokens."""

from __future__ import annotations

import json
from collections.abc import Sequence

from hypothesis import strategies as st

MAX_BYTES = 64 << 10
"""Bytes of the longest input."""

LENGTHS = (0, 0, 1, 2, 8, 64, 1024)
"""Bytes that one edit removes."""

TIMES = (0, 1, 1, 1, 1, 2, 30, 1000, 30_000)
"""How often one edit inserts a piece: many repetitions reveal recursion and quadratic time."""

ODD = (
    *(b"\0", b"\n", b"\r", b"\t", b"\x1b[", b"\xff", b"\xc3", b"9" * 5000, b"-1", b"1e999", b"nan"),
    *(b"(", b"[", b"{", b'"', b"'"),
    *(text.encode("utf-8", "surrogatepass") for text in "\x85\u2028\u202e\ud800\ufeffé中\U0001f600"),
)

scalars = (
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats()
    | st.text(max_size=8)
    | st.sampled_from([-1, 1 << 64, 10**400, "", "\ud800", "x" * 5000, "2026-03-02T09:00:00+00:00"])
)
plain_data: st.SearchStrategy[object] = st.recursive(
    scalars, lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3)
)


@st.composite
def mutated(draw: st.DrawFn, seeds: Sequence[bytes], tokens: Sequence[bytes] = ()) -> bytes:
    """Return a seed after a few edits, each of which replaces a slice by repetitions of a piece."""
    data = draw(st.sampled_from(seeds))
    for _ in range(draw(st.integers(0, 5))):
        start = draw(st.integers(0, len(data)))
        end = start + draw(st.sampled_from(LENGTHS))
        pieces = st.sampled_from([data[start:end], *tokens, *ODD]) | st.binary(max_size=4)
        data = data[:start] + draw(repeated(pieces)) + data[end:]
    return data[:MAX_BYTES]


@st.composite
def repeated(draw: st.DrawFn, pieces: st.SearchStrategy[bytes]) -> bytes:
    """Return one piece, most often once."""
    piece, times = draw(pieces), draw(st.sampled_from(TIMES))
    return piece * min(times, MAX_BYTES // max(len(piece), 1))


def of_tokens(tokens: Sequence[bytes]) -> st.SearchStrategy[bytes]:
    """Return texts of random tokens."""
    return st.lists(st.sampled_from([*tokens, *ODD]), max_size=40).map(lambda found: b"".join(found)[:MAX_BYTES])


def as_json(value: object) -> bytes:
    """Return `value` as JSON."""
    return json.dumps(value).encode()
