"""Reports of code that never changes (references, known wrong answers), in memory and on disk."""

from __future__ import annotations

import hashlib
import json
import os
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import asdict, replace
from functools import cache
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

import quizapp
from quizapp.grading import codec
from quizapp.sandbox.protocol import Ending, Machine, Report, Run

PATIENCE = 4
"""Factor on the time limit of a run that must succeed, if it exceeds its limit at first."""

MAX_REPORTS = 1024
MAX_BYTES = 256 << 20
"""Number of reports in memory, and bytes of their values together."""

MAX_FILES = 4000
MAX_FILE_BYTES = 1 << 20
"""A larger report is not stored: reading it would hardly be faster than the run."""

LIBRARIES = ("torch", "numpy", "pandas")


class ReportCache:
    """Runs code at most once; only reports of runs that finished are kept."""

    def __init__(self, submit: Callable[[Run], Report], folder: Path | None = None) -> None:
        self._submit = submit
        self._folder = folder
        self._reports: OrderedDict[Run, Report] = OrderedDict()
        self._bytes = 0
        self._from_disk: set[Run] = set()

    def get(self, run: Run, machine: Machine, *, is_reference: bool = False, read_disk: bool = True) -> Report:
        """Return the report of `run`. A reference is given more time if needed, and its report is stored on disk."""
        report = self._reports.get(run)
        if report is not None and (read_disk or run not in self._from_disk):
            return report
        self._from_disk.discard(run)
        file = self._file(run, machine) if is_reference else None
        if file and read_disk and (report := _read(file)):
            self._from_disk.add(run)
        else:
            report = submit_with_patience(self._submit, run) if is_reference else self._submit(run)
            if file and report.ending is Ending.FINISHED:
                self._write(file, report)
        if report.ending is Ending.FINISHED:
            self._keep(run, report)
        return report

    def is_from_disk(self, run: Run) -> bool:
        """Return whether the report was made by an earlier process, perhaps under other circumstances."""
        return run in self._from_disk

    def forget(self, run: Run, machine: Machine) -> None:
        """Remove the report of a reference, so that it is run again."""
        self._drop(run)
        self._from_disk.discard(run)
        if file := self._file(run, machine):
            file.unlink(missing_ok=True)

    def _keep(self, run: Run, report: Report) -> None:
        self._drop(run)
        self._reports[run] = report
        self._bytes += report.size
        while self._reports and (len(self._reports) > MAX_REPORTS or self._bytes > MAX_BYTES):
            oldest = next(iter(self._reports))
            self._drop(oldest)
            self._from_disk.discard(oldest)

    def _drop(self, run: Run) -> None:
        report = self._reports.pop(run, None)
        self._bytes -= report.size if report else 0

    def _file(self, run: Run, machine: Machine) -> Path | None:
        if self._folder is None:
            return None
        key = f"{_environment()}\n{json.dumps(asdict(machine), sort_keys=True)}\n{run!r}"
        return self._folder / f"{hashlib.sha256(key.encode('utf-8', 'surrogatepass')).hexdigest()[:40]}.report"

    def _write(self, file: Path, report: Report) -> None:
        """Store a report; errors are ignored, because they only make a later verdict slower."""
        if report.size > MAX_FILE_BYTES:
            return
        try:
            file.parent.mkdir(parents=True, exist_ok=True)
            _prune(file.parent)
            # Renamed when complete, so that no reader sees half a file.
            partial = file.with_suffix(f".{os.getpid()}")
            partial.write_bytes(codec.pack([report]))
            partial.replace(file)
        except OSError:
            return


def submit_with_patience(submit: Callable[[Run], Report], run: Run) -> Report:
    """Return the report of `run`, with more time if it exceeds its limit at first."""
    report = submit(run)
    if report.ending is not Ending.TIMEOUT:
        return report
    return submit(replace(run, limits=replace(run.limits, seconds=run.limits.seconds * PATIENCE)))


def _read(file: Path) -> Report | None:
    """Return a stored report; None if it is missing or damaged."""
    try:
        (report,) = codec.unpack(file.read_bytes(), Report)
    except (OSError, codec.Malformed, ValueError):
        return None
    return report


@cache
def _prune(folder: Path) -> None:
    """Delete all reports if those of former decks have piled up; once for each process."""
    files = list(folder.glob("*.report"))
    for file in files if len(files) > MAX_FILES else ():
        file.unlink(missing_ok=True)


@cache
def _environment() -> str:
    """Return a digest of what runs the code: the versions of the libraries, and the code of the sandbox."""
    digest = hashlib.sha256()
    for name in LIBRARIES:
        try:
            digest.update(version(name).encode())
        except PackageNotFoundError:
            continue
    for folder in ("worker", "values"):
        for source in sorted((Path(quizapp.__file__).parent / "sandbox" / folder).glob("*.py")):
            digest.update(source.read_bytes())
    return digest.hexdigest()
