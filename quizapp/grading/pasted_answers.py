"""Answers pasted with prompts, Markdown fences or an indent: the code without them, on the same lines."""

from __future__ import annotations

import ast
import re
import textwrap

from quizapp.decks.parsing.python_syntax import ignore_warnings
from quizapp.grading.answer_rules.qualified_names import parse_or_none
from quizapp.text.pasted_code import clean_code

PROMPT = re.compile(r"[ \t]*(?:>>>|\.\.\.|In \[\d*\]:|\.{2,}:)(?: |$)")
OUTPUT = re.compile(r"[ \t]*Out\[\d*\]:")
FENCE = re.compile(r"[ \t]*(?:```|~~~)\w*[ \t]*$")


def clean_pasted_answer(answer: str) -> tuple[str, str | None]:
    """Return the answer as code, and a sentence on what was removed.

    An answer that compiles, or that would not compile afterwards either, is unchanged. Lines keep their
    numbers: what is removed leaves empty lines.
    """
    if _compiles(answer):
        return answer, None
    plain = clean_code(answer)
    for removed in (_without_unusual_spaces, _without_fences, _without_prompts, _without_indent):
        cleaned, what = removed(plain)
        if what and cleaned.strip() and _compiles(cleaned):
            return cleaned, f"{what} removed from your answer before it was run."
    return answer, None


def _without_unusual_spaces(plain: str) -> tuple[str, str]:
    return plain, "Unusual spaces and invisible characters were"


def _without_fences(text: str) -> tuple[str, str]:
    lines = text.split("\n")
    if not any(FENCE.match(line) for line in lines):
        return text, ""
    inside, kept = False, []
    for line in lines:
        is_fence = bool(FENCE.match(line))
        kept.append(line if inside and not is_fence else "")
        inside ^= is_fence
    code = textwrap.dedent("\n".join(kept))
    if _compiles(code):
        return code, "The Markdown fences were"
    return _without_prompts(code)[0], "The Markdown fences and prompts were"


def _without_prompts(text: str) -> tuple[str, str]:
    """Keep the lines after a prompt, without it; the others are output, unless they are statements."""
    lines = text.split("\n")
    if not any(PROMPT.match(line) for line in lines):
        return text, ""
    others = ["" if PROMPT.match(line) or OUTPUT.match(line) else line for line in lines]
    if not _has_statements("\n".join(others)):
        others = [""] * len(lines)
    kept = [
        PROMPT.sub("", line, count=1) if PROMPT.match(line) else other
        for line, other in zip(lines, others, strict=True)
    ]
    return textwrap.dedent("\n".join(kept)), "The prompts were"


def _has_statements(text: str) -> bool:
    """Return whether text contains more than expressions, which are what a prompt prints."""
    tree = _parse(textwrap.dedent(text))
    if tree is None:
        # Notebook syntax and code that is cut in two are no output either; a traceback is.
        return not re.search(r"^Traceback |Error\b", text, re.MULTILINE)
    return any(not isinstance(node, ast.Expr) for node in tree.body)


def _without_indent(text: str) -> tuple[str, str]:
    dedented = textwrap.dedent(text)
    return dedented, "The common indent was" if dedented != text else ""


def _compiles(text: str) -> bool:
    return _parse(text) is not None


def _parse(text: str) -> ast.Module | None:
    with ignore_warnings():
        return parse_or_none(text)
