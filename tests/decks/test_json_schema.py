"""The JSON Schema for editors agrees with the reader."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
import yaml
from jsonschema import Draft202012Validator

from quizapp.decks.fields import CARD, CHECK, DECK
from quizapp.decks.json_schema import json_schema
from quizapp.decks.library import shipped

HERE = Path(__file__).parent


class Loader(yaml.SafeLoader):
    """Reads YAML 1.2 as editors do: only `true` and `false` are flags, and nothing is a date."""


Loader.yaml_implicit_resolvers = {
    first: [(tag, pattern) for tag, pattern in resolvers if not tag.endswith((":bool", ":timestamp", ":float"))]
    for first, resolvers in yaml.SafeLoader.yaml_implicit_resolvers.items()
}
Loader.add_implicit_resolver("tag:yaml.org,2002:bool", __import__("re").compile(r"(true|false)\Z"), "tf")
Loader.add_implicit_resolver(
    "tag:yaml.org,2002:float", __import__("re").compile(r"[-+]?[0-9]+(\.[0-9]*)?([eE][-+]?[0-9]+)?\Z"), "-+0123456789"
)

VALIDATOR = Draft202012Validator(json_schema())


def load(path: Path) -> Any:
    return yaml.load(path.read_text(encoding="utf-8"), Loader)


def test_the_schema_is_valid() -> None:
    Draft202012Validator.check_schema(json_schema())
    json.dumps(json_schema())


def test_a_deck_with_every_field_is_valid() -> None:
    data = load(HERE / "good" / "whole.yaml")
    data["cards"][3]["choices"][0]["right"] = True
    assert [error.message for error in VALIDATOR.iter_errors(data)] == []


@pytest.mark.parametrize("path", sorted(shipped().glob("*.yaml")), ids=lambda path: path.stem)
def test_the_shipped_decks_are_valid(path: Path) -> None:
    assert [error.message for error in VALIDATOR.iter_errors(load(path))] == []


@pytest.mark.parametrize(
    "name",
    [
        *("unknown_keys", "missing_keys", "wrong_types", "cards_as_a_map", "a_card_that_is_text", "out_of_range"),
        *("another_format", "names", "check_options", "defaults", "kinds", "a_text", "a_list"),
    ],
)
def test_the_schema_rejects_what_the_table_of_fields_rejects(name: str) -> None:
    assert list(VALIDATOR.iter_errors(load(HERE / "bad" / f"{name}.yaml")))


def test_the_schema_file_of_the_shipped_decks_is_current() -> None:
    assert json.loads((shipped() / "deck.schema.json").read_text(encoding="utf-8")) == json_schema()


def test_every_field_is_in_the_schema_with_its_description() -> None:
    properties = json_schema()["properties"]
    card = properties["cards"]["items"]["properties"]
    check = card["checks"]["items"]["anyOf"][1]["properties"]
    for table, schema in ((DECK, properties), (CARD, card), (CHECK, check)):
        assert list(schema) == list(table.names)
        assert all(schema[field.name]["description"] == field.doc for field in table)
