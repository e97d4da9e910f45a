"""Tokens of typed and of printed text: strings, numbers, words, signs and line ends."""

from __future__ import annotations

import re

# The quantifiers are possessive, so that hostile text takes linear time. A closing quote may be missing.
# A sign belongs to a number unless an item ends right before it: `3 -2` is two numbers, `3-2` three tokens.
TOKEN = re.compile(
    r"""(?P<string> (?<!\w)[bBrRuUfF]{0,2} (?: '(?:\\.|[^'\\\n])*+'? | "(?:\\.|[^"\\\n])*+"? ) )
      | (?P<number> (?:(?<![\w.)\]}'"])[-+])?
            (?: (?:\d[\d_]*+(?:\.\d*+)?+ | \.\d++) (?:[eE][-+]?\d++)?+ j? | inf | nan ) (?!\w) )
      | (?P<word> \w+ )
      | (?P<line> \n )
      | (?P<space> [^\S\n]+ )
      | (?P<sign> . )""",
    re.VERBOSE,
)
CLOSING = {"(": ")", "[": "]", "{": "}"}


def find_imbalance(text: str) -> str | None:
    """Return which bracket or quote of `text` is not closed, or closes nothing; None if all are balanced."""
    open_brackets: list[str] = []
    for match in TOKEN.finditer(text):
        token = match[0]
        if match.lastgroup == "string" and not _is_closed(token):
            return f"the quote `{token.lstrip('bBrRuUfF')[0]}` is not closed"
        if token in CLOSING:
            open_brackets.append(token)
        elif token in CLOSING.values():
            if not open_brackets:
                return f"`{token}` closes nothing"
            if CLOSING[open_brackets[-1]] != token:
                return f"`{token}` does not close `{open_brackets[-1]}`"
            open_brackets.pop()
    return f"`{open_brackets[-1]}` is not closed" if open_brackets else None


def _is_closed(string: str) -> bool:
    body = string.lstrip("bBrRuUfF")
    return re.fullmatch(r"""'(?:\\.|[^'\\])*+'|"(?:\\.|[^"\\])*+\"""", body) is not None


def printed_tokens(text: str) -> list[str]:
    """Return the tokens by which printed text is compared.

    Blanks outside strings, line ends within brackets, the style of quotes and line ends at the end do not count, nor
    does how torch pads numbers.
    """
    tokens: list[str] = []
    depth, tensor_depth = 0, None
    has_brackets = find_imbalance(text) is None
    for match in TOKEN.finditer(text.rstrip()):
        token, kind = match[0], match.lastgroup
        if kind == "space" or (kind == "line" and has_brackets and depth):
            continue
        if token in CLOSING:
            depth += 1
            if tensor_depth is None and token == "(" and tokens[-1:] == ["tensor"]:
                tensor_depth = depth
        elif token in CLOSING.values():
            if depth == tensor_depth:
                tensor_depth = None
            depth -= 1
        tokens.append(_spell(token, kind, is_padded=tensor_depth is not None))
    return tokens


def _spell(token: str, kind: str | None, *, is_padded: bool) -> str:
    """Return the one spelling of a token."""
    if kind == "string":
        prefix, quote, body = re.split("(['\"])", token, maxsplit=1)
        return f"{prefix}'" + body.removesuffix(quote).replace(f"\\{quote}", quote)
    return _spell_number(token, is_padded=is_padded) if kind == "number" else token


def _spell_number(token: str, *, is_padded: bool) -> str:
    """Return `1.0` for `1.`; also `0.5` for `0.5000` if the number is padded, as torch does within one tensor."""
    digits = re.split("[eEj]", token, maxsplit=1)[0]
    whole, point, fraction = digits.partition(".")
    if not point:
        return token
    if is_padded:
        fraction = fraction.rstrip("0")
    return f"{whole}.{fraction or '0'}{token[len(digits) :]}"
