"""What the probe says of a jail."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from quizapp.sandbox import landlock
from quizapp.sandbox.acts import ACTS, Guarantee
from quizapp.sandbox.client import Sandbox
from quizapp.sandbox.probe import Act, tier_of
from tests.sandbox import ordinary


@pytest.mark.skipif(not landlock.abi(), reason="this kernel has no Landlock")
def test_this_machine_reaches_the_full_tier(sandbox: Sandbox):
    failed = [act for act in sandbox.probe() if not act.held]
    assert (sandbox.wait().tier, failed) == ("full", [])


def test_every_act_is_tried_and_says_what_stops_it(sandbox: Sandbox):
    acts = sandbox.probe()
    assert [act.name for act in acts] == list(ACTS)
    assert all(act.stopped_by and act.happened for act in acts)


def test_a_probe_that_says_nothing_holds_nothing():
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
def test_a_tier_is_named_by_what_still_holds(guarantee: Guarantee, tier: str):
    acts = [Act("one", guarantee, "", "done", held=False), Act("other", Guarantee.KERNEL, "", "EPERM", held=True)]
    assert tier_of(acts) == (tier, (str(guarantee),))


NOTHING = {"namespaces": False, "landlock": 0, "seccomp": False}
WEAK = """
import json, sys
from quizapp.sandbox.client import Sandbox
from quizapp.sandbox.layers import Layers
with Sandbox(layers=Layers(**json.loads(sys.argv[1]))) as sandbox:
    print(json.dumps([sandbox.wait().tier, [act.name for act in sandbox.probe() if not act.held]]))
"""


@pytest.mark.skipif(not ordinary.possible(), reason="no ordinary user can be had")
@pytest.mark.parametrize(
    ("layers", "tier", "done"),
    [
        (
            {"namespaces": False, "landlock": 0, "seccomp": False},
            "process",
            {"read a file in the home folder", "signal the app"},
        ),
        ({"namespaces": False, "landlock": 0}, "process", {"read a file in the home folder", "write to a file"}),
        ({"seccomp": False}, "process", {"mount", "start a program", "make memory that no limit counts"}),
    ],
)
def test_a_weaker_jail_is_found_out(layers: dict[str, object], tier: str, done: set[str], their_home: Path):
    said = json.loads(ordinary.run(["-c", WEAK, json.dumps(layers)], their_home, {}, seconds=120))
    assert said[0] == tier
    assert done <= set(said[1])
