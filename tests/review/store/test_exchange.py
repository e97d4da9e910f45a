"""Export and import."""

from __future__ import annotations

import csv
import io
import json
from pathlib import Path
from typing import Any

import pytest

from quizapp.errors import UsageError
from quizapp.review.memory_rebuild import replay
from quizapp.review.store import Attempt, Store
from quizapp.review.store.exchange import export_csv, import_csv, import_json
from tests.review.harness import MakeStudy, exported, record_history

ATTEMPT = {
    "card": "a/x",
    "at": "2026-01-01T00:00:00+00:00",
    "answer": "1",
    "outcome": "passed",
    "score": 1.0,
    "mistake": None,
    "said": None,
    "seconds": 1.0,
    "cram": False,
}


def test_an_export_is_imported_without_loss(make_study: MakeStudy, tmp_path: Path) -> None:
    study = record_history(make_study)
    text = exported(study.store)
    assert {"log", "attempts", "drafts"} < json.loads(text).keys()
    with Store(tmp_path / "other.db") as other:
        assert import_json(other, io.StringIO(text)) == 7
        replay(other, study.session().scheduler)
        assert other.cards.memories() == study.store.cards.memories()
        assert other.drafts.draft("a/three") == "half a thought"
        assert exported(other) == text


def test_csv_contains_the_log(make_study: MakeStudy, tmp_path: Path) -> None:
    study = record_history(make_study)
    out = io.StringIO()
    export_csv(study.store, out)
    rows = list(csv.DictReader(io.StringIO(out.getvalue())))
    assert [row["kind"] for row in rows] == ["review"] * 4 + ["flag", "bury", "suspend"]
    assert rows[3]["undone"] and rows[2]["rating"] == "again"
    with Store(tmp_path / "other.db") as other:
        assert import_csv(other, io.StringIO(out.getvalue())) == 7
        replay(other, study.session().scheduler)
        assert other.cards.memories() == study.store.cards.memories()
        again = io.StringIO()
        export_csv(other, again)
        assert again.getvalue() == out.getvalue()


def test_importing_twice_adds_nothing(make_study: MakeStudy) -> None:
    study = record_history(make_study)
    assert import_json(study.store, io.StringIO(exported(study.store))) == 0


def test_an_import_does_not_mix_two_histories(make_study: MakeStudy) -> None:
    source, target = record_history(make_study), make_study("b/one")
    target.learn("b/one")
    before = exported(target.store)
    with pytest.raises(UsageError, match="different history"):
        import_json(target.store, io.StringIO(exported(source.store)))
    assert exported(target.store) == before


@pytest.mark.parametrize(
    "text",
    [
        "",
        "[]",
        '{"ptquiz": 1}',
        '{"ptquiz": 1, "log": [{"kind": "review"}]}',
        '{"ptquiz": 1, "log": [{"kind": "juggle", "card": "a/b", "at": "2026-01-01T00:00:00+00:00"}]}',
        '{"ptquiz": 1, "log": [{"kind": "bury", "card": "a/b", "at": "soon", "day": "2026-01-01"}]}',
        '{"ptquiz": 1, "log": [7]}',
        '{"ptquiz": 1, "log": [{"kind": "review", "card": "a/b", "at": "2026-01-01T00:00:00Z", "day": "2026-01-01"}]}',
        '{"ptquiz": 1, "log": [], "drafts": [{"card": "a/b"}]}',
    ],
)
def test_an_invalid_file_is_refused_as_a_whole(tmp_path: Path, text: str) -> None:
    with Store(tmp_path / "store.db") as store:
        with pytest.raises(UsageError):
            import_json(store, io.StringIO(text))
        assert store.log.reviews() == []


REVIEW = {
    "kind": "review",
    "card": "a/x",
    "at": "2026-01-01T09:00:00+00:00",
    "day": "2026-01-01",
    "rating": "good",
    "proposed": "good",
    "why": "first try, no hints",
    "outcome": "passed",
    "first_outcome": "passed",
    "score": 1.0,
    "tries": 1,
    "hints": 0,
    "gave_up": False,
    "seconds": 4.5,
    "before": "new",
    "scheduled_days": 0,
    "state": "learning",
    "step": 1,
    "stability": 2.3,
    "difficulty": 2.1,
    "due": "2026-01-01T09:10:00+00:00",
    "fingerprint": "",
}
BURY = {"kind": "bury", "card": "a/x", "at": REVIEW["at"], "day": REVIEW["day"], "value": 739618}
DRAFT = {"card": "a/x", "text": "x", "at": REVIEW["at"]}


def load(store: Store, **items: Any) -> int:
    return import_json(store, io.StringIO(json.dumps({"ptquiz": 1, "log": [], **items})))


