"""A program that kills sessions at random moments and checks that everything acknowledged is in the file.

Each session is a fork of this process, so that hundreds take seconds. It reports on a pipe what the store acknowledged.
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
from tests.review.harness import MORNING, Clock, StudyHarness, make_library

NAMES = [f"deck/c{number}" for number in range(20)]


def study_forever(folder: Path, number: int, out: int) -> None:
    """Study until this process is killed, and report each acknowledged step to the file descriptor `out`."""
    clock = Clock(MORNING + timedelta(days=number))
    study = StudyHarness(folder, make_library(*NAMES), clock=clock, durable=True)
    step = 0
    while True:
        session = study.session(cards=NAMES)
        while card := session.next():
            for _ in range(2):
                step += 1
                text = f"{number}.{step}"
                session.save_draft(text)
                os.write(out, f"draft {card.name} {text}\n".encode())
            session.submit("right")
            session.rate(Rating.GOOD)
            os.write(out, f"review {card.name}\n".encode())
            study.clock.advance(seconds=1)


def kill_session(folder: Path, number: int, random: Random) -> list[list[str]]:
    """Start a session, kill it, and return the steps that it reported."""
    reading, writing = os.pipe()
    child = os.fork()
    if child == 0:
        os.close(reading)
        study_forever(folder, number, writing)
    os.close(writing)
    reported = b""
    for _ in range(random.randint(1, 8)):
        reported += os.read(reading, 65536)
    select.select([], [], [], random.random() * 0.003)
    os.kill(child, signal.SIGKILL)
    os.waitpid(child, 0)
    while chunk := os.read(reading, 65536):
        reported += chunk
    os.close(reading)
    return [line.split() for line in reported.decode().splitlines()]


def check(folder: Path, acknowledged: list[list[str]], reviews_before: int) -> int:
    """Assert that every acknowledged step is in the file; return its number of reviews."""
    with closing(sqlite3.connect(folder / "reviews.db")) as file:
        (verdict,) = file.execute("pragma integrity_check").fetchone()
    assert verdict == "ok", verdict
    study = StudyHarness(folder, make_library(*NAMES))
    reviews = study.store.log.reviews()[reviews_before:]
    expected = [line[1] for line in acknowledged if line[0] == "review"]
    found = [review.card for review in reviews]
    assert found[: len(expected)] == expected, (found, expected)
    assert len(found) - len(expected) <= 1, "more reviews than were given"
    if acknowledged and acknowledged[-1][0] == "draft":
        _, card, text = acknowledged[-1]
        draft = study.store.drafts.draft(card)
        # The review that deleted the draft may be saved although its acknowledgement was not sent.
        is_rated = len(found) > len(expected) and found[-1] == card
        assert is_rated or (draft is not None and int(draft.split(".")[1]) >= int(text.split(".")[1])), (draft, text)
    study.store.close()
    return reviews_before + len(found)


def main(folder: Path, sessions: int, seed: int) -> None:
    random, reviews = Random(seed), 0
    for number in range(sessions):
        reviews = check(folder, kill_session(folder, number, random), reviews)
    print(f"{sessions} sessions killed, {reviews} reviews kept")


if __name__ == "__main__":
    main(Path(sys.argv[1]), int(sys.argv[2]), int(sys.argv[3]))
