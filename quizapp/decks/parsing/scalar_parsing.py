"""Converts the text of a scalar into a number, a size, a flag or plain data."""

from __future__ import annotations

import re

INTEGER = re.compile(r"[-+]?(0|[1-9][0-9_]*)\Z")
FLOAT = re.compile(r"[-+]?(\.[0-9]+|[0-9][0-9_]*(\.[0-9]*)?)([eE][-+]?[0-9]+)?\Z")
SPECIAL = {".inf": "inf", "+.inf": "inf", "-.inf": "-inf", ".nan": "nan"}
SIZE = re.compile(r"([0-9]+(?:\.[0-9]+)?)\s*([kKMGT]?)(i?)[bB]?\Z")
TRUE = frozenset({"true", "yes", "on"})
FALSE = frozenset({"false", "no", "off"})
MAX_DIGITS = 400
"""Characters of one number: more than any float needs, and fewer than the limit of Python's `int`."""


def parse_integer(text: str) -> int | None:
    """Return a whole number, or None. Only forms that mean the same in YAML 1.2 and Python: not `010` or `12:30`."""
    return int(text) if len(text) <= MAX_DIGITS and INTEGER.match(text) else None


def parse_number(text: str) -> float | None:
    """Return a finite number, or None; `1e-5` is a number."""
    return float(text) if len(text) <= MAX_DIGITS and FLOAT.match(text) else None


def parse_factor(text: str) -> float | None:
    """Return the factor of a multiple such as `2x` or `1.5x`, or None."""
    number = text.removesuffix("x").rstrip()
    return parse_number(number) if number != text else None


def parse_flag(text: str) -> bool | None:
    """Return the value of one of YAML's words for true and false, or None."""
    lower = text.lower()
    return True if lower in TRUE else False if lower in FALSE else None


def parse_size(text: str) -> int | None:
    """Return bytes, or None: `65536`, `64 KiB`, `1.5 GiB`. Units without the i are powers of 1000."""
    match = SIZE.match(text) if len(text) <= MAX_DIGITS else None
    if match is None:
        return None
    amount, unit, binary = match.groups()
    power = " kMGT".index(unit.replace("K", "k")) if unit else 0
    if binary and not unit:
        return None
    return int(float(amount) * (1024 if binary else 1000) ** power)


def parse_plain(text: str) -> object:
    """Return the value of an unquoted scalar by the rules of YAML 1.2: `no` is text, `1e-5` a number."""
    if text in ("", "~", "null", "Null", "NULL"):
        return None
    if text in ("true", "True", "TRUE"):
        return True
    if text in ("false", "False", "FALSE"):
        return False
    if text.lower() in SPECIAL:
        return float(SPECIAL[text.lower()])
    whole = parse_integer(text)
    return whole if whole is not None else parse_number(text) if FLOAT.match(text) else text
