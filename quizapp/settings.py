"""Where things live, and the settings that a person may change: file, then environment, then flags."""

from __future__ import annotations

import os
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field, fields, replace
from datetime import time, timedelta
from difflib import get_close_matches
from pathlib import Path
from typing import Any

from quizapp.errors import SettingsError


@dataclass(frozen=True, slots=True)
class Locations:
    """The files of one learner."""

    settings: Path
    data: Path

    @property
    def store(self) -> Path:
        return self.data / "reviews.db"

    @property
    def backups(self) -> Path:
        return self.data / "backups"

    @property
    def cache(self) -> Path:
        return self.data / "cache"


def locations(environment: Mapping[str, str] = os.environ) -> Locations:
    """`PTQUIZ_HOME` if it is set, else the platform's own folders."""
    if home := environment.get("PTQUIZ_HOME"):
        root = Path(home).expanduser().absolute()
        return Locations(root / "settings.toml", root)
    from platformdirs import PlatformDirs

    dirs = PlatformDirs("ptquiz", appauthor=False)
    return Locations(dirs.user_config_path / "settings.toml", dirs.user_data_path)


@dataclass(frozen=True, slots=True)
class Settings:
    """What a learner may set; the names are the keys of settings.toml."""

    decks: tuple[str, ...] = ()
    """Deck files and folders beside the shipped ones."""

    language: str = ""
    """Cards are shown in this language where a translation exists: `zh`."""

    theme: str = "textual-dark"
    two_buttons: bool = False
    """Rate with Again and Good only."""

    desired_retention: float = 0.9
    deck_retention: Mapping[str, float] = field(default_factory=dict)
    tag_retention: Mapping[str, float] = field(default_factory=dict)
    learning_steps: tuple[int, ...] = (1, 10)
    """Minutes between the first showings of a new card."""

    relearning_steps: tuple[int, ...] = (10,)
    """Minutes until a forgotten card comes again."""

    day_starts: str = "04:00"
    """Local time at which a new day of reviews begins."""

    new_per_day: int = 10
    reviews_per_day: int = 200
    minutes_per_day: int = 0
    """0: no limit in minutes."""

    order: str = "due"
    """`due`, `retrievability`, `random` or `deck`."""

    new_cards: str = "mixed"
    """`mixed`, `first` or `last`."""

    leech_lapses: int = 8
    """A card forgotten this often is a leech."""

    keys: Mapping[str, str] = field(default_factory=dict)
    """Action id -> key."""

    @property
    def day_offset(self) -> timedelta:
        """How long after midnight a day begins."""
        start = time.fromisoformat(self.day_starts)
        return timedelta(hours=start.hour, minutes=start.minute)


CHOICES = {"order": ("due", "retrievability", "random", "deck"), "new_cards": ("mixed", "first", "last")}
RANGES: dict[str, tuple[float, float]] = {
    "desired_retention": (0.7, 0.99),
    "new_per_day": (0, 9999),
    "reviews_per_day": (0, 9999),
    "minutes_per_day": (0, 1440),
    "leech_lapses": (1, 99),
}


def read_settings(path: Path) -> Settings:
    """Settings from a TOML file; the defaults where there is none. Raises SettingsError."""
    try:
        data = tomllib.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        return Settings()
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise SettingsError(f"{path}: {error}", "mend that line, or move the file away to start afresh") from error
    except OSError as error:
        raise SettingsError(f"{path}: {error.strerror}", "make the file readable") from error
    settings = Settings()
    for key, value in data.items():
        settings = changed(settings, key, value, where=f"{path}: ")
    return settings


def changed(settings: Settings, key: str, value: Any, where: str = "") -> Settings:
    """`settings` with one key set; raises SettingsError for a name or value that does not fit."""
    defaults = {f.name: getattr(Settings(), f.name) for f in fields(Settings)}
    if key not in defaults:
        near = get_close_matches(key, defaults, 1)
        raise SettingsError(
            f"{where}`{key}` is not a setting",
            f"did you mean `{near[0]}`?" if near else "settings are: " + ", ".join(defaults),
        )
    return replace(settings, **{key: _fitting(key, value, defaults[key], where)})


def _fitting(key: str, value: Any, default: Any, where: str) -> Any:
    if isinstance(default, tuple):
        item: type = int if key.endswith("_steps") else str
        if not isinstance(value, list | tuple) or not all(type(v) is item for v in value):
            raise SettingsError(f"{where}`{key}` is not a list of {item.__name__}: `{value}`")
        if item is int and any(minutes <= 0 for minutes in value):
            raise SettingsError(f"{where}`{key}` has a step that is not positive: `{value}`")
        return tuple(value)
    if isinstance(default, Mapping):
        item = str if key == "keys" else float
        if not isinstance(value, Mapping) or not all(isinstance(v, item) for v in value.values()):
            raise SettingsError(f"{where}`{key}` is not a table of {item.__name__}: `{value}`")
        for name, number in value.items():
            if item is float:
                _in_range("desired_retention", number, f"{where}{key}: `{name}`: ")
        return dict(value)
    if isinstance(default, float) and type(value) is int:
        value = float(value)
    if type(value) is not type(default):
        raise SettingsError(f"{where}`{key}` is not a {type(default).__name__}: `{value}`")
    if key in CHOICES and value not in CHOICES[key]:
        raise SettingsError(f"{where}`{key}` is `{value}`", "choose one of: " + ", ".join(CHOICES[key]))
    if key == "day_starts":
        _a_time(value, where)
    _in_range(key, value, where)
    return value


def _in_range(key: str, value: Any, where: str) -> None:
    low, high = RANGES.get(key, (None, None))
    if low is not None and high is not None and not low <= value <= high:
        raise SettingsError(f"{where}`{key}` is `{value}`", f"choose a number from {low:g} to {high:g}")


def _a_time(value: str, where: str) -> None:
    try:
        time.fromisoformat(value)
    except ValueError:
        raise SettingsError(f"{where}`day_starts` is not a time: `{value}`", "write one such as `04:00`") from None
