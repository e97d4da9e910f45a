"""The programs that an answer or a reference becomes by one change, and which of them explain a wrong answer."""

from __future__ import annotations

import ast
import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from itertools import islice
from typing import Protocol

from quizapp.decks.card import Card, Check
from quizapp.grading.answer_rules.qualified_names import parse_or_none
from quizapp.grading.code_changes.catalogue import find_edits
from quizapp.grading.code_changes.code_tree import CodeTree
from quizapp.grading.code_changes.edits import Edit, Said
from quizapp.grading.code_changes.rules.ingredients import find_ingredients
from quizapp.grading.judge_protocol import Comparison, Finding, Side, is_identical
from quizapp.grading.runs import build_run
from quizapp.grading.scoring import Trial, build_comparison
from quizapp.sandbox.protocol import Ending, Observation, Report, Run

MOST_CHANGES = 160
"""Changed programs that are run in one search."""

MOST_SECONDS = 5.0
"""Time of all runs for one answer together, after which the search ends."""

SECONDS = 1.0
"""Time limit of one changed program, which may never end."""

BATCH = 12
"""Changed programs between two requests to the judge."""

MOST_KINDS = 3
"""Kinds of mistakes that are named if the answer's values do not show which it is."""

THREADS = 4
MOST_CHARACTERS = 20_000
MOST_NODES = 1500
"""Characters, and nodes of the syntax tree, of the longest program that is changed."""

CERTAIN = 12
"""Bits of the values of all checks from which an agreement is no coincidence."""

LEAST = 8
"""Bits below which nothing is concluded from an agreement: from a few booleans, or from one small integer."""

BITS_OF_DIGIT = 3

FEWEST_DECIMALS = 3
"""Decimals from which a single number is no coincidence."""

NUMBER = re.compile(r"(?<![\w.])-?\d+(?:\.\d*)?")

Comparisons = Mapping[int, Comparison]
"""Check number -> comparison."""


class Submitter(Protocol):
    """The method of a sandbox that the search calls."""

    def submit(self, run: Run) -> Report: ...


class ProgramRunner(Protocol):
    """The parts of a grader that the search needs."""

    @property
    def sandbox(self) -> Submitter: ...

    def report(self, run: Run) -> Report: ...
    def compare(self, comparisons: Sequence[Comparison]) -> list[Finding]: ...


@dataclass(frozen=True, slots=True)
class ChangedProgram:
    """One changed program, and the mistake that it would prove."""

    code: str
    said: Said
    line: int
    is_risky: bool


def changed_programs(
    source: str, said_by: Callable[[Edit], Said | None], reference: str = ""
) -> Iterator[ChangedProgram]:
    """Yield the changes of a program, each once, also those that take parts of `reference`; none of a very long one."""
    tree = parse_or_none(source) if len(source) <= MOST_CHARACTERS else None
    if tree is None or sum(1 for _ in islice(ast.walk(tree), MOST_NODES + 1)) > MOST_NODES:
        return
    try:
        text = ast.unparse(tree)
        yield from _changed(tree, text, said_by, reference)
    except RecursionError:
        # Python parses deeper nesting than it can write back as text.
        return
    except ValueError as error:
        # It reads hexadecimal integers of any length, and writes none of more than 4300 digits.
        if "integer string conversion" not in str(error):
            raise


def _changed(
    tree: ast.Module, text: str, said_by: Callable[[Edit], Said | None], reference: str
) -> Iterator[ChangedProgram]:
    code = CodeTree(tree)
    seen = {text}
    for edit in find_edits(code, find_ingredients(reference, tree) if reference else None):
        if said := said_by(edit):
            changed = code.replaced(edit.replacements)
            if changed not in seen:
                seen.add(changed)
                yield ChangedProgram(changed, said, edit.line, edit.is_risky)


