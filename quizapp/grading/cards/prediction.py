"""Predictions: what a learner typed is parsed and never evaluated.

A prediction becomes a literal, a name such as `torch.float32`, or a call such as `tensor([1, 2])`, which is not
executed. Everything else is text. `spellings` rewrites other notations as Python.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace

from quizapp.grading.cards.spellings import THOUSANDS, narrow, with_commas, without_autograd
from quizapp.grading.cards.typed_literals import Typed, constant, has_names, read_literal, value_key
from quizapp.grading.cards.typed_tokens import find_imbalance, printed_tokens

MAX_CHARACTERS = 64 << 10
"""A longer prediction is cut."""

EXCEPTION_SUFFIXES = ("Error", "Exception", "Warning", "Exit", "Interrupt", "Iteration")
"""Ends of the names of exception classes."""


@dataclass(frozen=True, slots=True)
class Prediction:
    """A prediction as parsed and as text."""

    typed: Typed
    text: str = field(compare=False)
    """The typed text, without trailing blanks and trailing empty lines."""

    others: tuple[Typed, ...] = field(default=(), compare=False)
    """Other readings of the text: `'a' 'b'` also as two items, `1,000` also as a number."""

    problem: str | None = field(default=None, compare=False)
    """Why the text is neither a literal, a name, a call nor an exception; None if it is one of them."""

    @property
    def readings(self) -> tuple[Typed, ...]:
        """Every reading of the text, the most literal first."""
        return (self.typed, *self.others)

    @property
    def exception_name(self) -> str:
        """The class name if an exception was typed, alone, in front of a message or as a traceback."""
        typed = self.typed
        text = typed.data[0] if typed.form == "call" else str(typed.data) if typed.form == "name" else self.text
        # The last line of a traceback names the class.
        line = text.splitlines()[-1] if text else ""
        return narrow(line).partition(":")[0].strip(" `'\"")

    def is_same_as(self, other: Prediction) -> bool:
        """Return whether both texts spell the same value, or the same printed text."""
        keys = [{value_key(reading) for reading in prediction.readings} for prediction in (self, other)]
        return not keys[0].isdisjoint(keys[1]) or self._printed_tokens == other._printed_tokens

    @property
    def _printed_tokens(self) -> list[str]:
        return printed_tokens(narrow(self.text))


def parse(text: str) -> Prediction:
    """Return the parsed prediction. Never raises: what is not a literal is text."""
    stripped = without_trailing_blanks(text[:MAX_CHARACTERS])
    plain = without_autograd(narrow(stripped.strip()))
    itemised = with_commas(plain)
    literal = read_literal(stripped) or read_literal(plain)
    items = read_literal(itemised) if itemised != plain else None
    number = Typed("int", int(plain.replace(",", ""))) if len(plain) < 100 and THOUSANDS.fullmatch(plain) else None
    # Words without commas are read as items only if a value is expected that they name.
    typed = literal or (items if items and not has_names(items) else None) or Typed("text", stripped)
    others = tuple(reading for reading in (items, number) if reading and reading is not typed)
    prediction = Prediction(typed, stripped, others)
    is_readable = literal or items is typed or is_exception_name(prediction.exception_name)
    return prediction if is_readable else replace(prediction, problem=_find_problem(plain))


def is_exception_name(name: str) -> bool:
    """Return whether a class of this name is an exception, as far as its name says."""
    return name.isascii() and name.replace(".", "_").isidentifier() and name.endswith(EXCEPTION_SUFFIXES)


def unreadable_message(prediction: Prediction, problem: str) -> str:
    """Return what could not be read, and an example that depends only on what was typed.

    The kind of the expected value is often the answer, so the example must not depend on it.
    """
    text = prediction.text.strip()
    if not text:
        return f"Nothing was typed. {_example('')}"
    # A backtick would end the code in the sentence.
    shown = (text if len(text) <= 40 else f"{text[:39]}…").replace("`", "'")
    return f"`{shown}` cannot be read: {problem}. {_example(text)}"


def _example(text: str) -> str:
    """Return a sentence with values in the notation in which the learner began."""
    by_sign = {"tensor": "`tensor([1, 2])`", "{": "`{'a': 1}`", "[": "`[1, 2]`", "(": "`(4, 5)`", "'": "`'text'`"}
    found = next((example for sign, example in by_sign.items() if sign in narrow(text).replace('"', "'")), None)
    examples = found or "`2.5`, `(4, 5)`, `[True, False]`, `tensor([1, 2])`, `float32`, `'text'` or `ValueError`"
    return f"Type a value as Python prints it, such as {examples}."


def _find_problem(text: str) -> str:
    return find_imbalance(text) or "it is not one value, name or exception, and nothing that is typed is computed"


def without_trailing_blanks(text: str) -> str:
    """Return `text` without blanks at the ends of lines and without empty lines at its end."""
    return "\n".join(line.rstrip() for line in text.splitlines()).rstrip("\n")


def describe_reading(prediction: Prediction) -> str:
    """Return how the prediction is parsed, as a hint while the learner is typing."""
    typed = constant(prediction.typed)
    if not prediction.text:
        return "nothing yet"
    if prediction.problem and (imbalance := find_imbalance(prediction.text)):
        return f"text: {imbalance}"
    if typed.form in ("list", "tuple", "set", "dict"):
        count = len(typed.data)
        items = f"{count} item{'' if count == 1 else 's'}"
        return items if typed.bare else f"a {typed.form} of {items}"
    if typed.form == "call":
        return f"a {typed.data[0].rpartition('.')[2]}"
    names = {"none": "None", "name": f"the name `{typed.data}`", "int": "an int", "bytes": "bytes", "text": "text"}
    return names.get(typed.form, f"a {typed.form}")
