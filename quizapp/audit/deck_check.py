"""The check of decks: reads them, proves their cards, several at a time, and collects the problems."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

from quizapp.audit.audit_findings import position_of
from quizapp.decks.card import Card, Deck
from quizapp.decks.library import mark_trusted
from quizapp.decks.reader import read_decks
from quizapp.errors import Problem
from quizapp.sandbox.host.capacity import available_memory

if TYPE_CHECKING:
    from quizapp.audit.proof_cache import ProofCache
    from quizapp.audit.prove import Depth, MutantTally, Proof
    from quizapp.grading.grader import Grader

Progress = Callable[[int, int, str], None]
"""Called with (cards done, total cards, the card just done), always in the calling thread."""


NO_GPU = "no GPU"


@dataclass(frozen=True, slots=True)
class Unproved:
    """A card of which this machine could not run all checks."""

    path: str
    line: int
    column: int
    card: str
    checks: tuple[str, ...]
    """The expressions of the checks that were not run."""

    total: int
    """Number of the card's checks."""

    reason: str = NO_GPU
    """NO_GPU, or why CUDA did not start."""


@dataclass(frozen=True)
class CheckReport:
    """The result of a check."""

    decks: tuple[Deck, ...] = ()
    problems: tuple[Problem, ...] = ()
    """Sorted by file and line."""

    mutants: dict[str, MutantTally] = field(default_factory=dict)
    """Deck -> tally of its mutants; empty if nothing was run."""

    runs: int = 0
    """Runs in the sandbox; a card with a cached proof needs none."""

    proved: int = 0
    """Cards whose proof was cached by an earlier check."""

    unproved: tuple[Unproved, ...] = ()
    """In the order of the decks; empty if nothing was run."""

    jobs: int = 0
    """How many cards were proved at a time; 0 if nothing was run."""

    @property
    def cards(self) -> tuple[Card, ...]:
        return tuple(card for deck in self.decks for card in deck)

    @property
    def errors(self) -> int:
        return sum(problem.severity == "error" for problem in self.problems)

    @property
    def clean(self) -> bool:
        return not self.errors


def read_paths(paths: Iterable[Path], known: Collection[str] = (), named: Iterable[Path] | None = None) -> CheckReport:
    """Read the decks at `paths` and report the problems of their files; runs nothing and does not import torch."""
    decks, problems = read_decks(paths, known, named)
    return CheckReport(tuple(map(mark_trusted, decks)), tuple(_sorted(problems)))


def check_paths(
    paths: Iterable[Path],
    grader: Grader,
    *,
    depth: Depth | None = None,
    jobs: int = 1,
    proof_folder: Path | None = None,
    read_proofs: bool = True,
    progress: Progress | None = None,
    known: Collection[str] = (),
    named: Iterable[Path] | None = None,
) -> CheckReport:
    """Read and prove the decks at `paths`, at most `jobs` cards at a time; raises SandboxError if nothing can be run.

    Proofs are cached in the folder `proof_folder`; without `read_proofs`, earlier ones are replaced.
    `known` are names of other decks' cards that `after` may contain; `named` is that of `read_decks`.
    """
    from quizapp.audit.proof_cache import ProofCache
    from quizapp.audit.prove import Depth, MutantTally

    read = read_paths(paths, known, named)
    if not read.decks:
        return read
    depth = depth or Depth()
    machine = grader.sandbox.wait(None)
    cache = ProofCache(proof_folder, machine, depth) if proof_folder else None
    jobs = usable_jobs(jobs, read.cards)
    proofs = _prove_all(read.cards, grader, depth, jobs, cache, progress, read_proofs=read_proofs)
    reason = f"CUDA did not start: {machine.cuda_problem}" if machine.cuda_problem else NO_GPU
    problems = list(read.problems)
    mutants: dict[str, MutantTally] = {}
    unproved = []
    for deck in read.decks:
        for card in deck:
            proof = proofs[card.name]
            problems += [finding.problem(card, str(deck.path)) for finding in proof.findings]
            mutants[deck.slug] = mutants.get(deck.slug, MutantTally()) + proof.tally
            if proof.deferred:
                unproved.append(_unproved(card, str(deck.path), proof.deferred, reason))
    if cache:
        cache.prune()
    runs = sum(proof.runs for proof in proofs.values())
    cached = sum(proof.runs == 0 for proof in proofs.values())
    return CheckReport(read.decks, tuple(_sorted(problems)), mutants, runs, cached, tuple(unproved), jobs)


def _unproved(card: Card, path: str, deferred: Sequence[int], reason: str) -> Unproved:
    position = position_of(card, f"checks[{deferred[0]}].see")
    checks = tuple(card.checks[number].see.strip() for number in deferred)
    return Unproved(path, position.line, position.column, card.name, checks, len(card.checks), reason)


def _prove_all(
    cards: Sequence[Card],
    grader: Grader,
    depth: Depth,
    jobs: int,
    cache: ProofCache | None,
    progress: Progress | None,
    *,
    read_proofs: bool,
) -> dict[str, Proof]:
    proofs: dict[str, Proof] = {}

    def add_proof(card: Card, proof: Proof) -> None:
        proofs[card.name] = proof
        if progress:
            progress(len(proofs), len(cards), card.name)

    uncached = []
    for card in cards:
        proof = cache.find(card) if cache and read_proofs else None
        if proof is None:
            uncached.append(card)
        else:
            add_proof(card, proof)
    for card, proof in _proofs(uncached, grader, depth, jobs):
        if cache:
            cache.store(card, proof)
        add_proof(card, proof)
    return proofs


def usable_jobs(jobs: int, cards: Iterable[Card]) -> int:
    """Return how many of `jobs` cards can be proved at a time if each run uses all memory that its card allows."""
    memory = available_memory()
    needed = max((card.limits.memory for card in cards), default=0)
    return jobs if memory is None or not needed else max(1, min(jobs, memory // needed))


def _proofs(cards: Sequence[Card], grader: Grader, depth: Depth, jobs: int) -> Iterator[tuple[Card, Proof]]:
    """Yield proofs as they are done. The first exception cancels the rest and is raised here."""
    from quizapp.audit.prove import prove

    with ThreadPoolExecutor(max(1, jobs), thread_name_prefix="audit") as pool:
        pending: dict[Future[Proof], Card] = {pool.submit(prove, card, grader, depth): card for card in cards}
        try:
            while pending:
                finished, _ = wait(pending, return_when=FIRST_COMPLETED)
                for future in finished:
                    yield pending.pop(future), future.result()
        finally:
            for future in pending:
                future.cancel()


def _sorted(problems: Iterable[Problem]) -> list[Problem]:
    return sorted(problems, key=lambda problem: (problem.path, problem.line, problem.column))
