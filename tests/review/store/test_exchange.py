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
from quizapp.review.store import Store
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


@pytest.mark.parametrize(
    "items",
    [
        {"drafts": [{"card": "a/x", "text": None, "at": "2026-01-01T00:00:00+00:00"}]},
        {"attempts": [{**ATTEMPT, "answer": [1]}]},
        {"attempts": [{**ATTEMPT, "score": None}]},
    ],
)
def test_attempts_and_drafts_of_the_wrong_type_are_refused_as_a_whole(
    make_study: MakeStudy, items: dict[str, Any]
) -> None:
    study = make_study("a/x")
    with pytest.raises(UsageError, match="an attempt or a draft is not valid"):
        import_json(study.store, io.StringIO(json.dumps({"ptquiz": 1, "log": [], **items})))
    assert not study.store.drafts.attempts("a/x") and study.store.drafts.draft("a/x") is None
