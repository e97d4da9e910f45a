"""Writes one setting into settings.toml and leaves everything else in it as it was, comments too."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from quizapp.errors import SettingsError
from quizapp.settings import Settings


def write_setting(path: Path, key: str, value: Any) -> None:
    """Set `key`, or take it out where it is the default again. Raises SettingsError."""
    import tomlkit
    from tomlkit.exceptions import TOMLKitError

    try:
        document = tomlkit.parse(path.read_text(encoding="utf-8") if path.exists() else "")
        if value == getattr(Settings(), key):
            document.pop(key, None)
        else:
            document[key] = list(value) if isinstance(value, tuple) else value
        path.parent.mkdir(parents=True, exist_ok=True)
        spare = path.with_suffix(".toml.new")
        spare.write_text(tomlkit.dumps(document), encoding="utf-8")
        # Replaced in one step: a crash leaves the old file or the new one.
        spare.replace(path)
    except (TOMLKitError, UnicodeDecodeError) as error:
        raise SettingsError(f"{path}: {error}", "mend that line by hand first") from error
    except OSError as error:
        raise SettingsError(f"{path}: {error.strerror}", "make the file writable") from error


def typed(text: str, like: Any) -> Any:
    """What was typed into a field, as a value of the default's kind; the text itself where it is none."""
    bare = text.strip()
    if isinstance(like, str):
        return bare
    if isinstance(like, tuple):
        parts = [part.strip() for part in bare.split(",") if part.strip()]
        return tuple(int(part) if part.isascii() and part.isdigit() else part for part in parts)
    if isinstance(like, bool):
        return {"true": True, "yes": True, "on": True, "false": False, "no": False, "off": False}.get(
            bare.lower(), bare
        )
    try:
        return tomllib.loads(f"value = {bare}")["value"]
    except tomllib.TOMLDecodeError:
        return bare


def shown(value: Any) -> str:
    """A value as it is typed."""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, tuple):
        return ", ".join(map(str, value))
    if isinstance(value, Mapping):
        return "{" + ", ".join(f'"{key}" = {_quoted(item)}' for key, item in value.items()) + "}"
    return str(value)


def _quoted(item: Any) -> str:
    return f'"{item}"' if isinstance(item, str) else str(item)
