"""Write one setting to settings.toml, keeping everything else in the file, including comments."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from quizapp.errors import SettingsError
from quizapp.settings import Settings
from quizapp.text.files import NotUtf8Error, decode_text, replaced

MAX_DIGITS = 20
"""Digits of a number that is read from a list. Python converts at most 4,300."""


def write_setting(path: Path, key: str, value: Any) -> None:
    """Set `key`, or remove it if `value` is the default. Raises SettingsError if the file cannot be read or written."""
    # Imported here because it is slow to import and only needed to save a setting.
    import tomlkit
    from tomlkit.exceptions import TOMLKitError

    try:
        document = tomlkit.parse(decode_text(path.read_bytes()) if path.exists() else "")
        if value == getattr(Settings(), key):
            document.pop(key, None)
        else:
            document[key] = list(value) if isinstance(value, tuple) else value
        path.parent.mkdir(parents=True, exist_ok=True)
        with replaced(path) as partial:
            partial.write_text(tomlkit.dumps(document), encoding="utf-8", newline="")
    except NotUtf8Error as error:
        raise SettingsError(f"{path}:{error.line}:{error.column}: {error.message}", "save the file as UTF-8") from error
    except (TOMLKitError, ValueError, RecursionError) as error:
        raise SettingsError(f"{path}: {error}", "fix that line in an editor first") from error
    except OSError as error:
        raise SettingsError(f"{path}: {error.strerror}", "make the file writable") from error


def parse_value(text: str, default: Any) -> Any:
    """Return a field's text as a value of the default's type, or the text itself if it cannot be parsed."""
    bare = text.strip()
    if isinstance(default, str):
        return bare
    if isinstance(default, tuple):
        parts = [part.strip() for part in bare.split(",") if part.strip()]
        return tuple(
            int(part) if part.isascii() and part.isdigit() and len(part) < MAX_DIGITS else part for part in parts
        )
    if isinstance(default, bool):
        return {"true": True, "yes": True, "on": True, "false": False, "no": False, "off": False}.get(
            bare.lower(), bare
        )
    try:
        return tomllib.loads(f"value = {bare}")["value"]
    except (ValueError, RecursionError):
        return bare


def format_value(value: Any) -> str:
    """Return a value as the text that `parse_value` reads."""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, tuple):
        return ", ".join(map(str, value))
    if isinstance(value, Mapping):
        return "{" + ", ".join(f'"{key}" = {_quoted(item)}' for key, item in value.items()) + "}"
    return str(value)


def _quoted(item: Any) -> str:
    return f'"{item}"' if isinstance(item, str) else str(item)
