"""Workers that nobody forked, for systems where torch cannot be forked; and what macOS is told to confine them by."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from quizapp.sandbox.client import Sandbox
from quizapp.sandbox.host import one_shot
from quizapp.sandbox.host.one_shot import FreshProcessSource
from quizapp.sandbox.jail import landlock, readable_paths
from quizapp.sandbox.jail.macos import profile, quoted
from tests.sandbox.runs import observe

ELSEWHERE = """
import sys, torch
import quizapp.sandbox.jail.syscalls as calls
from quizapp.sandbox.worker import escape_attempts
class None_:
    def __getattr__(self, name):
        raise AssertionError(f"{name} is a call of Linux's")
calls.LINUX = escape_attempts.LINUX = False
calls._libc = None_()
escape_attempts._numbers.clear()
"""


@pytest.fixture(scope="module")
def one_shots() -> Iterator[Sandbox]:
    with Sandbox(judge=JUDGE, source=FreshProcessSource) as started:
        yield started


@pytest.mark.skipif(not landlock.abi(), reason="this kernel has no Landlock")
def test_they_reach_the_full_tier_on_linux(one_shots: Sandbox) -> None:
    assert [act for act in one_shots.probe() if not act.is_denied] == []
    assert one_shots.wait().tier == "full"


def test_each_serves_one_run_and_another_is_there_for_the_next(one_shots: Sandbox) -> None:
    first, second = (
        observe(one_shots, "import os\nanswer = os.environ.get('left'); os.environ['left'] = 'x'", "answer")
        for _ in "ab"
    )
    assert first == second == [None]


def test_without_any_call_of_linux_runs_are_graded_and_the_tier_is_honest(monkeypatch: pytest.MonkeyPatch) -> None:
    begin, _, rest = one_shot.BOOT.partition(";")
    monkeypatch.setattr(
        one_shot,
        "BOOT",
        f"{begin};"
        + "exec({elsewhere!r});".replace("{elsewhere!r}", repr(ELSEWHERE).replace("{", "{{").replace("}", "}}"))
        + rest,
    )
    with Sandbox(judge=JUDGE, source=FreshProcessSource) as sandbox:
        assert sandbox.wait().tier == "process"
        happened = {act.name: act.result for act in sandbox.probe()}
        assert observe(sandbox, "answer = x @ x", "answer.tolist()", given="x = torch.eye(2)") == [
            [[1.0, 0.0], [0.0, 1.0]]
        ]
    assert happened["read a file in the home folder"] == "done" and happened["mount"] == "ENOSYS"


def test_the_profile_denies_by_default_and_lets_nothing_but_the_scratch_be_written(tmp_path: Path) -> None:
    rules = re.findall(r"^\((?:allow|deny) .*\)$", profile(tmp_path / 'a "quoted" name'), re.M)
    assert rules[0] == "(deny default)" and "(deny process-fork)" in rules
    written = [rule for rule in rules if "file-write*" in rule]
    assert len(written) == 1 and 'a \\"quoted\\" name' in written[0]
    assert not any("network" in rule for rule in rules)
    for hole in readable_paths.hidden():
        assert not any(f"(subpath {quoted(hole)})" in rule for rule in rules)
    assert all(rule.count("(") == rule.count(")") for rule in rules)
