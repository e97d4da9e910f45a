"""The probe reports what a jail denies."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from quizapp.sandbox.client import Sandbox
from quizapp.sandbox.host.probe import AttemptResult, _evaluate, tier_of
from quizapp.sandbox.jail import escape_attempts, landlock
from quizapp.sandbox.jail.escape_attempts import ATTEMPTS, Guarantee
from quizapp.sandbox.jail.layers import Layers
from tests.sandbox import unprivileged

pytestmark = pytest.mark.jail


@pytest.mark.skipif(not landlock.abi(), reason="this kernel has no Landlock")
def test_this_machine_reaches_the_full_tier(sandbox: Sandbox) -> None:
    failed = [act for act in sandbox.probe() if not act.is_denied]
    assert (sandbox.wait().tier, failed) == ("full", [])


def test_every_act_is_attempted_and_names_what_stops_it(sandbox: Sandbox) -> None:
    results = sandbox.probe()
    assert [act.name for act in results] == list(ATTEMPTS)
    assert all(act.stopped_by and act.result for act in results)


@pytest.mark.parametrize(
    "happened", ["done", "not results", "ETIMEDOUT", "ENOMEM", "EMFILE", "ValueError", "", "eperm"]
)
def test_only_a_refusal_counts_as_denied(happened: str) -> None:
    assert not _evaluate("connect by TCP", happened, Layers()).is_denied
    assert not _evaluate("read a file in the home folder", happened, Layers()).is_denied


def test_unreachable_counts_as_denied_for_the_network_but_not_for_files() -> None:
    assert _evaluate("connect by TCP", "ENETUNREACH", Layers()).is_denied
    assert not _evaluate("read a file in the home folder", "ECONNREFUSED", Layers()).is_denied


@pytest.mark.parametrize(
    ("act", "there", "by"),
    [
        ("signal the app", Layers(), "seccomp, PID namespace, Landlock"),
        ("signal the app", Layers(namespaces=False, landlock=5), "seccomp"),
        ("connect by TCP", Layers(namespaces=False, landlock=4, seccomp=False), "Landlock"),
        ("mount", Layers(seccomp=False), ""),
        ("use root's privileges", Layers(False, 0, False, False), "given up before the run"),
    ],
)
def test_only_active_layers_are_reported_to_stop_an_act(act: str, there: Layers, by: str) -> None:
    assert _evaluate(act, "EPERM", there).stopped_by == by


def test_an_attempt_that_fails_unexpectedly_is_reported_and_the_others_continue(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(facts: dict[str, object]) -> object:
        return facts["no such fact"]

    monkeypatch.setattr(
        escape_attempts, "ATTEMPTS", {"one": (Guarantee.APP, "", broken), "two": (Guarantee.APP, "", len)}
    )
    escape_attempts.run_attempts({})
    assert json.loads(capsys.readouterr().out) == {"one": "KeyError", "two": "done"}


def test_a_probe_without_results_guarantees_nothing() -> None:
    assert tier_of([])[0] == "process"
    assert set(tier_of([])[1]) == {str(guarantee) for guarantee in Guarantee}


@pytest.mark.parametrize(
    ("guarantee", "tier"),
    [
        (Guarantee.READ, "process"),
        (Guarantee.WRITE, "process"),
        (Guarantee.NETWORK, "partial"),
        (Guarantee.APP, "partial"),
    ],
)
def test_the_tier_depends_on_the_missing_guarantees(guarantee: Guarantee, tier: str) -> None:
    results = [
        AttemptResult("one", guarantee, "", "done", is_denied=False),
        AttemptResult("other", Guarantee.KERNEL, "", "EPERM", is_denied=True),
    ]
    assert tier_of(results) == (tier, (str(guarantee),))


PROBE_PROGRAM = """
import json, sys
from quizapp.sandbox.client import Sandbox
from quizapp.sandbox.jail.layers import Layers
with Sandbox(layers=Layers(**json.loads(sys.argv[1]))) as sandbox:
    print(json.dumps([sandbox.wait().tier, [act.name for act in sandbox.probe() if not act.is_denied]]))
"""


@pytest.mark.skipif(not unprivileged.is_possible(), reason="cannot become an unprivileged user here")
@pytest.mark.parametrize(
    ("layers", "tier", "done"),
    [
        (
            {"namespaces": False, "landlock": 0, "seccomp": False},
            "process",
            {
                "read a file in the home folder",
                "read a file that the app has open",
                "rename a file",
                "change a file's mode",
                "signal the app",
                "keep unmapped memory allocated",
            },
        ),
        ({"namespaces": False, "landlock": 0}, "process", {"read a file in the home folder", "write to a file"}),
        ({"seccomp": False}, "process", {"mount", "start a program", "make memory that no limit counts"}),
    ],
)
def test_a_weaker_jail_is_detected(layers: dict[str, object], tier: str, done: set[str], other_home: Path) -> None:
    output = json.loads(unprivileged.run(["-c", PROBE_PROGRAM, json.dumps(layers)], other_home, {}, seconds=120))
    assert output[0] == tier
    assert done <= set(output[1])


IS_NEW_PID_NAMESPACE_POSSIBLE = os.getuid() == 0 and shutil.which("unshare") is not None
needs_pid_namespace = pytest.mark.skipif(
    not IS_NEW_PID_NAMESPACE_POSSIBLE, reason="only root can run `unshare --pid` here"
)
LAYERS = [
    pytest.param({}, id="with what the kernel grants"),
    pytest.param({"namespaces": False}, id="without namespaces"),
]


@needs_pid_namespace
@pytest.mark.skipif(not landlock.abi(), reason="this kernel has no Landlock")
@pytest.mark.parametrize("layers", LAYERS)
def test_the_probe_of_process_one_does_not_take_the_worker_for_the_app(
    layers: dict[str, object], other_home: Path
) -> None:
    command = ["-c", PROBE_PROGRAM, json.dumps(layers)]
    output = unprivileged.run(command, other_home, {}, seconds=120, namespaces=unprivileged.PROCESS_ONE)
    assert json.loads(output) == ["full", []]


@needs_pid_namespace
@pytest.mark.skipif(not landlock.abi(), reason="this kernel has no Landlock")
@pytest.mark.parametrize(
    "command",
    [
        pytest.param(["-c", PROBE_PROGRAM, "{}"], id="probe"),
        pytest.param(["-m", "quizapp", "doctor", "--json"], id="doctor"),
    ],
)
def test_root_reaches_the_full_tier_as_process_one(command: list[str]) -> None:
    started = subprocess.run(
        ["unshare", *unprivileged.PROCESS_ONE, sys.executable, *command],
        cwd=unprivileged.ROOT,
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    assert started.returncode == 0, started.stderr
    report = json.loads(started.stdout)
    assert (report["tier"] if isinstance(report, dict) else report[0]) == "full"


def test_a_number_of_the_worker_itself_is_not_the_app() -> None:
    with pytest.raises(ProcessLookupError):
        escape_attempts.app_pid({"app": os.getpid()})
    assert escape_attempts.app_pid({"app": os.getppid()}) == os.getppid()
