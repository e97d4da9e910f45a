"""`decks`, `due`, `schema`, `doctor`, `rebuild`, and ptquiz without a terminal."""

from __future__ import annotations

import json
import re
from pathlib import Path

import jsonschema
import pytest
import yaml

from quizapp.commands.doctor import words
from quizapp.sandbox.worker.escape_attempts import ACTS, Guarantee
from tests.commands.conftest import Command


def test_without_a_terminal_ptquiz_says_what_is_due_and_how_to_go_on(ptquiz: Command, deck: Path) -> None:
    result = ptquiz("--decks", deck)
    assert (result.code, result.err) == (0, "")
    assert "0 due" in result.out and "--help" in result.out
    assert len(result.out.splitlines()) < 6


def test_decks_come_from_the_option_and_the_environment(
    ptquiz: Command, deck: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    listed = json.loads(ptquiz("--decks", deck, "decks", "--json").out)
    assert {"deck": "small", "title": "A small deck", "cards": 4, "path": str(deck)} in listed["decks"]
    monkeypatch.setenv("PTQUIZ_DECKS", str(deck.parent))
    assert "small" in ptquiz("decks").out


def test_the_shipped_decks_are_found_from_an_empty_folder(
    ptquiz: Command, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    assert "tensors" in ptquiz("decks").out


def test_due_counts_new_cards(ptquiz: Command, deck: Path) -> None:
    data = json.loads(ptquiz("--decks", deck, "due", "--json").out)
    small = next(entry for entry in data["decks"] if entry["deck"] == "small")
    assert (small["due"], small["new"], small["learned"]) == (0, 4, 0)
    assert data["next_due"] is None


def test_the_schema_accepts_the_deck_and_refuses_a_misspelt_one(ptquiz: Command, deck: Path) -> None:
    schema = json.loads(ptquiz("schema").out)
    good = yaml.safe_load(deck.read_text())
    jsonschema.validate(good, schema)
    good["cards"][0]["quesiton"] = "?"
    with pytest.raises(jsonschema.ValidationError):
        jsonschema.validate(good, schema)


def test_a_broken_deck_is_said_and_the_others_stay_usable(ptquiz: Command, deck: Path) -> None:
    (deck.parent / "bad.yaml").write_text("format: 1\ndeck: bad\ncards:\n  - id: a\n    questoin: x\n")
    result = ptquiz("--decks", deck.parent, "decks")
    assert result.code == 1
    assert "small" in result.out
    assert "bad.yaml:5:5" in result.err and "did you mean `question`" in result.err
    for asked in (["due"], [], ["study", "--plain"]):
        said = ptquiz("--decks", deck.parent, *asked)
        assert said.code == 0
        assert "bad.yaml" in said.err and "`ptquiz decks`" in said.err


def test_decks_that_are_not_there_are_wrong_use_and_an_empty_folder_proves_nothing(
    ptquiz: Command, tmp_path: Path
) -> None:
    (tmp_path / "empty").mkdir()
    for asked in (["--decks", tmp_path / "none", "due"], ["check", tmp_path / "none"], ["check", tmp_path / "empty"]):
        said = ptquiz(*asked)
        assert (said.code, said.out) == (2, "")
        assert str(asked[1]) in said.err


def test_doctor_says_what_the_sandbox_denies(ptquiz: Command) -> None:
    result = ptquiz("doctor", "--json")
    facts = json.loads(result.out)
    assert result.code == 0
    assert facts["torch"] and facts["tier"] in ("full", "partial", "process")
    assert facts["acts"] and all({"act", "denied", "by", "happened"} <= act.keys() for act in facts["acts"])


def test_doctor_tells_a_person_each_act_what_happened_and_what_stops_it(ptquiz: Command) -> None:
    result = ptquiz("doctor")
    assert (result.code, result.err) == (0, "")
    rows = [re.split(" {2,}", line.strip()) for line in result.out.splitlines() if line.startswith(("  ✓", "  ✗ "))]
    assert [row[1] for row in rows] == list(ACTS)
    assert {len(row) for row in rows} == {4}


def test_doctor_says_what_a_weaker_tier_lacks_and_what_follows() -> None:
    acts = [
        {"act": "connect by TCP", "denied": False, "by": "", "happened": "done"},
        {"act": "mount", "denied": True, "by": "seccomp", "happened": "EPERM"},
    ]
    known = {
        "python": "3.11",
        "system": "Linux",
        "torch": "2.9",
        "cuda": None,
        "settings": "s",
        "store": "r",
        "error": None,
    }
    facts = {**known, "tier": "partial", "missing": [str(Guarantee.NETWORK)], "acts": acts, "decks": ["/a/x", "/a/y"]}
    said = "\n".join(words(facts))
    assert "sandbox   partial: " in said and "✗ the network can be reached" in said
    assert "--trust" in said and "decks     2 in /a" in said and "layers    seccomp" in said
    assert "✗ allowed  connect by TCP  done   nothing" in said


def test_rebuild_on_an_empty_log_does_nothing(ptquiz: Command, deck: Path) -> None:
    result = ptquiz("--decks", deck, "rebuild")
    assert (result.code, result.err) == (0, "")
    assert result.out.startswith("0 memories")


def test_a_misspelt_command_names_the_nearest(ptquiz: Command) -> None:
    result = ptquiz("chekc")
    assert result.code == 2
    assert "did you mean `check`?" in result.err


def test_a_settings_file_that_cannot_be_read_is_an_error_with_the_way_out(ptquiz: Command, home: Path) -> None:
    home.mkdir()
    (home / "settings.toml").write_text("desired_retentoin = 0.9\n")
    result = ptquiz("due")
    assert result.code == 2
    assert "did you mean `desired_retention`?" in result.err
