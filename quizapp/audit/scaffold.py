"""The first file of a new deck: small, complete, and already proved by `ptquiz check`."""

from __future__ import annotations

import json
import re
from pathlib import Path

from quizapp.decks.fields import SLUG
from quizapp.decks.json_schema import json_schema
from quizapp.decks.parsing.syntax_hints import quoted
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
      `torch.cat` joins along a dimension that is there already; `torch.stack` makes a new one. All the other
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
      - Which function joins tensors along a dimension that they already have?
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
        says: That is how many elements there are, not the shape.
    checks: [stdout]
    hints:
      - What are rows before the swap are columns after it.
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
        says: It joins along a dimension that is there already.
    proof: |
      x = torch.zeros(2, 3)
      assert torch.stack((x, x)).dim() == 3
      assert torch.cat((x, x)).dim() == 2
    hints:
      - Count the dimensions of each result.
    note: |
      Stacking needs tensors of one shape and puts a new dimension in front. Joining lengthens one that is there.
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
      The gradient has to exist before it is used. The weight is a leaf, so it is changed where nothing is tracked.
""",
}


def deck_text(slug: str, title: str = "", description: str = "", kinds: tuple[str, ...] = ("code",)) -> str:
    """The text of a new deck with one card of each kind in `kinds`. Raises UsageError for a bad slug or kind."""
    if not re.fullmatch(SLUG, slug):
        raise UsageError(
            f"`{slug}` is not a name for a deck", "use small letters, digits and dashes: `joining-tensors`"
        )
    if unknown := [kind for kind in kinds if kind not in CARDS]:
        raise UsageError(f"`{unknown[0]}` is not a kind of card", "choose from: " + ", ".join(CARDS))
    named = title.strip() or slug.replace("-", " ").capitalize()
    cards = "\n".join(CARDS[kind].format(slug=slug) for kind in kinds or ("code",))
    about = f"description: {_scalar(description.strip())}\n" if description.strip() else ""
    return MODELINE + DECK.format(slug=slug, title=_scalar(named), description=about, cards=cards)


def _scalar(text: str) -> str:
    """`text` as YAML, in quotes where it needs them."""
    return text if re.fullmatch(r"[A-Za-z][\w ,.()/+-]*", text) else quoted(text)


def new_deck(
    folder: Path, slug: str, title: str = "", description: str = "", kinds: tuple[str, ...] = ("code",)
) -> Path:
    """Write a new deck into `folder`, and the schema that its first line names where there is none.

    Never writes over a file that is there. Raises UsageError.
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
        raise UsageError(f"{path} is there already", "choose another name, or remove it first") from None
    except OSError as error:
        raise UsageError(f"{path} cannot be written: {error.strerror}", "choose another folder") from error
    return path
