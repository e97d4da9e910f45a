"""Reads the text of a scalar as what its field wants: numbers, sizes, yes and no, plain data."""

from __future__ import annotations

import re

INTEGER = re.compile(r"[-+]?(0|[1-9][0-9_]*)\Z")
FLOAT = re.compile(r"[-+]?(\.[0-9]+|[0-9][0-9_]*(\.[0-9]*)?)([eE][-+]?[0-9]+)?\Z")
SPECIAL = {".inf": "inf", "+.inf": "inf", "-.inf": "-inf", ".nan": "nan"}
SIZE = re.compile(r"([0-9]+(?:\.[0-9]+)?)\s*([kKMGT]?)(i?)[bB]?\Z")
TRUE = frozenset({"true", "yes", "on"})
FALSE = frozenset({"false", "no", "off"})
LONGEST_NUMBER = 400
"""Characters of one number: far past any float, and short of where Python refuses to read an int."""


def integer(text: str) -> int | None:
    """A whole number as YAML 1.2 and Python both read it; `010` and `12:30` are none."""
    return int(text) if len(text) <= LONGEST_NUMBER and INTEGER.match(text) else None


def number(text: str) -> float | None:
    """A number; `1e-5` is one. Not inf or nan."""
    return float(text) if len(text) <= LONGEST_NUMBER and FLOAT.match(text) else None


def flag(text: str) -> bool | None:
    """True or false, in YAML's words."""
    low = text.lower()
    return True if low in TRUE else False if low in FALSE else None


def size(text: str) -> int | None:
    """Bytes: `65536`, `64 KiB`, `1.5 GiB`; a unit without the i counts in thousands."""
    match = SIZE.match(text) if len(text) <= LONGEST_NUMBER else None
    if match is None:
        return None
    amount, unit, binary = match.groups()
    power = " kMGT".index(unit.replace("K", "k")) if unit else 0
    if binary and not unit:
        return None
    return int(float(amount) * (1024 if binary else 1000) ** power)


def in_bytes(size: float) -> str:
    """A size as a deck would write it."""
    for power, unit in ((3, "GiB"), (2, "MiB"), (1, "KiB")):
        if size >= 1024**power:
            return f"{size / 1024**power:g} {unit}"
    return f"{size:g}"


def plain(text: str) -> object:
    """An unquoted scalar of plain data, by the rules of YAML 1.2: `no` is text, `1e-5` a number."""
    if text in ("", "~", "null", "Null", "NULL"):
        return None
    if text in ("true", "True", "TRUE"):
        return True
    if text in ("false", "False", "FALSE"):
        return False
    if text.lower() in SPECIAL:
        return float(SPECIAL[text.lower()])
    whole = integer(text)
    return whole if whole is not None else number(text) if FLOAT.match(text) else text