WRONG_FIELDS = [
    ("tries", -1),
    ("tries", 1.5),
    ("tries", True),
    ("tries", 10**30),
    ("hints", -2),
    ("score", 7.5),
    ("score", float("nan")),
    ("score", [[1]]),
    ("seconds", -0.1),
    ("seconds", float("inf")),
    ("stability", float("nan")),
    ("stability", float("inf")),
    ("stability", 0),
    ("difficulty", 0.5),
    ("difficulty", 11),
    ("predicted", 1.1),
    ("rating", 5),
    ("rating", "fifth"),
    ("rating", 0),
    ("gave_up", "maybe"),
    ("state", "new"),
    ("step", -1),
    ("card", "a"),
    ("card", "A/b"),
    ("card", "a/b/c"),
    ("card", "a/\u001b[2J"),
    ("card", 7),
    ("why", 7),
    ("why", "\ud800"),
    ("why", "x" * 10_001),
    ("fingerprint", "3.34E+15"),
    ("fingerprint", "12"),
    ("at", "2026-01-01T09:00:00"),
    ("at", "0001-01-01T00:00:00+00:00"),
    ("at", "9999-12-31T00:00:00+00:00"),
    ("at", 1767258000),
    ("day", "2026-02-01"),
    ("day", "2026-02-30"),
    ("due", "0001-01-01T00:00:00+14:00"),
    ("due", "2026-01-01"),
    ("undone", "soon"),
]


@pytest.mark.parametrize(("name", "value"), WRONG_FIELDS, ids=[f"{name}={value!a:.40}" for name, value in WRONG_FIELDS])
def test_an_entry_that_cannot_be_true_is_refused_with_its_number(tmp_path: Path, name: str, value: object) -> None:
    with Store(tmp_path / "store.db") as store:
        later = {**REVIEW, "at": "2026-01-01T09:10:00+00:00", name: value}
        with pytest.raises(UsageError) as raised:
            load(store, log=[REVIEW, later], drafts=[DRAFT])
        assert raised.value.message.startswith(f"entry 2: `{name}` is not valid: ")
        assert len(raised.value.message) < 120
        assert "\n" not in raised.value.message and raised.value.message.isprintable()
        assert not store.log.has_entries() and store.drafts.draft("a/x") is None


@pytest.mark.parametrize(
    ("items", "message"),
    [
        ({"log": [{**BURY, "kind": "suspend", "value": 2}]}, "entry 1: `value` is not valid: `2`"),
        ({"log": [{**REVIEW, "step": None}]}, "entry 1: `step` is missing"),
        ({"drafts": [DRAFT, {**DRAFT, "text": None}]}, "draft 2: `text` is missing"),
        ({"drafts": [{**DRAFT, "card": "x"}]}, "draft 1: `card` is not valid: `x`"),
        ({"attempts": [{**ATTEMPT, "answer": [1]}]}, "attempt 1: `answer` is not valid: `[1]`"),
        ({"attempts": [{**ATTEMPT, "score": None}]}, "attempt 1: `score` is missing"),
        ({"attempts": [{**ATTEMPT, "at": "2026-01-01"}]}, "attempt 1: `at` is not valid"),
        (
            {"attempts": [{**ATTEMPT, "answer": "x" * (1 << 21)}]},
            "attempt 1: `answer` is not valid: a text of 2,097,152 characters",
        ),
        ({"attempts": {"a": 1}}, "`attempts` is not a list"),
        ({"log": [REVIEW, {**REVIEW, "rating": "easy"}]}, "entry 2 differs from entry 1 of the same card and time"),
    ],
)
def test_the_faulty_item_is_named_and_nothing_is_added(tmp_path: Path, items: dict[str, Any], message: str) -> None:
    with Store(tmp_path / "store.db") as store:
        with pytest.raises(UsageError) as raised:
            load(store, **items)
        assert message in raised.value.message
        assert store.database.row("select 1 from cards") is None


def test_the_same_entry_counts_once(tmp_path: Path) -> None:
    with Store(tmp_path / "store.db") as store:
        items = {"log": [REVIEW, BURY, REVIEW, REVIEW], "attempts": [ATTEMPT, ATTEMPT]}
        assert load(store, **items) == 2
        assert load(store, **items) == 0
        assert len(store.log.reviews()) == 1 and len(store.drafts.attempts("a/x")) == 1


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("[" * 10_000 + "]" * 10_000, "nested too deeply"),
        ('{"ptquiz": 1, "log": ' + "[" * 10_000 + "]" * 10_000 + "}", "nested too deeply"),
        ('{"ptquiz": 1, "log": [' + "9" * 10_000 + "]}", "a number with too many digits"),
        ('{"ptquiz": 1,\n "log": oops}', "line 2, column 9: not JSON"),
        ('{"notes": []}', "it does not begin with"),
        ('{"ptquiz": 99, "log": 7}', "written by a newer ptquiz (format 99; this one reads 1)"),
        ('{"ptquiz": ' + "9" * 4000 + "}", "written by a newer ptquiz"),
    ],
)
def test_foreign_json_is_refused_on_one_line(tmp_path: Path, text: str, message: str) -> None:
    with Store(tmp_path / "store.db") as store, pytest.raises(UsageError) as raised:
        import_json(store, io.StringIO(text))
    assert message in raised.value.message and "\n" not in raised.value.message


