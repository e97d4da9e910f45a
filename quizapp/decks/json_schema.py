"""The JSON Schema with which editors complete and check decks, derived from the table of fields."""

from __future__ import annotations

from typing import Any

from quizapp.decks.fields import CARD_NAME, DECK, FORMAT, SLUG, Field, Table, Type
from quizapp.decks.parsing.equals_literal import DTYPES
from quizapp.decks.parsing.expressions import FUNCTION

Schema = dict[str, Any]

DRAFT = "https://json-schema.org/draft/2020-12/schema"
SCALAR = ["string", "number", "boolean", "null"]
"""A text field accepts any unquoted scalar and reads it as text."""

NAME = r"^[A-Za-z_]\w*(\.[A-Za-z_]\w*)*$"
SIZE = r"^[0-9]+(\.[0-9]+)?\s*([kKMGT]i?)?[bB]?$"

FACTOR = r"^[0-9]+(\.[0-9]+)?\s*x$"

SCALARS: dict[Type, Schema] = {
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
    Type.COUNT_CAP: {"anyOf": [{"type": "integer", "minimum": 1}, {"type": "string", "pattern": FACTOR}]},
    Type.SIZE_CAP: {"anyOf": [{"type": "integer", "minimum": 1}, {"type": "string", "pattern": f"{SIZE}|{FACTOR}"}]},
}

DTYPE: Schema = {"enum": [*DTYPES, *(f"torch.{name}" for name in DTYPES)]}


def json_schema() -> Schema:
    """Return the schema of a deck file as JSON data (draft 2020-12)."""
    return {
        "$schema": DRAFT,
        "title": "A ptquiz deck",
        **_table_schema(DECK),
        "$defs": {"data": _data_schema()},
    }


def _table_schema(table: Table) -> Schema:
    schema: Schema = {
        "type": "object",
        "properties": {field.name: _field_schema(field) for field in table},
        "additionalProperties": False,
    }
    if table.required:
        schema["required"] = list(table.required)
    return schema


def _field_schema(field: Field) -> Schema:
    value = _value_schema(field)
    if field.many or field.type is Type.CARDS:
        array: Schema = {"type": "array", "items": value}
        value = {"anyOf": [array, value]} if field.lone else array
        if field.required:
            array["minItems"] = 1
    return {"description": field.doc, **value}


def _value_schema(field: Field) -> Schema:
    if field.type is Type.DATA:
        return {"$ref": "#/$defs/data"}
    if field.table is not None:
        return _map_schema(field, field.table)
    schema = dict(SCALARS[field.type])
    if field.name == "format":
        return {"const": FORMAT}
    if field.options:
        return {"enum": list(field.options)}
    if field.low is not None and field.type is not Type.SIZE:
        schema["minimum"] = field.low
    if field.high is not None and field.type is not Type.SIZE:
        schema["maximum"] = field.high
    return schema


def _map_schema(field: Field, table: Table) -> Schema:
    if field.type is Type.BY_NAME:
        return {"type": "object", "additionalProperties": _table_schema(table)}
    if table.short is None:
        return _table_schema(table)
    return {"anyOf": [_value_schema(table.index[table.short]), _table_schema(table)]}


def _data_schema() -> Schema:
    """Return the schema of plain data; a map with `tensor` or `array` contains the values of one."""
    return {
        "anyOf": [
            {"type": ["string", "number", "boolean", "null"]},
            {"type": "array", "items": {"$ref": "#/$defs/data"}},
            *(_literal_schema(form) for form in ("tensor", "array")),
            {
                "type": "object",
                "additionalProperties": {"$ref": "#/$defs/data"},
                "not": {"anyOf": [{"required": ["tensor"]}, {"required": ["array"]}]},
            },
        ]
    }


def _literal_schema(form: str) -> Schema:
    return {
        "type": "object",
        "properties": {form: {"type": ["array", "number", "boolean"]}, "dtype": DTYPE},
        "required": [form],
        "additionalProperties": False,
    }
