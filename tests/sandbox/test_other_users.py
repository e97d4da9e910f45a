"""The same answers as other users meet them: an ordinary one, one without namespaces, one with an older Landlock."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest

from quizapp.sandbox.jail import landlock
from tests.sandbox import unprivileged

QUICK = "not timeout and not memory and not output"
"""Those that wait for a limit, which is the same for everyone, are tried without namespaces alone."""

LAYERED = f"blocked and {QUICK}"
"""Those that a layer must stop; what else an answer does, it does whatever the layers."""

pytestmark = pytest.mark.skipif(not unprivileged.possible(), reason="no ordinary user can be had here")


@pytest.mark.parametrize(
    ("layers", "which", "modules"),
    [
        pytest.param({}, QUICK, ["answers"], id="with what the kernel grants"),
        pytest.param(
            {"namespaces": False},
            "not compiler and not transforms",
            ["answers", "inside", "system_calls", "probe"],
            id="without namespaces",
        ),
        pytest.param({"namespaces": False, "landlock": 1}, LAYERED, ["answers"], id="with the first Landlock"),
        pytest.param({"namespaces": False, "landlock": 2}, LAYERED, ["answers"], id="with the second Landlock"),
        pytest.param(
            {"landlock": 0},
            f"{LAYERED} and not other_processes and not facts_of_the_kernel",
            ["answers"],
            id="without Landlock",
        ),
    ],
)
def test_an_ordinary_user_is_as_safe(
    layers: dict[str, object], which: str, modules: list[str], their_home: Path
) -> None:
    if not layers.get("namespaces", True) and not landlock.abi():
        pytest.skip("this kernel has no Landlock, and nothing else stands before files without namespaces")
    command = ["-m", "pytest", "-p", "no:cacheprovider", "-p", "no:xdist", f"--basetemp={their_home / 'run'}"]
    environment = {"PTQUIZ_TEST_LAYERS": json.dumps(layers)}
    files = [f"tests/sandbox/test_{module}.py" for module in modules]
    said = unprivileged.run([*command, "-k", which, *files], their_home, environment, seconds=400)
    passed = re.search(r"(\d+) passed", said)
    assert passed and int(passed[1]) > FEWEST


FEWEST = 80
"""Answers that each of them must have met: a filter that matches nothing is no proof."""

MUST_BE_SEEN = {
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


def test_a_jail_with_its_doors_open_is_reported_as_breached(their_home: Path) -> None:
    layers = json.dumps({"namespaces": False, "landlock": 0, "seccomp": False})
    said = json.loads(
        unprivileged.run(["-m", "tests.sandbox.attacks", layers, *sorted(MUST_BE_SEEN)], their_home, {}, 300)
    )
    unseen = {name for name in MUST_BE_SEEN if not said[name]["breaches"]}
    assert unseen == set()
