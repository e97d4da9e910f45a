"""The report of a check as text, JSON, JUnit XML and GitHub Actions annotations."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable
from dataclasses import asdict
from typing import Any
from xml.etree import ElementTree

from quizapp.audit.deck_check import CheckReport
from quizapp.errors import Problem
from quizapp.text.printable import json_text


def text(report: CheckReport) -> str:
    """Return readable text: each problem with its hint, the mutants of each deck, and the totals."""
    parts = [str(problem) for problem in report.problems]
    if table := mutant_table(report):
        parts.append(table)
    warnings = len(report.problems) - report.errors
    found = f"{_count(report.errors, 'error')}, {_count(warnings, 'warning')}"
    parts.append(f"{_count(len(report.decks), 'deck')}, {_count(len(report.cards), 'card')}: {found}")
    return "\n\n".join(parts)


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
    """Return a JSON object with the numbers of decks and cards, every problem and the mutants by deck."""
    data: dict[str, Any] = {
        "decks": len(report.decks),
        "cards": len(report.cards),
        "problems": [asdict(problem) for problem in report.problems],
        "mutants": {slug: {**asdict(tally), "share": tally.share} for slug, tally in report.mutants.items()},
        "runs": report.runs,
    }
    return json_text(data, indent=2)


def junit(report: CheckReport) -> str:
    """Return JUnit XML: a suite per file, a case per card; errors are failures, warnings are `system-out`."""
    by_file: dict[str, list[Problem]] = defaultdict(list)
    for problem in report.problems:
        by_file[problem.path].append(problem)
    cards = {str(deck.path): [card.name for card in deck] for deck in report.decks}
    suites = ElementTree.Element("testsuites", name="ptquiz check")
    for path in sorted(by_file.keys() | cards.keys()):
        _suite(suites, path, cards.get(path, []), by_file[path])
    return ElementTree.tostring(suites, encoding="unicode", xml_declaration=True)


def _suite(suites: ElementTree.Element, path: str, cards: list[str], problems: list[Problem]) -> None:
    names = list(dict.fromkeys([*cards, *(problem.card or path for problem in problems)]))
    failed = {problem.card or path for problem in problems if problem.severity == "error"}
    counts = {"name": path, "tests": str(len(names)), "failures": str(len(failed))}
    suite = ElementTree.SubElement(suites, "testsuite", counts)
    for name in names:
        case = ElementTree.SubElement(suite, "testcase", classname=path, name=name)
        of_case = [problem for problem in problems if (problem.card or path) == name]
        for problem in of_case:
            tag = "failure" if problem.severity == "error" else "system-out"
            attributes = {"message": problem.message, "type": problem.kind} if tag == "failure" else {}
            ElementTree.SubElement(case, tag, attributes).text = _without_controls(str(problem))


def github(report: CheckReport) -> str:
    """Return one GitHub Actions workflow command per problem, which annotates its line."""
    return "\n".join(_annotation(problem) for problem in report.problems)


def _annotation(problem: Problem) -> str:
    parameters = {"file": problem.path, "line": max(1, problem.line), "col": problem.column, "title": problem.kind}
    properties = ",".join(f"{name}={_property(str(value))}" for name, value in parameters.items() if value)
    message = problem.message + (f"\nhint: {problem.hint}" if problem.hint else "")
    level = "error" if problem.severity == "error" else "warning"
    return f"::{level} {properties}::{_escaped(message)}"


def _escaped(text: str) -> str:
    return text.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")


def _property(text: str) -> str:
    return _escaped(text).replace(":", "%3A").replace(",", "%2C")


def _without_controls(text: str) -> str:
    """Replace the control characters that XML 1.0 does not allow."""
    return "".join(c if c >= " " or c in "\t\n" else "\ufffd" for c in text)


def _count(number: int, what: str) -> str:
    return f"{number} {what}" + ("" if number == 1 else "s")


FORMATS: dict[str, Callable[[CheckReport], str]] = {
    "text": text,
    "json": as_json,
    "junit": junit,
    "github": github,
}
"""`ptquiz check --format` -> function."""
