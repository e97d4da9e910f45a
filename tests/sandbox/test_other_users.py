"""The attacks as an unprivileged user, also without namespaces, with an older Landlock, and without a jail."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest

from quizapp.sandbox.jail import landlock
from tests.sandbox import unprivileged

QUICK = "not timeout and not memory and not output"
"""Attacks that wait for a limit, which does not depend on the user, run only without namespaces."""

LAYERED = f"blocked and {QUICK}"
"""Attacks that a layer must stop; the result of the others does not depend on the layers."""

pytestmark = [
    pytest.mark.jail,
    pytest.mark.skipif(not unprivileged.is_possible(), reason="cannot become an unprivileged user here"),
]


@pytest.mark.parametrize(
    ("layers", "selection", "modules"),
    [
        pytest.param({}, QUICK, ["test_answers", "host/test_usage"], id="with what the kernel grants"),
        pytest.param(
            {"namespaces": False},
            "not compiler and not transforms",
            ["test_answers", "worker/test_inside", "jail/test_system_calls", "jail/test_cuda_start", "host/test_probe"],
            id="without namespaces",
        ),
        pytest.param({"namespaces": False, "landlock": 1}, LAYERED, ["test_answers"], id="with the first Landlock"),
        pytest.param({"namespaces": False, "landlock": 2}, LAYERED, ["test_answers"], id="with the second Landlock"),
        pytest.param(
            {"landlock": 0},
            f"{LAYERED} and not other_processes and not facts_of_the_kernel",
            ["test_answers"],
            id="without Landlock",
        ),
    ],
)
def test_an_unprivileged_user_is_as_safe(
    layers: dict[str, object], selection: str, modules: list[str], other_home: Path
) -> None:
    if not layers.get("namespaces", True) and not landlock.abi():
        pytest.skip("without namespaces and Landlock nothing protects files")
    command = ["-m", "pytest", "-p", "no:cacheprovider", "-p", "no:xdist", f"--basetemp={other_home / 'run'}"]
    environment = {"PTQUIZ_TEST_LAYERS": json.dumps(layers)}
    files = [f"tests/sandbox/{module}.py" for module in modules]
    output = unprivileged.run([*command, "-k", selection, *files], other_home, environment, seconds=400)
    passed = re.search(r"(\d+) passed", output)
    assert passed and int(passed[1]) > MIN_ATTACKS


def test_without_namespaces_an_unprivileged_user_sees_as_little_of_the_machine_and_of_other_runs(
    other_home: Path,
) -> None:
    if not landlock.abi():
        pytest.skip("without namespaces and Landlock nothing protects files")
    command = ["-m", "pytest", "-p", "no:cacheprovider", "-p", "no:xdist", f"--basetemp={other_home / 'run'}"]
    files = ["tests/sandbox/test_machine_facts.py", "tests/sandbox/test_cooperating_runs.py"]
    output = unprivileged.run([*command, *files], other_home, {"PTQUIZ_TEST_LAYERS": '{"namespaces": false}'}, 200)
    assert " passed" in output


MIN_ATTACKS = 80
"""Minimum number of attacks in each case, since a selection that matches nothing would prove nothing."""

MUST_BE_BREACHES = {
    "blocked_or_error__reads_home",
    "blocked_or_error__reads_temporary_files",
    "blocked_or_error__reads_through_a_link",
    "blocked_or_error__writes",
    "blocked_or_error__makes_a_file",
    "blocked_or_error__removes",
    "blocked_or_error__changes_mode",
    "blocked_or_error__changes_times",
    "blocked_or_error__truncates_by_reading",
    "blocked_or_error__connects",
    "blocked_or_error__sends_by_udp",
    "blocked_or_error__socket_file",
    "blocked_or_error__abstract_socket",
    "blocked_or_error__signals_the_app",
    "blocked__signals_by_descriptor",
    "blocked_or_error__slows_the_app",
    "blocked_or_error__moves_the_app",
    "blocked_or_error__limits_the_app",
    "blocked__memfd",
    "blocked__subprocess",
    "blocked__userfaultfd",
    "blocked_or_error__reads_the_deck",
    "blocked_or_error__reads_the_store",
    "blocked_or_error__reads_around_every_process",
    "blocked__shared_pages_given_back",
    "blocked__message_queues",
    "blocked__watches_files",
    "blocked__takes_back_its_own_rules",
    "blocked_or_error__downloads",
}


def test_without_a_jail_attacks_are_reported_as_breaches(other_home: Path) -> None:
    layers = json.dumps({"namespaces": False, "landlock": 0, "seccomp": False})
    results = json.loads(
        unprivileged.run(["-m", "tests.sandbox.attacks", layers, *sorted(MUST_BE_BREACHES)], other_home, {}, 300)
    )
    undetected = {name for name in MUST_BE_BREACHES if not results[name]["breaches"]}
    assert undetected == set()
