"""A check's findings as text, JSON, JUnit XML and annotations of GitHub Actions."""

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
    """For people: each problem with its way out, the mutants of each deck, and the count."""
    parts = [str(problem) for problem in report.problems]
    if table := mutant_table(report):
        parts.append(table)
    warnings = len(report.problems) - report.errors
    found = f"{_count(report.errors, 'error')}, {_count(warnings, 'warning')}"
    parts.append(f"{_count(len(report.decks), 'deck')}, {_count(len(report.cards), 'card')}: {found}")
    return "\n\n".join(parts)


def mutant_table(report: CheckReport) -> str:
    """One line for each deck: mutants made, equivalent, killed, and the share killed of those that are mistakes."""
    rows = [(slug, tally) for slug, tally in report.mutants.items() if tally.made]
    if not rows:
        return ""
    width = max(len(slug) for slug, _ in rows)
    head = f"{'deck':<{width}}  mutants  equivalent  killed   share"
    lines = [f"{slug:<{width}}  {t.made:>7}  {t.equivalent:>10}  {t.killed:>6}  {t.share:>6.1%}" for slug, t in rows]
    return "\n".join([head, *lines])


def as_json(report: CheckReport) -> str:
    """One object: the numbers of decks and cards, and every problem."""
    data: dict[str, Any] = {
        "decks": len(report.decks),
        "cards": len(report.cards),
        "problems": [asdict(problem) for problem in report.problems],
        "mutants": {slug: {**asdict(tally), "share": tally.share} for slug, tally in report.mutants.items()},
        "runs": report.runs,
    }
    return json_text(data, indent=2)


def junit(report: CheckReport) -> str:
    """JUnit XML: a suite for each file, a case for each card; errors are failures, warnings stand in its output."""
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
        own = [problem for problem in problems if (problem.card or path) == name]
        for problem in own:
            tag = "failure" if problem.severity == "error" else "system-out"
            attributes = {"message": problem.message, "type": problem.kind} if tag == "failure" else {}
            ElementTree.SubElement(case, tag, attributes).text = _legible(str(problem))


def github(report: CheckReport) -> str:
    """One workflow command a problem, which GitHub shows beside its line."""
    return "\n".join(_annotation(problem) for problem in report.problems)


def _annotation(problem: Problem) -> str:
    facts = {"file": problem.path, "line": max(1, problem.line), "col": problem.column, "title": problem.kind}
    properties = ",".join(f"{name}={_property(str(value))}" for name, value in facts.items() if value)
    message = problem.message + (f"\nhint: {problem.hint}" if problem.hint else "")
    level = "error" if problem.severity == "error" else "warning"
    return f"::{level} {properties}::{_escaped(message)}"


def _escaped(text: str) -> str:
    return text.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")


def _property(text: str) -> str:
    return _escaped(text).replace(":", "%3A").replace(",", "%2C")


def _legible(text: str) -> str:
    """Text without the characters that XML cannot hold."""
    return "".join(c if c >= " " or c in "\t\n" else "\ufffd" for c in text)


def _count(number: int, what: str) -> str:
    return f"{number} {what}" + ("" if number == 1 else "s")


FORMATS: dict[str, Callable[[CheckReport], str]] = {
    "text": text,
    "json": as_json,
    "junit": junit,
    "github": github,
}
"""What `ptquiz check --format` offers."""
