"""Executes the code of one run and its checks, and sends the results. It never has the reference or the verdict."""

from __future__ import annotations

import ast
import contextlib
import linecache
import os
import socket
import sys
import types
from collections.abc import Callable, Iterator
from typing import Any

import torch

from quizapp.sandbox.frames import FrameKind, pack
from quizapp.sandbox.jail import rlimits
from quizapp.sandbox.protocol import LIBRARIES, Expression, Run
from quizapp.sandbox.values import serialise
from quizapp.sandbox.values.encoder import CapturedText
from quizapp.sandbox.values.model import NotSerializable
from quizapp.sandbox.worker import check_names, exceptions
from quizapp.sandbox.worker.binding_calls import BindingCalls, may_be_compiled
from quizapp.sandbox.worker.call_counter import CallCounter
from quizapp.sandbox.worker.change_watch import ChangeWatch
from quizapp.sandbox.worker.code_files import ANSWER, GIVEN, PREAMBLE, check_file, history_file
from quizapp.sandbox.worker.line_recorder import LineRecorder
from quizapp.sandbox.worker.output import Output
from quizapp.sandbox.worker.usage_counter import UsageCounter

OUT_OF_MEMORY_FRAME = pack(FrameKind.ENDED, {"memory": True})
OUT_OF_MEMORY_MESSAGES = ("can't allocate memory", "not enough memory", "out of memory", "std::bad_alloc")


class Execution:
    """One run: its namespace, its output, and the socket for its messages."""

    def __init__(self, run: Run, link: socket.socket, folder: str) -> None:
        self.run = run
        self.link = link
        self.folder = folder
        # Before any code of the run, so that every alias refers to the functions that count.
        self.call_counter = CallCounter(run.calls, ANSWER) if run.calls else None
        self.usage_counter = UsageCounter(run.usage) if run.usage else None
        self.change_watch = ChangeWatch((), {})
        self.code: types.CodeType | None = None
        self.line_recorder: LineRecorder | None = None
        self.raised: str | None = None
        self.module = types.ModuleType("__main__")
        self.module.__file__ = ANSWER
        self.names: dict[str, Any] = self.module.__dict__
        self.names.update(check_names.FUNCTIONS, device=run.device, tmp=folder)
        self.output = Output(folder, self.names)

    def execute(self) -> None:
        """Run preamble, given, code and each check; send the result of each step immediately."""
        sys.modules["__main__"] = self.module
        sys.argv = [""]
        self.output.install()
        torch.set_warn_always(True)
        check_names.seed_everything(self.run.seed, self.run.trial)
        error = self._run_code()
        if error is None or self.run.checks_after_error:
            self._run_checks()
        self._flush()
        self._send(FrameKind.ENDED, self._end_facts())

    def _end_facts(self) -> dict[str, Any]:
        libraries = [name for name in LIBRARIES if name in sys.modules]
        facts: dict[str, Any] = {
            "calls": dict(self.call_counter.counts) if self.call_counter else {},
            "libraries": libraries,
            "changed": self.change_watch.changed(self.names),
        }
        if self.line_recorder:
            facts["lines"] = self.line_recorder.lines()
        usage = self.usage_counter
        return {**facts, "operators": usage.operators, "peak_memory": usage.peak_memory} if usage else facts

    def _send(self, kind: FrameKind, facts: dict[str, Any], *blobs: bytes) -> None:
        self.link.sendall(pack(kind, facts, blobs))

    def _run_code(self) -> BaseException | None:
        """Run preamble, given and code; send and return the exception that ended them."""
        error: BaseException | None = None
        given = b""
        bound: tuple[str, ...] = ()
        try:
            self._run_part(self.run.preamble, PREAMBLE)
            self._run_part(self.run.given, GIVEN)
            self._run_history()
            given = self._encode_watched()
            self.change_watch = ChangeWatch(self.run.watch, self.names)
            before = dict(self.names)
            self.output.flush()
            self.output.reset()
            try:
                self.code = self._compile_code()
                with self._counted():
                    exec(self.code, self.names)
            finally:
                bound = self._bound_names(before)
        except BaseException as caught:
            error = caught
        flush_error = self._flush()
        error = flush_error if error is None else error
        self.raised = None if error is None else type(error).__name__
        memory = is_out_of_memory(error)
        facts: dict[str, Any] = {
            "raised": self._exception_facts(error),
            "bound": [str(name)[:200] for name in bound[:5000]],
        }
        if self.line_recorder:
            facts |= {"lines": self.line_recorder.lines(), "echo": self.line_recorder.echo}
        self._send(FrameKind.CODE, {**facts, "memory": memory}, given, self._encode_watched())
        return error

    def _compile_code(self) -> types.CodeType:
        """Return the compiled code, with the calls of a recorder if lines are traced."""
        run = self.run
        if not run.trace_lines:
            return compile_source(run.code, ANSWER)
        calls = BindingCalls(not may_be_compiled(run.preamble, run.given, *run.history, run.code))
        try:
            code = compile_source(run.code, ANSWER, change=calls.add)
        except RecursionError:
            # Python code can handle less nesting than the compiler.
            return compile_source(run.code, ANSWER)
        self.line_recorder = LineRecorder(calls.bindings)
        self.line_recorder.install()
        return code

    def _run_history(self) -> None:
        """Run the blocks of the history again, without their output."""
        if not self.run.history:
            return
        self.output.flush()
        with self.output.silenced():
            for number, block in enumerate(self.run.history):
                self._run_part(block, history_file(number))
            self.output.flush()

    def _flush(self) -> BaseException | None:
        """Flush what was printed; return what a stream of the answer raises."""
        try:
            self.output.flush()
        except BaseException as error:
            return error
        return None

    def _bound_names(self, before: dict[str, Any]) -> tuple[str, ...]:
        changed = (name for name, value in self.names.items() if value is not before.get(name, self))
        return tuple(name for name in changed if not name.startswith("__"))

    def _run_part(self, source: str, filename: str) -> None:
        if source.strip():
            exec(compile_source(source, filename), self.names)

    def _exception_facts(self, error: BaseException | None) -> dict[str, Any] | None:
        return None if error is None else exceptions.exception_facts(error, ANSWER, self.run.code)

    def _encode_watched(self) -> bytes:
        """Return the watched names' values as one encoded dict, without those that cannot be encoded."""
        if not self.run.watch:
            return b""
        kept = {name: self.names[name] for name in self.run.watch if name in self.names}
        with contextlib.suppress(Exception):
            return serialise.encode(kept)
        return self._encode_watched_one_by_one(kept)

    def _encode_watched_one_by_one(self, kept: dict[str, Any]) -> bytes:
        for name in list(kept):
            try:
                serialise.encode(kept[name])
            except Exception:
                del kept[name]
        with contextlib.suppress(NotSerializable):
            return serialise.encode(kept)
        return b""

    @contextlib.contextmanager
    def _counted(self) -> Iterator[None]:
        """Count calls and usage while the context is active."""
        with contextlib.ExitStack() as stack:
            if self.call_counter:
                stack.enter_context(self.call_counter.counting())
            if self.usage_counter:
                stack.enter_context(self.usage_counter)
            yield

    def _run_checks(self) -> None:
        if self.line_recorder is None:
            for check in self.run.checks:
                self._run_check(check)
            return
        # The checks only call the functions that the code itself did not call, and nothing they print is the code's.
        self.line_recorder.keep_called_functions()
        with self.output.silenced():
            for check in self.run.checks:
                self._run_check(check)
            self._flush()

    def _run_check(self, check: Expression) -> None:
        """Evaluate one check; send its value, its exception, or why its value cannot be encoded."""
        facts: dict[str, Any] = {"number": check.number}
        try:
            # On a GPU that a failed assertion has left unusable, this raises too.
            check_names.seed_everything(self.run.seed, self.run.trial, check.number)
            self._bind_check_names()
            if check.run.strip():
                with self._counted():
                    exec(compile_source(check.run, check_file(check.number)), self.names)
                self._rebind_printed()
            with self._counted():
                value = eval(compile_source(check.see.strip(), check_file(check.number), "eval"), self.names)
            data = serialise.encode(value)
        except NotSerializable as refusal:
            self._send(FrameKind.OBSERVED, {**facts, "refused": str(refusal)[:500]})
        except BaseException as error:
            self._send(
                FrameKind.OBSERVED, {**facts, "memory": is_out_of_memory(error), "raised": self._exception_facts(error)}
            )
        else:
            self._send(FrameKind.OBSERVED, facts, data)

    def _bind_check_names(self) -> None:
        """Bind the names that checks may use, overwriting names of the code."""
        self.names.update(
            raised=self.raised,
            source=self.run.code,
            device=self.run.device,
            tmp=self.folder,
            again=self._again,
            **check_names.FUNCTIONS,
            **self._printed(),
        )

    def _rebind_printed(self) -> None:
        """Update `stdout`, `stderr` and `warned` after the check's statements, unless those rebound the names."""
        for name, value in self._printed().items():
            if isinstance(self.names.get(name), CapturedText | WarningNames):
                self.names[name] = value

    def _printed(self) -> dict[str, Any]:
        self.output.flush()
        out, err = self.output.printed()
        return {"stdout": out, "stderr": err, "warned": WarningNames(self.output.warned)}

    def _again(self) -> None:
        """Run the code again in the current namespace."""
        code = self.code or compile_source(self.run.code, ANSWER)
        with self._counted():
            exec(code, self.names)


