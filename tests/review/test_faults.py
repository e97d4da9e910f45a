"""A store to trust: killed, full, locked, read-only, cut, from the future, and shared by two."""

from __future__ import annotations

import shutil
import sqlite3
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator
from contextlib import closing, suppress
from pathlib import Path

import pytest

from quizapp.errors import StoreError
from quizapp.review.memory import Rating
from quizapp.review.store import Store
from quizapp.review.store.backups import back_up, restore_backup
from quizapp.review.store.migrate import migrate, migrations, version
from tests.review.world import Failing, World, shelf

Make = Callable[..., World]
ROOT = Path(__file__).parents[2]


def program(name: str, *arguments: object) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [sys.executable, "-m", f"tests.review.{name}", *map(str, arguments)],
        cwd=ROOT,
        stdout=subprocess.PIPE,
        text=True,
    )


def output(started: subprocess.Popen[str]) -> list[str]:
    said, _ = started.communicate(timeout=120)
    assert started.returncode == 0
    return said.splitlines()


def test_kill_at_random_moments_of_300_sessions_loses_nothing(tmp_path: Path) -> None:
    (line,) = output(program("killing", tmp_path, 300, 1))
    assert line.startswith("300 sessions killed")


def test_two_writers_at_once_lose_nothing(tmp_path: Path) -> None:
    both = [program("writing", tmp_path, "deck/one", 100, 0) for _ in range(2)]
    assert [output(one) for one in both] == [["100"], ["100"]]
    with Store(tmp_path / "reviews.db") as store:
        assert len(store.log.reviews()) == 200
        memory = store.cards.memory("deck/one")
        assert memory and memory.reps == 200


def test_a_file_that_cannot_grow_says_so_and_keeps_what_it_acknowledged(tmp_path: Path) -> None:
    message, hint, done = output(program("writing", tmp_path, "deck/one", 100_000, 300_000))
    assert "reviews.db" in message and hint
    with Store(tmp_path / "reviews.db") as store:
        assert len(store.log.reviews()) == int(done) > 0
        assert store.database.rows("pragma integrity_check") == [("ok",)]


def test_after_a_full_disk_the_same_rating_can_be_given_again(world: Make) -> None:
    here = world("deck/one")
    session = here.session()
    session.next()
    session.submit("right")
    pages = here.store.database.rows("pragma page_count")[0][0]
    here.store.database.rows(f"pragma max_page_count = {pages}")
    with pytest.raises(StoreError, match="disk is full"):
        for number in range(200):
            here.store.work.save_draft("deck/one", str(number) * 4000, here.clock())
    here.store.database.rows("pragma max_page_count = 1000000")
    session.rate(Rating.GOOD)
    assert len(here.store.log.reviews()) == 1


def test_a_locked_store_says_so_and_takes_the_rating_later(world: Make) -> None:
    here = world("deck/one")
    here.store.close()
    here.store = Store(here.folder / "reviews.db", patience=0.01)
    session = here.session()
    session.next()
    session.submit("right")
    with closing(sqlite3.connect(here.store.path, isolation_level=None)) as other:
        other.execute("begin immediate")
        with pytest.raises(StoreError, match="in use"):
            session.rate(Rating.GOOD)
        assert session.rateable
        other.execute("rollback")
    session.rate(Rating.GOOD)
    assert len(here.store.log.reviews()) == 1


def test_an_interrupt_at_the_beginning_of_a_write_leaves_the_store_usable(world: Make) -> None:
    here = world("deck/one")
    database = here.store.database
    failing = Failing(database._connection, "begin immediate", KeyboardInterrupt())
    database._transaction._connection = failing  # type: ignore[assignment]
    with pytest.raises(KeyboardInterrupt):
        here.store.cards.wait("deck/one")
    here.store.cards.wait("deck/one")
    assert here.store.cards.standing("deck/one").waiting


