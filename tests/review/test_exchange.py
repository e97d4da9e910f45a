"""Backups, their rotation and the way back; export and import; memories made anew."""

from __future__ import annotations

import csv
import io
import json
import sqlite3
from collections.abc import Callable
from contextlib import closing
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest

from quizapp.errors import StoreError, UsageError
from quizapp.review.memory import Rating
from quizapp.review.store import Store
from quizapp.review.store.backups import back_up, backup_daily, backups, kept, restore_backup
from quizapp.review.store.exchange import export_csv, export_json, import_csv, import_json
from quizapp.review.store.replay import replay
from quizapp.settings import Settings
from tests.review.world import World

Make = Callable[..., World]
TODAY = date(2026, 3, 2)
ATTEMPTED = {
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


def some_history(world: Make) -> World:
    """Reviews, a lapse, an undone review, a bury, a suspension, a flag, a draft, cram."""
    here = world("a/one", "a/two", "a/three")
    here.learn("a/one", "a/two")
    here.clock.pass_(days=20)
    here.review("a/one", Rating.AGAIN)
    here.review("a/two", Rating.HARD)
    here.session().undo()
    session = here.session(cards=["a/one", "a/two", "a/three"])
    session.next()
    session.flag()
    session.bury()
    session.next()
    session.suspend()
    session.next()
    session.save_draft("half a thought")
    return here


def whole(store: Store) -> str:
    out = io.StringIO()
    export_json(store, out)
    return out.getvalue()


def test_a_rebuild_makes_the_same_memories(world: Make) -> None:
    here = some_history(world)
    before, standing = here.store.cards.memories(), here.store.cards.standing("a/two")
    with here.store.database.transaction():
        here.store.database.run("update cards set stability = 1.0, due = 0, lapses = 9, suspended = 0 where state > 0")
    assert replay(here.store, here.session().scheduler) == 2
    assert here.store.cards.memories() == before
    assert here.store.cards.standing("a/two") == standing


def test_a_rebuild_keeps_the_dates_that_were_given_under_other_settings(world: Make) -> None:
    here = some_history(world)
    before = here.store.cards.memories()
    here.settings = Settings(desired_retention=0.75, learning_steps=(), relearning_steps=())
    replay(here.store, here.session().scheduler)
    assert here.store.cards.memories() == before


def test_an_export_is_read_back_whole(world: Make, tmp_path: Path) -> None:
    here = some_history(world)
    exported = whole(here.store)
    assert {"log", "attempts", "drafts"} < json.loads(exported).keys()
    with Store(tmp_path / "other.db") as other:
        assert import_json(other, io.StringIO(exported)) == 7
        replay(other, here.session().scheduler)
        assert other.cards.memories() == here.store.cards.memories()
        assert other.work.draft("a/three") == "half a thought"
        assert whole(other) == exported


def test_csv_carries_the_log(world: Make, tmp_path: Path) -> None:
    here = some_history(world)
    out = io.StringIO()
    export_csv(here.store, out)
    rows = list(csv.DictReader(io.StringIO(out.getvalue())))
    assert [row["kind"] for row in rows] == ["review"] * 4 + ["flag", "bury", "suspend"]
    assert rows[3]["undone"] and rows[2]["rating"] == "again"
    with Store(tmp_path / "other.db") as other:
        assert import_csv(other, io.StringIO(out.getvalue())) == 7
        replay(other, here.session().scheduler)
        assert other.cards.memories() == here.store.cards.memories()
        again = io.StringIO()
        export_csv(other, again)
        assert again.getvalue() == out.getvalue()


def test_importing_twice_adds_nothing(world: Make) -> None:
    here = some_history(world)
    assert import_json(here.store, io.StringIO(whole(here.store))) == 0


def test_two_histories_are_not_mixed(world: Make) -> None:
    ours, theirs = some_history(world), world("b/one")
    theirs.learn("b/one")
    before = whole(theirs.store)
    with pytest.raises(UsageError, match="history of its own"):
        import_json(theirs.store, io.StringIO(whole(ours.store)))
    assert whole(theirs.store) == before


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
def test_what_is_no_export_is_refused_whole(tmp_path: Path, text: str) -> None:
    with Store(tmp_path / "store.db") as store:
        with pytest.raises(UsageError):
            import_json(store, io.StringIO(text))
        assert store.log.reviews() == []


@pytest.mark.parametrize(
    "work",
    [
        {"drafts": [{"card": "a/x", "text": None, "at": "2026-01-01T00:00:00+00:00"}]},
        {"attempts": [{**ATTEMPTED, "answer": [1]}]},
        {"attempts": [{**ATTEMPTED, "score": None}]},
    ],
)
def test_work_of_the_wrong_kind_is_refused_whole(world: Make, work: dict[str, Any]) -> None:
    here = world("a/x")
    with pytest.raises(UsageError, match="an attempt or a draft is not usable"):
        import_json(here.store, io.StringIO(json.dumps({"ptquiz": 1, "log": [], **work})))
    assert not here.store.work.attempts("a/x") and here.store.work.draft("a/x") is None


def test_a_backup_is_restored_and_what_it_replaces_is_kept(world: Make) -> None:
    here = some_history(world)
    safe = back_up(here.store, here.folder / "elsewhere" / "safe.db")
    before = whole(here.store)
    here.review("a/three")
    later = whole(here.store)
    aside = restore_backup(here.store.path, safe)
    assert whole(here.store) == before  # the connection that is open sees it
    assert aside
    with Store(aside) as replaced:
        assert whole(replaced) == later


def test_a_backup_goes_where_there_is_no_store_yet(world: Make, tmp_path: Path) -> None:
    here = some_history(world)
    safe = back_up(here.store, tmp_path / "safe.db")
    assert restore_backup(tmp_path / "new" / "reviews.db", safe) is None
    with Store(tmp_path / "new" / "reviews.db") as store:
        assert whole(store) == whole(here.store)


def test_what_is_no_backup_replaces_nothing(world: Make, tmp_path: Path) -> None:
    here = some_history(world)
    before = whole(here.store)
    text, empty, future = (tmp_path / name for name in ("text", "empty.db", "future.db"))
    text.write_text("no database at all, but long enough to be read as one" * 20)
    empty.touch()
    back_up(here.store, future)
    with closing(sqlite3.connect(future)) as file:
        file.execute("pragma user_version = 999")
    for source in (text, empty, future, tmp_path / "missing"):
        with pytest.raises((StoreError, UsageError)):
            restore_backup(here.store.path, source)
    assert whole(here.store) == before


def test_the_store_is_not_copied_over_itself(world: Make) -> None:
    here = some_history(world)
    before = whole(here.store)
    for action in (lambda: back_up(here.store, here.store.path), lambda: restore_backup(here.store.path, here.store.path)):
        with pytest.raises(UsageError, match="itself"):
            action()
    assert whole(here.store) == before


def test_one_backup_a_day(world: Make, tmp_path: Path) -> None:
    here = some_history(world)
    first = backup_daily(here.store, tmp_path, TODAY)
    assert first and first.name == "reviews-2026-03-02.db"
    assert backup_daily(here.store, tmp_path, TODAY) is None
    for day in range(1, 100):
        backup_daily(here.store, tmp_path, TODAY + timedelta(days=day))
    assert len(backups(tmp_path)) == len(kept(TODAY + timedelta(days=day) for day in range(100)))
    assert list(tmp_path.glob(".*")) == []


def test_the_rotation_keeps_days_weeks_and_months() -> None:
    keep = kept(TODAY + timedelta(days=day) for day in range(400))
    newest = TODAY + timedelta(days=399)
    assert {newest - timedelta(days=back) for back in range(7)} <= keep
    assert 12 <= len({(day.year, day.month) for day in keep}) <= 13
    assert len(keep) <= 7 + 4 + 12
