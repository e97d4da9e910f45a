"""Rules between the fields of one card: which fields a kind has, and how checks and solution relate."""

from __future__ import annotations

from quizapp.decks.card import Cap, CardKind, Position
from quizapp.decks.parsing.expressions import bare_name_hint
from quizapp.decks.parsing.node_decoder import Decoder, Values

NOT_FOR: dict[CardKind, dict[str, str]] = {
    CardKind.CODE: {
        "choices": "set `kind: choice`, or remove it",
        "proof": "set `kind: choice`, or remove it",
        "distract": "set `kind: order`, or remove it",
    },
    CardKind.PREDICT: {
        "starter": "remove it: the learner types a value, not code",
        "solution": "remove it: the solution is the value of `see`",
        "choices": "set `kind: choice`, or remove it",
        "proof": "set `kind: choice`, or remove it",
        "distract": "set `kind: order`, or remove it",
        "equivalent": "remove it: there is no solution to change",
    },
    CardKind.CHOICE: {
        "starter": "remove it: the learner chooses and writes nothing",
        "solution": "remove it: the choices marked `right` are the solution",
        "checks": "remove it, and put assertions into `proof`",
        "distract": "set `kind: order`, or remove it",
        "accept": "remove it, and mark the choice `right: true`",
        "wrong": "remove it, and give the choice a `says`",
        "equivalent": "remove it: there is no solution to change",
    },
    CardKind.ORDER: {
        "starter": "remove it: the editor opens with the shuffled lines",
        "choices": "set `kind: choice`, or remove it",
        "proof": "set `kind: choice`, or remove it",
    },
}


def check_rules(values: Values, kind: CardKind, position: Position, preamble: str, decoder: Decoder) -> None:
    """Add the problems between the fields of one card; those of single fields have been added before."""
    _CardRules(values, kind, position, preamble, decoder).check()


class _CardRules:
    def __init__(self, values: Values, kind: CardKind, position: Position, preamble: str, decoder: Decoder) -> None:
        self.values = values
        self.kind = kind
        self.position = position
        self.preamble = preamble
        self.decoder = decoder

    def check(self) -> None:
        for name, hint in NOT_FOR[self.kind].items():
            if self.values.get(name):
                article = "an" if self.kind is CardKind.ORDER else "a"
                self._add("wrong-kind", name, f"{article} {self.kind} card has no `{name}`", hint)
        if self.kind is CardKind.CHOICE:
            self._check_choices()
        else:
            self._check_checks()
        self._compile_answers()
        self._check_function_names()
        self._check_budget()

    def _check_function_names(self) -> None:
        """Check that `forbid`, `require` and `allow` contain full names, and none is both forbidden and required."""
        program = self.preamble + self.values.get("given", "")
        for field in ("forbid", "require", "allow"):
            for index, name in enumerate(self.values.get(field, ())):
                if hint := bare_name_hint(name, program):
                    message = f"`{name}` is neither a construct nor the full name of a function"
                    self._add("bad-function", f"{field}[{index}]", message, hint)
        for index, name in enumerate(self.values.get("require", ())):
            if name in self.values.get("forbid", ()):
                message = f"`{name}` is both forbidden and required"
                self._add("contradiction", f"require[{index}]", message, "keep one of the two")

    def _check_budget(self) -> None:
        """Check that a multiple of what the solution uses has a solution to be measured by."""
        for name, cap in self.values.get("budget", {}).items():
            if isinstance(cap, Cap) and cap.is_relative and not self.values.get("solution"):
                message = f"`budget.{name}` is a multiple of what the solution uses, and there is no `solution`"
                self._add("no-solution", f"budget.{name}", message, "write a number, or add `solution:`")

    def _add(self, kind: str, path: str, message: str, hint: str) -> None:
        positions = self.decoder.positions
        position = positions.get(path) or positions.get(f"{path}[0]") or self.position
        self.decoder.problems.add(kind, position, message, hint)

    def _check_choices(self) -> None:
        if "choices" not in self.values:
            if "choices" not in self.decoder.seen:
                self._add("missing-key", "", "a choice card has no `choices`", "add `choices:`")
            return
        choices = self.values["choices"]
        if "choices" in self.decoder.incomplete:
            return
        if not any(choice.get("right") for choice in choices):
            self._add("no-right-choice", "choices", "no choice is right", "mark one or more with `right: true`")
        if len(choices) < 2:
            self._add("too-few", "choices", "fewer than two choices", "add more choices")
        seen: set[str] = set()
        for index, choice in enumerate(choices):
            text = choice.get("text", "").strip()
            if text and text in seen:
                self._add("duplicate", f"choices[{index}].text", "this choice occurs twice", "remove one of the two")
            seen.add(text)

    def _check_checks(self) -> None:
        checks = self.values.get("checks")
        if not checks:
            if "checks" not in self.decoder.seen or (checks is not None and "checks" not in self.decoder.incomplete):
                self._add(
                    "missing-key", "checks", "the card has no checks", "add `checks:` with at least one expression"
                )
            return
        if not any(check.get("points", 1) > 0 for check in checks):
            self._add("no-points", "checks", "no check is worth a point", "set `points: 1` on one of them")
        for index, check in enumerate(checks):
            if "raises" in check and "equals" in check:
                path = f"checks[{index}].raises"
                self._add(
                    "contradiction",
                    path,
                    "a check that raises has no value to compare with `equals`",
                    "keep one of the two",
                )
        if self.kind is CardKind.PREDICT:
            if len(checks) > 1:
                self._add(
                    "too-many-checks", "checks[1]", "a predict card has only one check", "split it into several cards"
                )
        elif "solution" not in self.decoder.seen and "checks" not in self.decoder.incomplete:
            self._add_no_solution(all("equals" in check for check in checks))

    def _add_no_solution(self, all_equal: bool) -> None:
        if self.kind is CardKind.ORDER:
            self._add("no-solution", "", "an order card has no `solution`", "add the lines in a right order")
        elif not all_equal:
            message = "the card has neither a `solution` nor an `equals` on every check"
            self._add("no-solution", "", message, "add `solution:`, or `equals:` to each check")

    def _compile_answers(self) -> None:
        """Add `accept` and `wrong` to the code to compile if they are programs; a wrong order need not be valid."""
        for path, node in self.decoder.answers.items():
            if self.kind is CardKind.CODE or (self.kind is CardKind.ORDER and path.startswith("accept")):
                self.decoder.code.append((node, path, "exec"))
