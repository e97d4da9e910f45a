"""Styles of text that several screens share."""

from __future__ import annotations

MUTED = "$text 60%"
"""Style of secondary text. `$text-muted` depends on the background, which a span of text does not have."""
