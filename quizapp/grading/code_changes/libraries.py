"""The names that a program gives to the libraries whose functions take a tensor as their first argument."""

from __future__ import annotations

from quizapp.grading.answer_rules.qualified_names import find_aliases
from quizapp.grading.code_changes.code_tree import CodeTree

USUAL = frozenset({"torch", "F", "nn", "np", "numpy", "pd", "math"})
"""Names that a preamble usually gives, which a tree does not contain."""


def modules_of(code: CodeTree) -> frozenset[str]:
    """Return the names of modules, also of those that the answer imports itself."""
    return USUAL | find_aliases(code.tree).keys()
