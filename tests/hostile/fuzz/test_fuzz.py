"""Each target reads a bounded number of inputs, the same each time; `python -m tests.hostile.fuzz` reads more."""

from __future__ import annotations

import pytest
from hypothesis import settings

from tests.hostile.fuzz.runner import explore
from tests.hostile.fuzz.target import NAMES, load

pytestmark = [pytest.mark.slow, pytest.mark.torch]


@pytest.mark.parametrize("name", NAMES)
def test_any_bytes_give_a_value_or_a_documented_error(name: str) -> None:
    target = load(name)
    explore(target, target, settings(max_examples=target.examples, derandomize=True))