class ChangeSearch:
    """Runs changed programs for one wrong answer."""

    def __init__(
        self, card: Card, trials: Sequence[Trial], runner: ProgramRunner, is_cancelled: Callable[[], bool]
    ) -> None:
        self.card = replace(card, limits=replace(card.limits, seconds=min(card.limits.seconds, SECONDS)))
        self.trials = sorted(trials, key=lambda trial: trial.is_correct)
        self.runner = runner
        self.is_cancelled = is_cancelled
        self.checks = [number for number, check in enumerate(card.checks) if check.device == "cpu"]
        wrong = [finding for trial in trials for finding in trial.findings.values() if not finding.agrees]
        others = 2 * (sum(len(trial.findings) for trial in trials) - len(wrong))
        self.repair_bits = others + sum(_information(finding.expected) for finding in wrong)
        self.imitation_bits = others + sum(_information(finding.got) for finding in wrong)
        self.can_imitate = bool(card.reference) and any(_information(finding.got) for finding in wrong)
        self._seconds = 0.0

    def first_repair(self, programs: Iterable[ChangedProgram]) -> ChangedProgram | None:
        """Return the first changed answer for which every check agrees; none if it may be a coincidence."""
        found = self._all(programs, self._are_repaired, self.repair_bits)
        is_certain = self.repair_bits >= CERTAIN or len({program.line for program in found}) == 1
        return found[0] if found and is_certain else None

    def imitations(self, programs: Iterable[ChangedProgram]) -> list[ChangedProgram]:
        """Return the changed references that give the answer's values, one for each kind of mistake.

        None are returned if there are too many kinds, or if it may be a coincidence.
        """
        found = self._all(programs, self._are_imitations, min(self.imitation_bits, CERTAIN - 1))
        kinds = {program.said[0]: program for program in reversed(found)}
        most = MOST_KINDS if self.imitation_bits >= CERTAIN else 1
        return [program for program in found if kinds[program.said[0]] is program] if len(kinds) <= most else []

    def _all(
        self, programs: Iterable[ChangedProgram], holds: Callable[[Sequence[str], Trial], list[bool]], bits: int
    ) -> list[ChangedProgram]:
        """Return the programs for which `holds` in every trial: of the first batch only if values have many `bits`."""
        found: list[ChangedProgram] = []
        bounded = islice(programs if bits >= LEAST else (), MOST_CHANGES)
        while not self._has_ended() and (batch := list(islice(bounded, BATCH))):
            for trial in self.trials if batch else ():
                holding = holds([program.code for program in batch], trial)
                batch = [program for program, is_right in zip(batch, holding, strict=True) if is_right]
            found += batch
            if found and bits >= CERTAIN:
                break
        return found

    def _has_ended(self) -> bool:
        return self._seconds > MOST_SECONDS or self.is_cancelled()

    def _are_repaired(self, programs: Sequence[str], trial: Trial) -> list[bool]:
        reports = self._run(programs, trial, self.runner.sandbox.submit)
        return self._agree([self._with_reference(trial, report) for report in reports])

    def _are_imitations(self, programs: Sequence[str], trial: Trial) -> list[bool]:
        reports = self._run(programs, trial, self.runner.report)
        return self._agree([self._with_answer(trial, report) for report in reports])

    def _run(self, programs: Sequence[str], trial: Trial, run: Callable[[Run], Report]) -> list[Report]:
        runs = [build_run(self.card, code, trial.number) for code in programs]
        with ThreadPoolExecutor(THREADS) as pool:
            reports = list(pool.map(run, runs))
        self._seconds += sum(report.seconds for report in reports)
        return reports

    def _with_reference(self, trial: Trial, report: Report) -> Comparisons | None:
        if not self._is_complete(report):
            return None
        # The run on the CPU is the first.
        reference = next(iter(trial.references), None)
        return Trial(trial.number).add(self.card, "cpu", reference, report).comparisons

    def _with_answer(self, trial: Trial, report: Report) -> Comparisons | None:
        got = trial.observations
        if not self._is_complete(report) or not got.keys() >= set(self.checks):
            return None
        return {
            observation.number: _comparison(self.card.checks[observation.number], observation, got[observation.number])
            for observation in report.observations
        }

    def _is_complete(self, report: Report) -> bool:
        reached = [observation.number for observation in report.observations]
        return report.ending is Ending.FINISHED and report.raised is None and reached == self.checks

    def _agree(self, programs: Sequence[Comparisons | None]) -> list[bool]:
        """Return for each program whether all its comparisons agree; False for one that did not end as it should."""
        asked = [c for found in programs if found for c in found.values() if not is_identical(c)]
        findings = iter(self.runner.compare([replace(comparison, shown=False) for comparison in asked]))
        results = [
            [is_identical(comparison) or next(findings).agrees for comparison in found.values()] if found else [False]
            for found in programs
        ]
        return [all(result) for result in results]


def _comparison(check: Check, expected: Observation, got: Observation) -> Comparison:
    comparison = build_comparison(check, expected, got)
    return replace(comparison, rtol=None) if comparison.rtol == "auto" else comparison


def _information(side: Side | None) -> int:
    """Return about how many bits a value has, so how unlikely it is that another program gives it by accident."""
    if side is None or "nan" in side.text:
        return 0
    numbers = NUMBER.findall(side.text)
    distinct = set(numbers)
    if any(len(text.partition(".")[2]) >= FEWEST_DECIMALS for text in distinct):
        return CERTAIN
    if not numbers:
        return 1 if side.kind == "bool" else min(len(set(side.text)), CERTAIN)
    is_constant = len(numbers) > 1 and len(distinct) == 1
    digits = sum(map(len, (text.strip("-.") for text in distinct)))
    return 1 if is_constant or distinct <= {"0", "0."} else BITS_OF_DIGIT * digits