def test_nothing_is_written_after_a_part_of_a_transaction_failed(world: Make) -> None:
    here = world("deck/one")
    with pytest.raises(AssertionError, match="into a transaction"), here.store.database.transaction():
        here.store.cards.wait("deck/one")
        with suppress(ValueError), here.store.database.transaction():
            raise ValueError
        here.store.cards.id("deck/never")
    assert not here.store.cards.standing("deck/one").waiting


@pytest.fixture
def open_folder() -> Iterator[Path]:
    """One that any user of this machine can look into."""
    folder = Path(tempfile.mkdtemp())
    folder.chmod(0o755)
    yield folder
    folder.chmod(0o755)
    shutil.rmtree(folder)


def test_a_read_only_file_is_read_and_refuses_a_review_in_words(open_folder: Path) -> None:
    here = World(open_folder, shelf("deck/one"))
    here.review("deck/one")
    here.store.close()
    (open_folder / "reviews.db").chmod(0o444)
    open_folder.chmod(0o555)
    message, hint, done = output(program("writing", open_folder, "deck/one", 1, 0, 1))
    assert message.endswith("reviews.db is read-only")
    assert "writable" in hint and done == "0"


@pytest.mark.parametrize("share", [0.0, 0.3, 0.6, 0.95])
def test_a_cut_file_is_refused_and_a_backup_brings_everything_back(world: Make, share: float) -> None:
    here = world(*(f"deck/c{number}" for number in range(30)))
    here.learn(*(f"deck/c{number}" for number in range(30)))
    path, safe = here.store.path, here.folder / "safe.db"
    memories = here.store.cards.memories()
    back_up(here.store, safe)
    here.store.close()
    whole = path.read_bytes()
    cut = whole[: int(len(whole) * share)] or b"not a database, but a text of some length" * 10
    path.write_bytes(cut)
    with pytest.raises(StoreError, match="damaged"), Store(path) as store:
        store.log.reviews()
        store.cards.memories()
        store.cards.mirror(here.library.cards(), "anew")
    aside = restore_backup(path, safe)
    assert aside and aside.exists()
    with Store(path) as store:
        assert store.cards.memories() == memories


def test_a_store_from_the_future_is_refused_and_not_touched(tmp_path: Path) -> None:
    path = tmp_path / "reviews.db"
    with closing(sqlite3.connect(path)) as future:
        future.execute("create table log (everything)")
        future.execute("pragma user_version = 999")
    before = path.read_bytes()
    with pytest.raises(StoreError, match="newer ptquiz") as raised:
        Store(path)
    assert "upgrade" in str(raised.value.hint)
    assert path.read_bytes() == before
    assert sorted(tmp_path.iterdir()) == [path]


def test_a_folder_that_cannot_be_made_is_said_in_words(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("in the way")
    with pytest.raises(StoreError):
        Store(tmp_path / "file" / "reviews.db")


def test_a_migration_leaves_a_copy_of_what_was_there(world: Make, tmp_path: Path) -> None:
    here = world("deck/one")
    here.learn("deck/one")
    path = here.store.path
    here.store.close()
    script = tmp_path / "0099_later.sql"
    script.write_text("create table later (id integer primary key) strict;\ndrop table drafts;\n")
    with closing(sqlite3.connect(path, isolation_level=None)) as file:
        was = version(file)
        migrate(file, path, (*migrations(), (99, script)))
        assert version(file) == 99
    copy = path.with_name(f"{path.name}.v{was}.bak")
    with Store(copy) as old:
        assert len(old.log.reviews()) == 1


def test_a_migration_that_fails_leaves_the_file_as_it_was(world: Make, tmp_path: Path) -> None:
    here = world("deck/one")
    script = tmp_path / "0099_later.sql"
    script.write_text("create table later (id integer primary key) strict;\ncreate table cards (id);\n")
    with closing(sqlite3.connect(here.store.path, isolation_level=None)) as file:
        was = version(file)
        with pytest.raises(sqlite3.OperationalError):
            migrate(file, here.store.path, (*migrations(), (99, script)))
        assert version(file) == was
        assert file.execute("select count(*) from sqlite_master where name = 'later'").fetchone() == (0,)
