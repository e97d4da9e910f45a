"""Writes a new deck: one small, complete card of each kind that already passes `ptquiz check`."""

from __future__ import annotations

import json
import re
from pathlib import Path

from quizapp.decks.fields import SLUG
from quizapp.decks.json_schema import json_schema
from quizapp.decks.parsing.quoting import quoted
from quizapp.errors import UsageError

SCHEMA = "deck.schema.json"
MODELINE = f"# yaml-language-server: $schema={SCHEMA}\n"

DECK = """\
format: 1
deck: {slug}
title: {title}
{description}preamble: |
  import torch
cards:
{cards}"""

CARDS = {
    "code": """\
  - id: {slug}-first
    title: Join along the rows
    question: |
      Join `x` to itself so that the result has twice as many rows. Bind it to `answer`.
    note: |
      `torch.cat` joins along an existing dimension; `torch.stack` makes a new one. The sizes of all other
      dimensions have to agree.
    level: 1
    minutes: 2
    given: |
      x = torch.randn(2, 3)
    starter: |
      answer = ...
    solution: |
      answer = torch.cat((x, x), dim=0)
    wrong:
      - code: answer = torch.cat((x, x), dim=1)
        says: Dimension 1 runs along a row, so this doubles the columns.
      - code: answer = torch.stack((x, x))
        says: "`stack` makes a new dimension: this has shape `(2, 2, 3)`."
    checks:
      - answer
    hints:
      - Which function joins tensors along an existing dimension?
      - Rows are counted by the first dimension.
    trials: 3
""",
    "predict": """\
  - id: {slug}-predict
    kind: predict
    question: What does the last line print?
    given: |
      x = torch.zeros(2, 3)
      print(tuple(x.T.shape))
    wrong:
      - code: (2, 3)
        says: "`x.T` swaps the two dimensions."
      - code: "6"
        says: That is the number of elements, not the shape.
    checks: [stdout]
    hints:
      - The rows before the swap are the columns after it.
    note: |
      `x.T` describes the same memory with its dimensions swapped, so it costs nothing. It is meant for matrices.
""",
    "choice": """\
  - id: {slug}-choice
    kind: choice
    question: Which of these gives a new dimension?
    choices:
      - text: "`torch.stack`"
        right: true
      - text: "`torch.cat`"
        says: It joins along an existing dimension.
    proof: |
      x = torch.zeros(2, 3)
      assert torch.stack((x, x)).dim() == 3
      assert torch.cat((x, x)).dim() == 2
    hints:
      - Count the dimensions of each result.
    note: |
      Stacking needs tensors of one shape and adds a new first dimension. Joining extends an existing one.
""",
    "order": """\
  - id: {slug}-order
    kind: order
    question: Put the steps of one update in order.
    given: |
      w = torch.tensor(1.0, requires_grad=True)
    solution: |
      loss = (w * 3 - 1) ** 2
      loss.backward()
      with torch.no_grad(): w -= 0.1 * w.grad
    checks: [w.detach()]
    hints:
      - Which line fills the gradient that another line uses?
    note: |
      The gradient has to exist before it is used. The weight is a leaf, so it is updated under `no_grad`.
""",
}


def deck_text(slug: str, title: str = "", description: str = "", kinds: tuple[str, ...] = ("code",)) -> str:
    """Return the text of a new deck with one card of each kind in `kinds`. Raises UsageError for a bad slug or kind."""
    if not re.fullmatch(SLUG, slug):
        raise UsageError(
            f"`{slug}` is not a valid deck name", "use lower-case letters, digits and hyphens: `joining-tensors`"
        )
    if unknown := [kind for kind in kinds if kind not in CARDS]:
        raise UsageError(f"unknown kind of card: `{unknown[0]}`", "choose from: " + ", ".join(CARDS))
    named = title.strip() or slug.replace("-", " ").capitalize()
    cards = "\n".join(CARDS[kind].format(slug=slug) for kind in kinds or ("code",))
    about = f"description: {_scalar(description.strip())}\n" if description.strip() else ""
    return MODELINE + DECK.format(slug=slug, title=_scalar(named), description=about, cards=cards)


def _scalar(text: str) -> str:
    """Return `text` as a YAML scalar, quoted if necessary."""
    return text if re.fullmatch(r"[A-Za-z][\w ,.()/+-]*", text) else quoted(text)


def new_deck(
    folder: Path, slug: str, title: str = "", description: str = "", kinds: tuple[str, ...] = ("code",)
) -> Path:
    """Write a new deck into `folder`, and the schema that its first line names if it is missing; return its path.

    Raises UsageError if the file exists or cannot be written, or for a bad slug or kind.
    """
    path = folder / f"{slug}.yaml"
    text = deck_text(slug, title, description, kinds)
    try:
        folder.mkdir(parents=True, exist_ok=True)
        with path.open("x", encoding="utf-8") as file:
            file.write(text)
        schema = folder / SCHEMA
        if not schema.exists():
            schema.write_text(json.dumps(json_schema(), indent=2) + "\n", encoding="utf-8")
    except FileExistsError:
        if not folder.is_dir():
            raise UsageError(f"cannot write {path}: {folder} is not a folder", "choose another folder") from None
        raise UsageError(f"{path} already exists", "choose another name, or remove it first") from None
    except OSError as error:
        raise UsageError(f"cannot write {path}: {error.strerror}", "choose another folder") from error
    return path
