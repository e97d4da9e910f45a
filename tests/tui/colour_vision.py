"""Contrast and colour distance, as seen with each kind of colour vision.

Colours are sRGB components from 0 to 255. The matrices, for people without one kind of cone, apply to linear RGB; they
are those of Machado, Oliveira and Fernandes (2009), "A physiologically-based model for simulation of color vision
deficiency".
"""

from __future__ import annotations

from collections.abc import Sequence
from math import dist

Matrix = tuple[tuple[float, float, float], ...]
Vector = tuple[float, float, float]

VISIONS: dict[str, Matrix] = {
    "normal": ((1, 0, 0), (0, 1, 0), (0, 0, 1)),
    "protanopia": (
        (0.152286, 1.052583, -0.204868),
        (0.114503, 0.786281, 0.099216),
        (-0.003882, -0.048116, 1.051998),
    ),
    "deuteranopia": (
        (0.367322, 0.860646, -0.227968),
        (0.280085, 0.672501, 0.047413),
        (-0.011820, 0.042940, 0.968881),
    ),
    "tritanopia": (
        (1.255528, -0.076749, -0.178779),
        (-0.078411, 0.930809, 0.147602),
        (0.004733, 0.691367, 0.303900),
    ),
}

TO_XYZ: Matrix = (
    (0.4124564, 0.3575761, 0.1804375),
    (0.2126729, 0.7151522, 0.0721750),
    (0.0193339, 0.1191920, 0.9503041),
)
D65: Vector = (0.95047, 1.0, 1.08883)


def _linear(colour: Sequence[int]) -> Vector:
    red, green, blue = (part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in _unit(colour))
    return red, green, blue


def _unit(colour: Sequence[int]) -> list[float]:
    return [part / 255 for part in colour]


def _times(matrix: Matrix, vector: Vector) -> Vector:
    first, second, third = (sum(a * b for a, b in zip(row, vector, strict=True)) for row in matrix)
    return first, second, third


def contrast(one: Sequence[int], other: Sequence[int]) -> float:
    """Return the contrast ratio of WCAG 2.1, from 1 to 21."""
    darker, lighter = sorted(_times(TO_XYZ, _linear(colour))[1] for colour in (one, other))
    return (lighter + 0.05) / (darker + 0.05)


def distance(one: Sequence[int], other: Sequence[int], vision: str) -> float:
    """Return the distance in CIELAB (CIE 1976); about 2.3 is just noticeable."""
    return dist(_lab(one, vision), _lab(other, vision))


def _lab(colour: Sequence[int], vision: str) -> Vector:
    red, green, blue = (min(max(part, 0.0), 1.0) for part in _times(VISIONS[vision], _linear(colour)))
    xyz = _times(TO_XYZ, (red, green, blue))
    x, y, z = (_root(part / white) for part, white in zip(xyz, D65, strict=True))
    return 116 * y - 16, 500 * (x - y), 200 * (y - z)


def _root(ratio: float) -> float:
    return ratio ** (1 / 3) if ratio > (6 / 29) ** 3 else ratio * (29 / 6) ** 2 / 3 + 4 / 29
