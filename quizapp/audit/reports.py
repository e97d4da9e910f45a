"""The report of a check as text, JSON, JUnit XML and GitHub Actions annotations."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable
from dataclasses import asdict
from typing import Any
from xml.etree import ElementTree

from quizapp.audit.deck_check import CheckReport, Unproved
from quizapp.decks.problems import shorten
from quizapp.errors import Problem
from quizapp.text.printable import json_text, one_line

MAX_NAMED = 3
"""Checks named of a card that was not proved."""


def text(report: CheckReport) -> str:
    """Return readable text: each problem with its hint, what was not proved, the mutants of each deck, the totals."""
    parts = [str(problem) for problem in report.problems]
    if report.unproved:
        parts.append("\n".join(map(_unproved_line, report.unproved)))
    if table := mutant_table(report):
        parts.append(table)
    warnings = len(report.problems) - report.errors
    found = f"{_count(report.errors, 'error')}, {_count(warnings, 'warning')}"
    if report.unproved:
        found += f", {_count(len(report.unproved), 'card')} not proved ({report.unproved[0].reason})"
    parts.append(f"{_count(len(report.decks), 'deck')}, {_count(len(report.cards), 'card')}: {found}")
    return "\n\n".join(parts)


def _unproved_line(unproved: Unproved) -> str:
    return f"not proved here: {one_line(unproved.path)}: card {unproved.card}: {_needs(unproved)}"


def mutant_table(report: CheckReport) -> str:
    """Return a table of the mutants of each deck: made, equivalent, killed, and the share of mistakes killed."""
    rows = [(slug, tally) for slug, tally in report.mutants.items() if tally.made]
    if not rows:
        return ""
    width = max(len(slug) for slug, _ in rows)
    head = f"{'deck':<{width}}  mutants  equivalent  killed   share"
    lines = [f"{slug:<{width}}  {t.made:>7}  {t.equivalent:>10}  {t.killed:>6}  {t.share:>6.1%}" for slug, t in rows]
    return "\n".join([head, *lines])


def as_json(report: CheckReport) -> str:
    """Return a JSON object with the numbers of decks and cards, every problem, what was not proved, the mutants."""
    data: dict[str, Any] = {
        "decks": len(report.decks),
        "cards": len(report.cards),
        "problems": [asdict(problem) for problem in report.problems],
        "unproved": [asdict(unproved) for unproved in report.unproved],
        "mutants": {slug: {**asdict(tally), "share": tally.share} for slug, tally in report.mutants.items()},
        "runs": report.runs,
    }
    return json_text(data, indent=2)


def junit(report: CheckReport) -> str:
    """Return JUnit XML: a suite per file, a case per card; errors are failures, warnings are `system-out`.

    A card without errors of which not everything was proved is skipped.
    """
    by_file: dict[str, list[Problem]] = defaultdict(list)
    for problem in report.problems:
        by_file[problem.path].append(problem)
    cards = {str(deck.path): [card.name for card in deck] for deck in report.decks}
    skipped = {unproved.card: _needs(unproved) for unproved in report.unproved}
    suites = ElementTree.Element("testsuites", name="ptquiz check")
    for path in sorted(by_file.keys() | cards.keys()):
        _suite(suites, path, cards.get(path, []), by_file[path], skipped)
    return ElementTree.tostring(suites, encoding="unicode", xml_declaration=True)


def _suite(
    suites: ElementTree.Element, path: str, cards: list[str], problems: list[Problem], skipped: dict[str, str]
) -> None:
    names = list(dict.fromkeys([*cards, *(problem.card or path for problem in problems)]))
    failed = {problem.card or path for problem in problems if problem.severity == "error"}
    not_run = skipped.keys() & set(names) - failed
    counts = {"tests": str(len(names)), "failures": str(len(failed)), "skipped": str(len(not_run))}
    suite = ElementTree.SubElement(suites, "testsuite", {"name": path, **counts})
    for name in names:
        case = ElementTree.SubElement(suite, "testcase", classname=path, name=name)
        if name in not_run:
            ElementTree.SubElement(case, "skipped", message=_without_controls(skipped[name]))
        of_case = [problem for problem in problems if (problem.card or path) == name]
        for problem in of_case:
            tag = "failure" if problem.severity == "error" else "system-out"
            attributes = {"message": problem.message, "type": problem.kind} if tag == "failure" else {}
            ElementTree.SubElement(case, tag, attributes).text = _without_controls(str(problem))


def github(report: CheckReport) -> str:
    """Return GitHub Actions workflow commands that annotate lines: one per problem, and a notice per unproved card."""
    return "\n".join([*map(_annotation, report.problems), *map(_notice, report.unproved)])


def _annotation(problem: Problem) -> str:
    message = problem.message + (f"\nhint: {problem.hint}" if problem.hint else "")
    level = "error" if problem.severity == "error" else "warning"
    return _command(level, problem.path, problem.line, problem.column, problem.kind, message)


def _notice(unproved: Unproved) -> str:
    message = f"not proved here: card {unproved.card}: {_needs(unproved)}"
    return _command("notice", unproved.path, unproved.line, unproved.column, "not-proved", message)


def _command(level: str, path: str, line: int, column: int, title: str, message: str) -> str:
    parameters = {"file": path, "line": max(1, line), "col": column, "title": title}
    properties = ",".join(f"{name}={_property(str(value))}" for name, value in parameters.items() if value)
    return f"::{level} {properties}::{_escaped(message)}"


def _escaped(text: str) -> str:
    return text.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")


def _property(text: str) -> str:
    return _escaped(text).replace(":", "%3A").replace(",", "%2C")


def _without_controls(text: str) -> str:
    """Replace the control characters that XML 1.0 does not allow."""
    return "".join(c if c >= " " or c in "\t\n" else "\ufffd" for c in text)


def _needs(unproved: Unproved) -> str:
    """Return how many checks of a card need a GPU, and the first few of them."""
    count = len(unproved.checks)
    first = ", ".join(f"`{shorten(check)}`" for check in unproved.checks[:MAX_NAMED])
    more = ", …" if count > MAX_NAMED else ""
    return f"{count} of {_count(unproved.total, 'check')} need{'s' if count == 1 else ''} a GPU: {first}{more}"


def _count(number: int, what: str) -> str:
    return f"{number} {what}" + ("" if number == 1 else "s")


FORMATS: dict[str, Callable[[CheckReport], str]] = {
    "text": text,
    "json": as_json,
    "junit": junit,
    "github": github,
}
"""`ptquiz check --format` -> function."""
