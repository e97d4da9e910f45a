"""`ptquiz schema`."""

from __future__ import annotations

import json
from pathlib import Path

import jsonschema
import pytest
import yaml

from tests.commands.conftest import Command


def test_the_schema_accepts_a_deck_and_rejects_a_misspelt_field(ptquiz: Command, deck: Path) -> None:
    schema = json.loads(ptquiz("schema").out)
    data = yaml.safe_load(deck.read_text())
    jsonschema.validate(data, schema)
    data["cards"][0]["quesiton"] = "?"
    with pytest.raises(jsonschema.ValidationError):
        jsonschema.validate(data, schema)
