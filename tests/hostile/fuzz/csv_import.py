"""Imports of CSV."""

from __future__ import annotations

import csv
import io

from hypothesis import strategies as st

from quizapp.review.store.exchange import HEADER
from quizapp.review.store_access import find_format
from quizapp.text.files import decode_text
from tests.hostile.fuzz.inputs import mutated
from tests.hostile.fuzz.json_import import ERRORS, import_into_new_store, seeds
from tests.hostile.fuzz.target import Target

CELLS = ["review", "cram", "a/one", "again", "-1", "1e400", "nan", "True", "", "9999-12-31", "\x00", '"', "a\nb"]
TOKENS = [",".join(HEADER).encode(), *(cell.encode() for cell in CELLS), b",", b"\r", b"\r\n", b'""', b"\n"]


def read(data: bytes) -> object:
    """Import CSV."""
    find_format(decode_text(data), ".csv")
    return import_into_new_store(data, "csv")


def _changed(changes: dict[str, str], number: int) -> bytes:
    rows = list(csv.DictReader(io.StringIO(seeds()["csv"].decode())))
    rows[number % len(rows)] |= changes
    out = io.StringIO()
    writer = csv.DictWriter(out, HEADER)
    writer.writeheader()
    writer.writerows(rows)
    return out.getvalue().encode("utf-8", "surrogatepass")


cells = st.sampled_from(CELLS) | st.text(max_size=8) | st.integers().map(str) | st.floats().map(str)
changed = st.builds(_changed, st.dictionaries(st.sampled_from(HEADER), cells, max_size=3), st.integers(0, 9))
TARGET = Target(read, mutated([seeds()["csv"]], TOKENS) | changed, ERRORS, examples=80)
