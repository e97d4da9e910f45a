"""Runs one code, evaluates the checks after it, and sends what each gave. Knows no solution and no verdict."""

from __future__ import annotations

import contextlib
import linecache
import os
import socket
import sys
import types
from collections.abc import Iterator
from typing import Any

import torch

from quizapp.sandbox.frames import FrameKind, pack
from quizapp.sandbox.jail import rlimits
from quizapp.sandbox.protocol import LIBRARIES, Expression, Run
from quizapp.sandbox.values import model
from quizapp.sandbox.values.encoder import CapturedText
from quizapp.sandbox.worker import check_names, exceptions
from quizapp.sandbox.worker.call_counter import CallCounter
from quizapp.sandbox.worker.output import Output

ANSWER = "<answer>"
PREAMBLE = "<preamble>"
GIVEN = "<given>"
OUT_OF_MEMORY_FRAME = pack(FrameKind.ENDED, {"memory": True})
OUT_OF_MEMORY_SIGNS = ("can't allocate memory", "not enough memory", "out of memory", "std::bad_alloc")


class Execution:
    """One run: a namespace, what has been printed, and the socket that it is told on."""

    def __init__(self, run: Run, link: socket.socket, folder: str) -> None:
        self.run = run
        self.link = link
        self.folder = folder
        self.output = Output()
        self.tally = CallCounter(ANSWER) if run.trace else None
        self.code: types.CodeType | None = None
        self.raised: str | None = None
        self.module = types.ModuleType("__main__")
        self.module.__file__ = ANSWER
        self.names: dict[str, Any] = self.module.__dict__
        self.names.update(device=run.device, tmp=folder)

    def execute(self) -> None:
        """All of it: preamble, given, code, then each check; every step is told as soon as it is over."""
        sys.modules["__main__"] = self.module
        sys.argv = [""]
        self.output.install()
        torch.set_warn_always(True)
        check_names.seed_everything(self.run.seed, self.run.trial)
        error = self._code()
        if error is None or self.run.checks_after_error:
            for check in self.run.checks:
                self._check(check)
        counts = self.tally.told() if self.tally else {}
        self._tell(
            FrameKind.ENDED, {"operators": counts, "libraries": [name for name in LIBRARIES if name in sys.modules]}
        )

    def _tell(self, kind: FrameKind, facts: dict[str, Any], *blobs: bytes) -> None:
        self.link.sendall(pack(kind, facts, blobs))

    def _code(self) -> BaseException | None:
        """Preamble, given and code; tells and returns the exception that ended them."""
        error: BaseException | None = None
        given = b""
        bound: tuple[str, ...] = ()
        try:
            self._part(self.run.preamble, PREAMBLE)
            self._part(self.run.given, GIVEN)
            given = self._watched()
            before = dict(self.names)
            self.output.begin()
            try:
                self.code = compiled(self.run.code, ANSWER)
                with self._traced():
                    exec(self.code, self.names)
            finally:
                bound = self._bound(before)
        except BaseException as caught:
            error = caught
            self.raised = type(caught).__name__
        memory = exhausted(error)
        facts = {"raised": self._facts(error), "bound": [str(name)[:200] for name in bound[:5000]]}
        self._tell(FrameKind.CODE, {**facts, "memory": memory}, given, self._watched())
        return error

    def _bound(self, before: dict[str, Any]) -> tuple[str, ...]:
        changed = (name for name, value in self.names.items() if value is not before.get(name, self))
        return tuple(name for name in changed if not name.startswith("__"))

    def _part(self, source: str, filename: str) -> None:
        if source.strip():
            exec(compiled(source, filename), self.names)

    def _facts(self, error: BaseException | None) -> dict[str, Any] | None:
        return None if error is None else exceptions.facts(error, ANSWER, self.run.code)

    def _watched(self) -> bytes:
        """The watched names' values as one encoded dict; names whose values cannot be carried are left out."""
        if not self.run.watch:
            return b""
        kept = {name: self.names[name] for name in self.run.watch if name in self.names}
        with contextlib.suppress(Exception):
            return model.encode(kept)
        return self._watched_apart(kept)

    def _watched_apart(self, kept: dict[str, Any]) -> bytes:
        for name in list(kept):
            try:
                model.encode(kept[name])
            except Exception:
                del kept[name]
        with contextlib.suppress(model.NotSerializable):
            return model.encode(kept)
        return b""

    @contextlib.contextmanager
    def _traced(self) -> Iterator[None]:
        with self.tally.watching() if self.tally else contextlib.nullcontext():
            yield

    def _check(self, check: Expression) -> None:
        """Observe one check: its value, its exception, or why its value cannot be carried."""
        check_names.seed_everything(self.run.seed, self.run.trial, check.number)
        facts: dict[str, Any] = {"number": check.number}
        try:
            self._bind()
            if check.run.strip():
                with self._traced():
                    exec(compiled(check.run, f"<check {check.number + 1}>"), self.names)
                self._rebind()
            with self._traced():
                value = eval(compiled(check.see.strip(), f"<check {check.number + 1}>", "eval"), self.names)
            data = model.encode(value)
        except model.NotSerializable as refusal:
            self._tell(FrameKind.OBSERVED, {**facts, "refused": str(refusal)[:500]})
        except BaseException as error:
            self._tell(FrameKind.OBSERVED, {**facts, "memory": exhausted(error), "raised": self._facts(error)})
        else:
            self._tell(FrameKind.OBSERVED, facts, data)

    def _bind(self) -> None:
        """The names that checks may use, over whatever the learner called so."""
        self.names.update(
            raised=self.raised,
            source=self.run.code,
            device=self.run.device,
            tmp=self.folder,
            caught=check_names.caught,
            shares_memory=check_names.shares_memory,
            fill=check_names.fill,
            again=self._again,
            **self._printed(),
        )

    def _rebind(self) -> None:
        """What the check's own statements printed counts too, unless they took the name for themselves."""
        for name, value in self._printed().items():
            if isinstance(self.names.get(name), CapturedText | Warned):
                self.names[name] = value

    def _printed(self) -> dict[str, Any]:
        out, err = self.output.out.printed, self.output.err.printed
        return {"stdout": out, "stderr": err, "warned": Warned(self.output.warned)}

    def _again(self) -> None:
        """Run the code once more in the namespace as it is now."""
        code = self.code or compiled(self.run.code, ANSWER)
        with self._traced():
            exec(code, self.names)


