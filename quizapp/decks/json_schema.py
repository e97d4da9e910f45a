"""The JSON Schema that editors complete and check decks with; made from the table that the reader reads by."""

from __future__ import annotations

from typing import Any

from quizapp.decks.fields import CARD_NAME, DECK, FORMAT, SLUG, Field, Table, Type
from quizapp.decks.parsing.equals_literal import DTYPES
from quizapp.decks.parsing.expressions import FUNCTION

Schema = dict[str, Any]

DRAFT = "https://json-schema.org/draft/2020-12/schema"
SCALAR = ["string", "number", "boolean", "null"]
"""A text field reads any unquoted scalar as the text that stands there."""

NAME = r"^[A-Za-z_]\w*(\.[A-Za-z_]\w*)*$"
SIZE = r"^[0-9]+(\.[0-9]+)?\s*([kKMGT]i?)?[bB]?$"

PLAIN: dict[Type, Schema] = {
    Type.TEXT: {"type": SCALAR},
    Type.MARKDOWN: {"type": SCALAR},
    Type.CODE: {"type": SCALAR},
    Type.ANSWER: {"type": SCALAR},
    Type.EXPRESSION: {"type": SCALAR},
    Type.SLUG: {"type": SCALAR, "pattern": f"^{SLUG}$"},
    Type.CARD: {"type": SCALAR, "pattern": f"^{CARD_NAME}$"},
    Type.NAME: {"type": "string", "pattern": NAME},
    Type.FUNCTION: {"type": "string", "pattern": f"^(?:{FUNCTION.pattern.removesuffix(chr(92) + 'Z')})$"},
    Type.INTEGER: {"type": "integer"},
    Type.NUMBER: {"type": "number"},
    Type.TOLERANCE: {"anyOf": [{"type": "number", "minimum": 0}, {"const": "auto"}]},
    Type.FLAG: {"type": "boolean"},
    Type.SIZE: {"anyOf": [{"type": "integer", "minimum": 0}, {"type": "string", "pattern": SIZE}]},
}

WRITTEN_OUT: Schema = {"enum": [*DTYPES, *(f"torch.{name}" for name in DTYPES)]}


def json_schema() -> Schema:
    """The schema of a deck file, as JSON data (draft 2020-12)."""
    return {
        "$schema": DRAFT,
        "title": "A ptquiz deck",
        **_table(DECK),
        "$defs": {"data": _data()},
    }


def _table(table: Table) -> Schema:
    schema: Schema = {
        "type": "object",
        "properties": {field.name: _field(field) for field in table},
        "additionalProperties": False,
    }
    if table.required:
        schema["required"] = list(table.required)
    return schema


def _field(field: Field) -> Schema:
    value = _value(field)
    if field.many or field.type is Type.CARDS:
        listed: Schema = {"type": "array", "items": value}
        value = {"anyOf": [listed, value]} if field.lone else listed
        if field.required:
            listed["minItems"] = 1
    return {"description": field.doc, **value}


def _value(field: Field) -> Schema:
    if field.type is Type.DATA:
        return {"$ref": "#/$defs/data"}
    if field.table is not None:
        return _map(field, field.table)
    schema = dict(PLAIN[field.type])
    if field.name == "format":
        return {"const": FORMAT}
    if field.options:
        return {"enum": list(field.options)}
    if field.low is not None and field.type is not Type.SIZE:
        schema["minimum"] = field.low
    if field.high is not None and field.type is not Type.SIZE:
        schema["maximum"] = field.high
    return schema


def _map(field: Field, table: Table) -> Schema:
    if field.type is Type.BY_NAME:
        return {"type": "object", "additionalProperties": _table(table)}
    if table.short is None:
        return _table(table)
    return {"anyOf": [_value(table.index[table.short]), _table(table)]}


def _data() -> Schema:
    """Any plain data; a map with `tensor` or `array` is one of these written out."""
    return {
        "anyOf": [
            {"type": ["string", "number", "boolean", "null"]},
            {"type": "array", "items": {"$ref": "#/$defs/data"}},
            *(_written_out(form) for form in ("tensor", "array")),
            {
                "type": "object",
                "additionalProperties": {"$ref": "#/$defs/data"},
                "not": {"anyOf": [{"required": ["tensor"]}, {"required": ["array"]}]},
            },
        ]
    }


def _written_out(form: str) -> Schema:
    return {
        "type": "object",
        "properties": {form: {"type": ["array", "number", "boolean"]}, "dtype": WRITTEN_OUT},
        "required": [form],
        "additionalProperties": False,
    }
