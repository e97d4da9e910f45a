"""Imports of JSON."""

from __future__ import annotations

import io
import json
from functools import cache
from pathlib import Path
from typing import Any

from hypothesis import strategies as st

from quizapp.errors import UsageError
from quizapp.review.store.exchange import export_csv
from quizapp.review.store.exchange_fields import ATTEMPT_FIELDS, COLUMNS, DRAFT_FIELDS
from quizapp.review.store_access import ExportFormat, find_format, import_reviews
from quizapp.settings import Settings
from quizapp.text.files import NotUtf8Error, decode_text
from tests.hostile.fuzz.inputs import as_json, mutated, plain_data
from tests.hostile.fuzz.scratch import new_folder
from tests.hostile.fuzz.target import Target
from tests.review.harness import StudyHarness, exported, make_library, record_history

FIELDS = sorted({field.name for field in (*COLUMNS, *ATTEMPT_FIELDS, *DRAFT_FIELDS)})
TOKENS = [
    *(f'"{name}": '.encode() for name in FIELDS),
    *(b"null", b"true", b"-1", b"1e400", b"NaN", b'"review"', b'"again"', b'"9999-12-31T23:59:59+00:00"', b'"\\ud800"'),
    *(b'"1970-01-01T00:00:00.000001+23:59"', b'"2299-12-31T23:59:59-23:59"', b"{", b"}", b"[", b"]", b","),
]


@cache
def seeds() -> dict[ExportFormat, bytes]:
    """Return an export of a small store in each format."""
    with new_folder() as folder:
        study = record_history(lambda *names: StudyHarness(Path(folder), make_library(*names)))
        table = io.StringIO()
        export_csv(study.store, table)
        texts = exported(study.store), table.getvalue()
        study.store.close()
    return {"json": texts[0].encode(), "csv": texts[1].encode()}


def import_into_new_store(data: bytes, form: ExportFormat) -> object:
    """Import into an empty store, then show a card and export everything."""
    text = decode_text(data)
    with new_folder() as folder:
        study = StudyHarness(Path(folder), make_library("a/one", "a/two"))
        try:
            import_reviews(study.store, io.StringIO(text, newline=""), form, Settings())
            study.store.statistics.update_sums()
            study.session().next()
            return exported(study.store)
        finally:
            study.store.close()


def read(data: bytes) -> object:
    """Import JSON."""
    find_format(decode_text(data), "")
    return import_into_new_store(data, "json")


def _changed(changes: dict[str, object], number: int, key: str) -> bytes:
    export: dict[str, Any] = json.loads(seeds()["json"])
    items = export[key]
    items[number % len(items)] |= changes
    return as_json(export)


changed = st.builds(
    _changed,
    st.dictionaries(st.sampled_from(FIELDS), plain_data, max_size=3),
    st.integers(0, 9),
    st.sampled_from(["log", "attempts", "drafts"]),
)
ERRORS = (UsageError, NotUtf8Error)
TARGET = Target(read, mutated([seeds()["json"]], TOKENS) | changed | plain_data.map(as_json), ERRORS, examples=80)
