"""Answers pasted with prompts, Markdown fences or an indent: the code without them, on the same lines."""

from __future__ import annotations

import ast
import re
import textwrap
import warnings

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
    for removed in (_without_fences, _without_prompts, _without_indent):
        cleaned, what = removed(answer)
        if what and cleaned.strip() and _compiles(cleaned):
            return cleaned, f"{what} removed from your answer before it was run."
    return answer, None


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
    """Keep the lines after a prompt, without it; the others are output."""
    lines = text.split("\n")
    if not any(PROMPT.match(line) for line in lines):
        return text, ""
    has_cells = any(OUTPUT.match(line) or line.lstrip().startswith("In [") for line in lines)
    kept = [PROMPT.sub("", line, count=1) if PROMPT.match(line) else line if has_cells else "" for line in lines]
    kept = ["" if OUTPUT.match(line) else line for line in kept]
    return textwrap.dedent("\n".join(kept)), "The prompts were"


def _without_indent(text: str) -> tuple[str, str]:
    dedented = textwrap.dedent(text)
    return dedented, "The common indent was" if dedented != text else ""


def _compiles(text: str) -> bool:
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            ast.parse(text)
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return False
    return True
