"""Starts CUDA in a worker before its last layer closes, so that runs do not get what only the start needs."""

from __future__ import annotations

import contextlib
import ctypes
import errno
import os
import socket
from collections.abc import Callable, Iterator
from typing import Any

import torch

from quizapp.sandbox.jail.cuda_driver import CudaDriver
from quizapp.sandbox.protocol import Limits

CUDA_ENVIRONMENT = {
    # Kernels are awaited one by one, so that an error is raised in the line that caused it.
    "CUDA_LAUNCH_BLOCKING": "1",
    # cuBLAS needs a fixed workspace to give the same result in each run.
    "CUBLAS_WORKSPACE_CONFIG": ":4096:8",
    # Compiled kernels would be cached in the scratch folder, which is the current folder of the answer.
    "CUDA_CACHE_DISABLE": "1",
}


def start(driver: CudaDriver) -> dict[str, Any]:
    """Start CUDA in this process; return `device`, its name, or `problem`, why it did not start.

    `descriptors` are those that the driver has opened.
    """
    before = _descriptors()
    started = _start(driver)
    return {**started, "descriptors": sorted(_descriptors() - before)}


def _descriptors() -> set[int]:
    """Return the open descriptors, without that of the listing itself, which is closed again."""
    return {number for number in map(int, os.listdir("/proc/self/fd")) if os.path.lexists(f"/proc/self/fd/{number}")}


def _start(driver: CudaDriver) -> dict[str, Any]:
    try:
        version = _start_driver(driver)
        if torch.version.cuda is None:
            return {"problem": f"this PyTorch ({torch.__version__}) is built without CUDA", "driver": version}
        _pin_settings()
        _warm_up()
        return {"device": torch.cuda.get_device_name(0), "driver": version}
    except (OSError, RuntimeError, AssertionError) as error:
        return {"problem": _with_refusals(_first_line(error), driver)}


def limit_memory(limits: Limits) -> None:
    """Let torch allocate at most the run's limit of device memory."""
    if torch.cuda.is_initialized():  # type: ignore[no-untyped-call]
        total = torch.cuda.get_device_properties(0).total_memory
        torch.cuda.set_per_process_memory_fraction(min(1.0, limits.gpu_memory / total))


def _start_driver(driver: CudaDriver) -> int:
    """Start the driver itself and return the CUDA version that it supports (12040 is 12.4); raises OSError.

    Its own error is more exact than that of torch. Once loaded, torch finds the library by its name.
    """
    library = ctypes.CDLL(driver.library, mode=ctypes.RTLD_GLOBAL)
    number = library.cuInit(0)
    if number:
        raise OSError(f"the driver does not start: error {number}, {_error_text(library, number)}")
    version = ctypes.c_int()
    library.cuDriverGetVersion(ctypes.byref(version))
    return version.value


def _error_text(library: ctypes.CDLL, number: int) -> str:
    text = ctypes.c_char_p()
    with contextlib.suppress(AttributeError):
        library.cuGetErrorString(number, ctypes.byref(text))
    return (text.value or b"unknown").decode(errors="replace")


def _pin_settings() -> None:
    """Fix what decides how exact results are, and whether they are the same in each run."""
    torch.backends.cuda.matmul.allow_tf32 = False
    torch.backends.cuda.matmul.allow_fp16_reduced_precision_reduction = False
    torch.backends.cuda.matmul.allow_bf16_reduced_precision_reduction = False
    torch.backends.cudnn.allow_tf32 = False
    torch.backends.cudnn.benchmark = False
    torch.backends.cudnn.deterministic = True


def _warm_up() -> None:
    """Load what the first operations would wait for, then release what that allocated; raises RuntimeError."""
    x = torch.ones(4, 4, device="cuda", requires_grad=True)
    (x @ x).softmax(1).sum().backward()  # type: ignore[no-untyped-call]
    torch.randn(2, device="cuda", generator=torch.Generator("cuda"))
    for optional in (_convolve, _pin):
        with contextlib.suppress(RuntimeError):
            optional()
    torch.cuda.synchronize()
    del x
    # The workspace of cuBLAS would count as memory of the answer.
    with contextlib.suppress(AttributeError):
        torch._C._cuda_clearCublasWorkspaces()
    torch.cuda.empty_cache()
    torch.cuda.reset_peak_memory_stats()


def _convolve() -> None:
    torch.nn.functional.conv2d(torch.ones(1, 1, 4, 4, device="cuda"), torch.ones(1, 1, 2, 2, device="cuda"))


def _pin() -> None:
    torch.ones(2).pin_memory().to("cuda", non_blocking=True)


def _first_line(error: Exception) -> str:
    lines = str(error).strip().splitlines()
    return lines[0] if lines else type(error).__name__


def _with_refusals(problem: str, driver: CudaDriver) -> str:
    """Add which of the operations that a driver needs the sandbox refuses."""
    refused = list(_refusals(driver))
    return f"{problem} (refused here: {'; '.join(refused)})" if refused else problem


def _refusals(driver: CudaDriver) -> Iterator[str]:
    operations: list[tuple[str, Callable[[], object]]] = [
        *((f"open {path}", lambda path=path: _open(path, os.O_RDWR)) for path in driver.devices),
        *((f"read {path}", lambda path=path: _open(path, os.O_RDONLY)) for path in driver.kernel_files),
        ("name a thread", lambda: _open(f"/proc/self/task/{os.getpid()}/comm", os.O_WRONLY | os.O_CREAT | os.O_TRUNC)),
        ("memfd_create", lambda: os.close(os.memfd_create("probe"))),
        ("bind an abstract socket", _bind_socket),
    ]
    for name, operation in operations:
        try:
            operation()
        except OSError as error:
            yield f"{name}: {errno.errorcode.get(error.errno or 0, error)}"


def _open(path: str, flags: int) -> None:
    os.close(os.open(path, flags))


def _bind_socket() -> None:
    with socket.socket(socket.AF_UNIX, socket.SOCK_SEQPACKET) as link:
        link.bind(f"\0ptquiz-cuda-{os.getpid()}")