class WarningNames(list[str]):
    """The class names of warnings; a separate class, to distinguish it from a list that a check makes."""

    __module__ = "builtins"
    __qualname__ = "list"


def compile_source(
    source: str, filename: str, mode: str = "exec", change: Callable[[ast.Module], None] | None = None
) -> types.CodeType:
    """Compile `source` and register it with `linecache`, so that tracebacks and `inspect` find it.

    `change` may modify the syntax tree of a program.
    """
    linecache.cache[filename] = (len(source), None, source.splitlines(keepends=True), filename)
    try:
        program: Any = source
        if change is not None:
            change(program := ast.parse(source, filename))
        code = compile(program, filename, mode, dont_inherit=True)
    except MemoryError:
        # CPython's parser raises MemoryError when its own stack is full.
        raise RecursionError("nested too deeply to be compiled") from None
    assert isinstance(code, types.CodeType)
    return code


def is_out_of_memory(error: BaseException | None) -> bool:
    """Return whether an exception means that memory ran out; if so, release the reserve."""
    is_exhausted = isinstance(error, MemoryError)
    with contextlib.suppress(Exception):
        if isinstance(error, RuntimeError):
            is_exhausted = is_exhausted or any(message in str(error) for message in OUT_OF_MEMORY_MESSAGES)
    if is_exhausted:
        rlimits.use_reserve()
    return is_exhausted


def serve(run: Run, link: socket.socket, folder: str) -> None:
    """Execute `run` and end the process without running exit handlers, which the learner may have set."""
    try:
        Execution(run, link, folder).execute()
    except MemoryError:
        rlimits.use_reserve()
        link.sendall(OUT_OF_MEMORY_FRAME)
    except BrokenPipeError:
        pass
    os._exit(0)
