"""The parts of torch that only matter on a device work in the sandbox."""

from __future__ import annotations

import pytest

from quizapp.sandbox.client import Sandbox
from tests.cuda.device_runs import printed, run_on_cuda

pytestmark = [pytest.mark.cuda, pytest.mark.jail]

FEATURES = {
    "automatic mixed precision": (
        """
x = torch.ones(4, 4, device="cuda")
with torch.autocast("cuda", dtype=torch.bfloat16):
    y = x @ x
print(y.dtype, y[0, 0].item(), (x @ x).dtype)
""",
        "torch.bfloat16 4.0 torch.float32",
    ),
    "half precision by default": (
        """
with torch.autocast("cuda"):
    print(torch.nn.Linear(2, 1).cuda()(torch.ones(1, 2, device="cuda")).dtype)
""",
        "torch.float16",
    ),
    "gradient scaling": (
        """
net = torch.nn.Linear(2, 1, bias=False, device="cuda")
torch.nn.init.ones_(net.weight)
optimizer = torch.optim.SGD(net.parameters(), lr=0.5)
scaler = torch.amp.GradScaler("cuda", init_scale=1024.0)
for factor in (1.0, float("inf")):
    optimizer.zero_grad()
    scaler.scale(factor * net(torch.ones(1, 2, device="cuda")).sum()).backward()
    scaler.step(optimizer)
    scaler.update()
    print(net.weight.tolist(), scaler.get_scale())
""",
        "[[0.5, 0.5]] 1024.0\n[[0.5, 0.5]] 512.0",
    ),
    "the compiler's front end": (
        """
@torch.compile(backend="eager")
def f(v):
    return v * 2 + 1
print(f(torch.ones(3, device="cuda")).tolist())
""",
        "[3.0, 3.0, 3.0]",
    ),
    "pinned memory": (
        """
x = torch.arange(4.0).pin_memory()
y = x.to("cuda", non_blocking=True) * 2
z = torch.empty(4, pin_memory=True).copy_(y, non_blocking=True)
torch.cuda.synchronize()
print(x.is_pinned(), torch.arange(4.0).is_pinned(), y.device, z.tolist())
""",
        "True False cuda:0 [0.0, 2.0, 4.0, 6.0]",
    ),
    "streams": (
        """
x = torch.ones(1000, device="cuda")
stream = torch.cuda.Stream()
stream.wait_stream(torch.cuda.current_stream())
with torch.cuda.stream(stream):
    y = x * 3
    print(torch.cuda.current_stream() == stream)
torch.cuda.current_stream().wait_stream(stream)
print(y.sum().item(), torch.cuda.current_stream() == torch.cuda.default_stream())
""",
        "True\n3000.0 True",
    ),
    "events": (
        """
start, end = (torch.cuda.Event(enable_timing=True) for _ in range(2))
start.record()
torch.cuda._sleep(1_000_000)
end.record()
end.synchronize()
print(end.query(), 0 < start.elapsed_time(end) < 10_000)
""",
        "True True",
    ),
    "a loader that pins its batches": (
        """
from torch.utils.data import DataLoader
batches = list(DataLoader(torch.arange(4.0), batch_size=2, pin_memory=True))
print([batch.is_pinned() for batch in batches], [batch.to("cuda", non_blocking=True).sum().item() for batch in batches])
""",
        "[True, True] [1.0, 5.0]",
    ),
    "saving and loading": (
        """
torch.save(torch.arange(3.0, device="cuda"), "x.pt")
print(torch.load("x.pt").device, torch.load("x.pt", map_location="cpu").tolist())
""",
        "cuda:0 [0.0, 1.0, 2.0]",
    ),
    "peak memory": (
        """
torch.cuda.reset_peak_memory_stats()
x = torch.empty(2**20, dtype=torch.uint8, device="cuda")
del x
print(torch.cuda.memory_allocated(), torch.cuda.max_memory_allocated())
""",
        "0 1048576",
    ),
    "threads": (
        """
from threading import Thread
sums = []
work = lambda: sums.append(torch.ones(3, device="cuda").sum().item())
threads = [Thread(target=work) for _ in range(3)]
for thread in threads: thread.start()
for thread in threads: thread.join()
print(sums)
""",
        "[3.0, 3.0, 3.0]",
    ),
}
LOADER = """
from torch.utils.data import DataLoader, TensorDataset
data = TensorDataset(torch.arange(8.0))
batches = [batch for batch, in DataLoader(data, batch_size=4, num_workers=2, pin_memory=True)]
print([batch.is_pinned() for batch in batches], [batch.cuda().sum().item() for batch in batches])
"""
KERNEL = """
import triton
import triton.language as tl

@triton.jit
def double(x, y, n, SIZE: tl.constexpr):
    offsets = tl.program_id(0) * SIZE + tl.arange(0, SIZE)
    tl.store(y + offsets, tl.load(x + offsets, mask=offsets < n) * 2, mask=offsets < n)

x = torch.arange(1000.0, device="cuda")
y = torch.empty_like(x)
double[(8,)](x, y, 1000, SIZE=128)
print(torch.equal(y, x * 2))
"""
TRITON_LINES = (2, 3, 12)
"""The lines of KERNEL that import triton and compile with it, from 1."""


@pytest.mark.parametrize("name", FEATURES)
def test_a_feature_of_the_device_works(name: str, sandbox: Sandbox) -> None:
    code, expected = FEATURES[name]
    assert printed(sandbox, code) == expected


def test_a_loader_with_workers_pins_its_batches_where_processes_may_start(sandbox: Sandbox) -> None:
    report = run_on_cuda(sandbox, LOADER)
    if (
        report.raised is not None
        and report.raised.type == "PermissionError"
        and "num_workers=0" in report.raised.message
    ):
        pytest.skip(report.raised.message)
    assert (report.raised, report.stdout) == (None, "[True, True] [6.0, 22.0]\n")


def test_a_triton_kernel_computes(sandbox: Sandbox) -> None:
    report = run_on_cuda(sandbox, KERNEL)
    if report.raised is not None and report.raised.line in TRITON_LINES:
        pytest.skip(f"triton cannot compile inside: {report.raised.type}: {report.raised.message[:200]}")
    assert (report.raised, report.stdout) == (None, "True\n")