class Warned(list[str]):
    """The class names of warnings; told from a list that a check made itself."""

    __module__ = "builtins"
    __qualname__ = "list"


def compiled(source: str, filename: str, mode: str = "exec") -> types.CodeType:
    """`source` compiled, and known to `linecache`, so that tracebacks and `inspect` show it."""
    linecache.cache[filename] = (len(source), None, source.splitlines(keepends=True), filename)
    try:
        code = compile(source, filename, mode, dont_inherit=True)
    except MemoryError:
        # So says Python's parser where its own stack is full.
        raise RecursionError("nested too deeply to be compiled") from None
    assert isinstance(code, types.CodeType)
    return code


def exhausted(error: BaseException | None) -> bool:
    """Whether an exception says that memory ran out."""
    gone = isinstance(error, MemoryError)
    with contextlib.suppress(Exception):
        gone = gone or (isinstance(error, RuntimeError) and any(sign in str(error) for sign in OUT_OF_MEMORY_SIGNS))
    if gone:
        rlimits.use_reserve()
    return gone


def serve(run: Run, link: socket.socket, folder: str) -> None:
    """Execute `run` and end the process without its exit handlers, which are the learner's too."""
    try:
        Execution(run, link, folder).execute()
    except MemoryError:
        rlimits.use_reserve()
        link.sendall(OUT_OF_MEMORY_FRAME)
    except BrokenPipeError:
        pass
    os._exit(0)
