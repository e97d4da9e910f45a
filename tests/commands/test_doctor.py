"""`ptquiz doctor`."""

from __future__ import annotations

import json
import re

import pytest

from quizapp.commands.doctor import report_lines
from quizapp.sandbox.jail.escape_attempts import ATTEMPTS, Guarantee
from tests.commands.conftest import Command


@pytest.mark.jail
def test_json_lists_what_the_sandbox_denies(ptquiz: Command) -> None:
    result = ptquiz("doctor", "--json")
    facts = json.loads(result.out)
    assert result.code == 0
    assert facts["torch"] and facts["tier"] in ("full", "partial", "process")
    assert facts["acts"] and all({"act", "denied", "by", "happened"} <= act.keys() for act in facts["acts"])


@pytest.mark.jail
def test_the_report_has_a_row_for_each_attempt_with_its_result_and_layer(ptquiz: Command) -> None:
    result = ptquiz("doctor")
    assert (result.code, result.err) == (0, "")
    rows = [re.split(" {2,}", line.strip()) for line in result.out.splitlines() if line.startswith(("  ✓", "  ✗ "))]
    assert [row[1] for row in rows] == list(ATTEMPTS)
    assert {len(row) for row in rows} == {4}


FACTS = {
    "python": "3.11",
    "system": "Linux",
    "torch": "2.9",
    "cuda": None,
    "cuda_problem": None,
    "settings": "s",
    "store": "r",
    "errors": None,
    "error": None,
    "tier": "full",
    "missing": [],
    "acts": [],
    "decks": ["/a/x", "/a/y"],
}


def test_the_report_of_a_weaker_tier_lists_what_is_missing_and_the_consequence() -> None:
    acts = [
        {"act": "connect by TCP", "denied": False, "by": "", "happened": "done"},
        {"act": "mount", "denied": True, "by": "seccomp", "happened": "EPERM"},
    ]
    facts = FACTS | {"tier": "partial", "missing": [str(Guarantee.NETWORK)], "acts": acts}
    report = "\n".join(report_lines(facts))
    assert "sandbox   partial: " in report and "✗ the network can be reached" in report
    assert "--trust" in report and "decks     2 in /a" in report and "layers    seccomp" in report
    assert "✗ allowed  connect by TCP  done   nothing" in report


@pytest.mark.parametrize(
    ("device", "problem", "expected"),
    [
        (None, None, ["CUDA      none; checks that need a GPU are deferred"]),
        (None, "no library", ["CUDA      none; checks that need a GPU are deferred", "          ✗ no library"]),
        ("H100", None, ["CUDA      H100"]),
        ("H100", "error 304", ["CUDA      H100", "          not in namespaces: error 304"]),
    ],
)
def test_the_report_says_why_cuda_did_not_start(device: str | None, problem: str | None, expected: list[str]) -> None:
    lines = list(report_lines(FACTS | {"cuda": device, "cuda_problem": problem}))
    assert lines[2 : 2 + len(expected)] == expected
    assert lines[2 + len(expected)].startswith("sandbox")
