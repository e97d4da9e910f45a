"""Loading of the named SQL statements in `sql/*.sql`."""

from __future__ import annotations

from functools import cache
from pathlib import Path

FOLDER = Path(__file__).parent / "sql"
MARK = "-- name: "


@cache
def statements(topic: str) -> dict[str, str]:
    """Return the statements of `sql/<topic>.sql` by name."""
    found: dict[str, str] = {}
    for block in (FOLDER / f"{topic}.sql").read_text(encoding="utf-8").split(MARK)[1:]:
        name, _, statement = block.partition("\n")
        found[name.strip()] = statement.strip().rstrip(";")
    return found
