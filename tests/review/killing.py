"""Run as a program: sessions that are killed at a random moment, and what is left of them.

Each session is a fork of this process, so that hundreds of them cost seconds. It says on a pipe what the store
acknowledged; after SIGKILL everything that was said must be in the file.
"""

from __future__ import annotations

import os
import select
import signal
import sqlite3
import sys
from contextlib import closing
from datetime import timedelta
from pathlib import Path
from random import Random

from quizapp.review.memory import Rating
from tests.review.world import MORNING, Clock, World, shelf

NAMES = [f"deck/c{number}" for number in range(20)]


def work(folder: Path, session_number: int, out: int) -> None:
    """Study until somebody ends it, and acknowledge each step on the pipe."""
    world = World(folder, shelf(*NAMES), clock=Clock(MORNING + timedelta(days=session_number)), durable=True)
    step = 0
    while True:
        session = world.session(cards=NAMES)
        while card := session.next():
            for _ in range(2):
                step += 1
                text = f"{session_number}.{step}"
                session.save_draft(text)
                os.write(out, f"draft {card.name} {text}\n".encode())
            session.submit("right")
            session.rate(Rating.GOOD)
            os.write(out, f"review {card.name}\n".encode())
            world.clock.pass_(seconds=1)


def kill_one(folder: Path, number: int, random: Random) -> list[list[str]]:
    """One session and its end; gives what it acknowledged."""
    reading, writing = os.pipe()
    child = os.fork()
    if child == 0:
        os.close(reading)
        work(folder, number, writing)
    os.close(writing)
    said = b""
    for _ in range(random.randint(1, 8)):
        said += os.read(reading, 65536)
    select.select([], [], [], random.random() * 0.003)
    os.kill(child, signal.SIGKILL)
    os.waitpid(child, 0)
    while more := os.read(reading, 65536):
        said += more
    os.close(reading)
    return [line.split() for line in said.decode().splitlines()]


def look(folder: Path, acknowledged: list[list[str]], before: int) -> int:
    """Complain about anything that was acknowledged and is not there; gives the number of reviews."""
    with closing(sqlite3.connect(folder / "reviews.db")) as file:
        (verdict,) = file.execute("pragma integrity_check").fetchone()
    assert verdict == "ok", verdict
    world = World(folder, shelf(*NAMES))
    reviews = world.store.log.reviews()[before:]
    said = [line[1] for line in acknowledged if line[0] == "review"]
    found = [review.card for review in reviews]
    assert found[: len(said)] == said, (found, said)
    assert len(found) - len(said) <= 1, "a review that nobody asked for"
    if acknowledged and acknowledged[-1][0] == "draft":
        _, card, text = acknowledged[-1]
        draft = world.store.work.draft(card)
        rated = len(found) > len(said) and found[-1] == card
        assert rated or (draft is not None and int(draft.split(".")[1]) >= int(text.split(".")[1])), (draft, text)
    world.store.close()
    return before + len(found)


def main(folder: Path, sessions: int, seed: int) -> None:
    random, reviews = Random(seed), 0
    for number in range(sessions):
        reviews = look(folder, kill_one(folder, number, random), reviews)
    print(f"{sessions} sessions killed, {reviews} reviews kept")


if __name__ == "__main__":
    main(Path(sys.argv[1]), int(sys.argv[2]), int(sys.argv[3]))
