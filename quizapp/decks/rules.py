"""What one card's fields must be to each other: by kind, and between checks and solution."""

from __future__ import annotations

from quizapp.decks.card import CardKind, Position
from quizapp.decks.parsing.expressions import is_nobodys
from quizapp.decks.parsing.node_decoder import Decoder, Values

NOT_FOR: dict[CardKind, dict[str, str]] = {
    CardKind.CODE: {
        "choices": "say `kind: choice`, or remove it",
        "proof": "say `kind: choice`, or remove it",
        "distract": "say `kind: order`, or remove it",
    },
    CardKind.PREDICT: {
        "starter": "remove it: the learner types a value, not code",
        "solution": "remove it: the solution is what `see` gives",
        "choices": "say `kind: choice`, or remove it",
        "proof": "say `kind: choice`, or remove it",
        "distract": "say `kind: order`, or remove it",
        "equivalent": "remove it: there is no solution to change",
    },
    CardKind.CHOICE: {
        "starter": "remove it: the learner chooses and writes nothing",
        "solution": "remove it: the choices marked `right` are the solution",
        "checks": "remove it, and put assertions into `proof`",
        "distract": "say `kind: order`, or remove it",
        "accept": "remove it, and mark the choice `right: true`",
        "wrong": "remove it, and give the choice a `says`",
        "equivalent": "remove it: there is no solution to change",
    },
    CardKind.ORDER: {
        "starter": "remove it: the editor opens with the shuffled lines",
        "choices": "say `kind: choice`, or remove it",
        "proof": "say `kind: choice`, or remove it",
    },
}


def check(values: Values, kind: CardKind, place: Position, preamble: str, decoder: Decoder) -> None:
    """Tell what is wrong between the fields of one card, whose own problems have been told."""
    _Rules(values, kind, place, preamble, decoder).check()


class _Rules:
    def __init__(self, values: Values, kind: CardKind, place: Position, preamble: str, decoder: Decoder) -> None:
        self.values = values
        self.kind = kind
        self.place = place
        self.preamble = preamble
        self.decoder = decoder

    def check(self) -> None:
        for name, hint in NOT_FOR[self.kind].items():
            if self.values.get(name):
                article = "an" if self.kind is CardKind.ORDER else "a"
                self._tell("wrong-kind", name, f"{article} {self.kind} card has no `{name}`", hint)
        if self.kind is CardKind.CHOICE:
            self._choices()
        else:
            self._checks()
        self._answers()
        self._functions()

    def _functions(self) -> None:
        """`forbid` and `require`: full names, and none in both."""
        program = self.preamble + self.values.get("given", "")
        for field in ("forbid", "require"):
            for index, name in enumerate(self.values.get(field, ())):
                if hint := is_nobodys(name, program):
                    message = f"`{name}` is neither a construct nor a function's full name"
                    self._tell("bad-function", f"{field}[{index}]", message, hint)
        for index, name in enumerate(self.values.get("require", ())):
            if name in self.values.get("forbid", ()):
                message = f"`{name}` is both forbidden and required"
                self._tell("contradiction", f"require[{index}]", message, "keep one of the two")

    def _tell(self, kind: str, path: str, message: str, hint: str) -> None:
        place = self.decoder.places.get(path) or self.decoder.places.get(f"{path}[0]") or self.place
        self.decoder.problems.add(kind, place, message, hint)

    def _choices(self) -> None:
        if "choices" not in self.values:
            if "choices" not in self.decoder.seen:
                self._tell("missing-key", "", "a choice card has no `choices`", "add `choices:`")
            return
        choices = self.values["choices"]
        if "choices" in self.decoder.incomplete:
            return
        if not any(choice.get("right") for choice in choices):
            self._tell("no-right-choice", "choices", "no choice is right", "mark one or more with `right: true`")
        if len(choices) < 2:
            self._tell("too-few", "choices", "fewer than two choices", "offer two or more")
        seen: set[str] = set()
        for index, choice in enumerate(choices):
            text = choice.get("text", "").strip()
            if text and text in seen:
                self._tell(
                    "duplicate", f"choices[{index}].text", "this choice is offered twice", "remove one of the two"
                )
            seen.add(text)

    def _checks(self) -> None:
        checks = self.values.get("checks")
        if not checks:
            if "checks" not in self.decoder.seen or (checks is not None and "checks" not in self.decoder.incomplete):
                self._tell(
                    "missing-key", "checks", "the card has no checks", "add `checks:` with one or more expressions"
                )
            return
        if not any(check.get("points", 1) > 0 for check in checks):
            self._tell("no-points", "checks", "no check is worth a point", "give one of them `points: 1`")
        for index, one in enumerate(checks):
            if "raises" in one and "equals" in one:
                path = f"checks[{index}].raises"
                self._tell("contradiction", path, "a check that raises has no value to equal", "keep one of the two")
        if self.kind is CardKind.PREDICT:
            if len(checks) > 1:
                self._tell("too-many-checks", "checks[1]", "a predict card has one check", "make a card of each")
        elif "solution" not in self.decoder.seen and "checks" not in self.decoder.incomplete:
            self._solution(all("equals" in one for one in checks))

    def _solution(self, all_equal: bool) -> None:
        if self.kind is CardKind.ORDER:
            self._tell("no-solution", "", "an order card has no `solution`", "add the lines in a right order")
        elif not all_equal:
            message = "the card has neither a `solution` nor an `equals` on every check"
            self._tell("no-solution", "", message, "add `solution:`, or `equals:` to each check")

    def _answers(self) -> None:
        """Compile `accept` and `wrong` where they are programs; a wrong order need not be one."""
        for path, node in self.decoder.nodes.items():
            if self.kind is CardKind.CODE or (self.kind is CardKind.ORDER and path.startswith("accept")):
                self.decoder.code.append((node, path, "exec"))
