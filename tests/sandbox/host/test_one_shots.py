"""Workers that are spawned instead of forked, for systems where forking is unsafe; and the profile for macOS."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from quizapp.grading.grader import JUDGE
from quizapp.sandbox.client import Sandbox
from quizapp.sandbox.host import one_shot
from quizapp.sandbox.host.one_shot import FreshProcessSource
from quizapp.sandbox.host.process import BOOT
from quizapp.sandbox.jail import landlock, readable_paths
from quizapp.sandbox.jail.macos import profile, quoted
from tests.sandbox.runs import observe

pytestmark = pytest.mark.jail

NO_LINUX_CALLS = """
import sys, torch
import quizapp.sandbox.jail.syscalls as calls
from quizapp.sandbox.jail import escape_attempts
class NoCalls:
    def __getattr__(self, name):
        raise AssertionError(f"{name} is a Linux system call")
calls.LINUX = escape_attempts.LINUX = False
calls._libc = NoCalls()
escape_attempts._numbers.clear()
"""


@pytest.fixture(scope="module")
def fresh_processes() -> Iterator[Sandbox]:
    with Sandbox(judge=JUDGE, source=FreshProcessSource) as started:
        yield started


@pytest.mark.skipif(not landlock.abi(), reason="this kernel has no Landlock")
def test_spawned_workers_reach_the_full_tier_on_linux(fresh_processes: Sandbox) -> None:
    assert [act for act in fresh_processes.probe() if not act.is_denied] == []
    assert fresh_processes.wait().tier == "full"


def test_each_worker_serves_one_run(fresh_processes: Sandbox) -> None:
    first, second = (
        observe(fresh_processes, "import os\nanswer = os.environ.get('left'); os.environ['left'] = 'x'", "answer")
        for _ in "ab"
    )
    assert first == second == [None]


def test_without_linux_system_calls_runs_are_graded_and_the_tier_is_process(monkeypatch: pytest.MonkeyPatch) -> None:
    begin, _, rest = BOOT.partition(";")
    monkeypatch.setattr(
        one_shot,
        "BOOT",
        f"{begin};"
        + "exec({patch!r});".replace("{patch!r}", repr(NO_LINUX_CALLS).replace("{", "{{").replace("}", "}}"))
        + rest,
    )
    with Sandbox(judge=JUDGE, source=FreshProcessSource) as sandbox:
        assert sandbox.wait().tier == "process"
        results = {act.name: act.result for act in sandbox.probe()}
        assert observe(sandbox, "answer = x @ x", "answer.tolist()", given="x = torch.eye(2)") == [
            [[1.0, 0.0], [0.0, 1.0]]
        ]
    assert results["read a file in the home folder"] == "done" and results["mount"] == "ENOSYS"


def test_the_profile_denies_by_default_and_allows_writing_to_the_scratch_folder_only(tmp_path: Path) -> None:
    rules = re.findall(r"^\((?:allow|deny) .*\)$", profile(tmp_path / 'a "quoted" name'), re.M)
    assert rules[0] == "(deny default)" and "(deny process-fork)" in rules
    writable = [rule for rule in rules if "file-write*" in rule]
    assert len(writable) == 1 and 'a \\"quoted\\" name' in writable[0]
    assert not any("network" in rule for rule in rules)
    for hidden_path in readable_paths.hidden():
        assert not any(f"(subpath {quoted(hidden_path)})" in rule for rule in rules)
    assert all(rule.count("(") == rule.count(")") for rule in rules)