def test_a_fault_in_csv_is_named_by_its_line(make_study: MakeStudy, tmp_path: Path) -> None:
    out = io.StringIO()
    export_csv(record_history(make_study).store, out)
    lines = out.getvalue().splitlines()
    faults = {
        lines[2].replace(",good,", ",fifth,").replace(",easy,", ",fifth,"): "line 3: `rating` is not valid: `fifth`",
        lines[2] + ",more": "line 3: 28 fields instead of 27",
        lines[2].rpartition(",")[0]: "line 3: 26 fields instead of 27",
        '"' + lines[2]: "not CSV",
        "x" * 200_000: "line 3: not CSV",
    }
    for line, message in faults.items():
        with Store(tmp_path / "other.db") as other:
            with pytest.raises(UsageError) as raised:
                import_csv(other, io.StringIO("\n".join([*lines[:2], line, *lines[3:]]) + "\n"))
            assert message in raised.value.message
            assert not other.log.has_entries()


@pytest.fixture
def rows(make_study: MakeStudy) -> list[list[str]]:
    """The rows of an export as CSV."""
    out = io.StringIO()
    export_csv(record_history(make_study).store, out)
    return list(csv.reader(io.StringIO(out.getvalue())))


def saved(rows: list[list[str]], **options: Any) -> io.StringIO:
    """Return the rows as a spreadsheet with these options saves them."""
    out = io.StringIO()
    csv.writer(out, **options).writerows(rows)
    out.seek(0)
    return out


@pytest.mark.parametrize("separator", [",", ";", "\t"])
def test_csv_that_a_spreadsheet_saved_is_imported(rows: list[list[str]], tmp_path: Path, separator: str) -> None:
    capitals = [[cell.upper() if cell in ("True", "False") else cell for cell in row] for row in rows]
    empty = [""] * len(rows[0])
    with Store(tmp_path / "other.db") as other:
        assert import_csv(other, saved([*capitals, empty], delimiter=separator)) == 7
        assert import_csv(other, saved(rows, quoting=csv.QUOTE_ALL)) == 0


CHANGED = "; a spreadsheet changed it when it saved the file"


@pytest.mark.parametrize(
    ("name", "value", "cause"),
    [
        ("fingerprint", "3.34E+15", CHANGED),
        ("fingerprint", "3,34E+15", CHANGED),
        ("fingerprint", "12345678901234", CHANGED),
        ("fingerprint", "another text", ""),
        ("day", "02/03/2026", CHANGED),
        ("day", "2.3.26", CHANGED),
        ("day", "02-Mar-26", CHANGED),
        ("day", "2026-03-02 00:00:00", CHANGED),
        ("day", "2026-02-30", ""),
        ("at", "3/2/2026 9:00", CHANGED),
        ("due", "02.03.2026 09:00", CHANGED),
        ("stability", "8,2956", CHANGED),
        ("tries", "-1", ""),
    ],
)
def test_a_value_that_a_spreadsheet_changed_is_named_with_its_row(
    rows: list[list[str]], tmp_path: Path, name: str, value: str, cause: str
) -> None:
    rows[2][rows[0].index(name)] = value
    with Store(tmp_path / "other.db") as other:
        with pytest.raises(UsageError) as raised:
            import_csv(other, saved(rows))
        assert raised.value.message == f"line 3: `{name}` is not valid: `{value}`{cause}"
        assert not other.log.has_entries()


def test_the_longest_answers_and_drafts_of_a_store_are_imported_again(make_study: MakeStudy, tmp_path: Path) -> None:
    study, text = record_history(make_study), "é" * (1 << 21)
    study.store.drafts.save_draft("a/three", text, study.clock())
    study.store.drafts.add_attempt("a/three", Attempt(study.clock(), text, "wrong", 0.0, None, None, 1.0))
    exported_text = exported(study.store)
    with Store(tmp_path / "other.db") as other:
        assert import_json(other, io.StringIO(exported_text)) == 7
        assert exported(other) == exported_text
