"""The same seed gives the same numbers on the device, computed at the full precision of their dtype."""

from __future__ import annotations

from functools import partial
from typing import Any

import pytest
import torch

from quizapp.sandbox.client import Sandbox
from tests.cuda.device_runs import observe_on_cuda, printed
from tests.sandbox.runs import observe

pytestmark = [pytest.mark.cuda, pytest.mark.jail]

SETTINGS = {
    "torch.backends.cuda.matmul.allow_tf32": "False",
    "torch.backends.cudnn.allow_tf32": "False",
    "torch.get_float32_matmul_precision()": "highest",
    "torch.backends.cudnn.benchmark": "False",
    "torch.backends.cudnn.deterministic": "True",
    "__import__('os').environ['CUBLAS_WORKSPACE_CONFIG']": ":4096:8",
    "__import__('os').environ['CUDA_LAUNCH_BLOCKING']": "1",
}
# With TF32, whose significand has 11 bits, the errors are about 0.01; in float32 they are below 0.0001.
MAX_ERROR = 1e-3
PRODUCTS = {
    "matrix product": "a, b = torch.randn(256, 512), torch.randn(512, 256)\nf = torch.matmul",
    "batched product": "a, b = torch.randn(8, 64, 512), torch.randn(8, 512, 64)\nf = torch.bmm",
    "linear layer": "a, b = torch.randn(256, 512), torch.randn(256, 512)\nf = torch.nn.functional.linear",
    "convolution": "a, b = torch.randn(4, 64, 16, 16), torch.randn(64, 64, 3, 3)\nf = torch.nn.functional.conv2d",
}
SAME_ON_BOTH = {
    "softmax": "y = torch.softmax(torch.randn(8, 16).to(device), -1)",
    "normalisation": "y = torch.nn.functional.layer_norm(torch.randn(8, 16).to(device), (16,))",
    "cumulative sum": "y = torch.randn(64).to(device).cumsum(0)",
    "sorting": "y = list(torch.randn(64).to(device).sort())",
    "indexing": "x = torch.arange(24).reshape(4, 6).to(device)\ny = x[x % 3 == 0]",
    "cross entropy": "x = torch.randn(5, 5).to(device)\ny = torch.nn.functional.cross_entropy(x, x.argsort(0)[0])",
    "gradient": "x = torch.randn(8).to(device).requires_grad_()\n(x.sin() * x).sum().backward()\ny = x.grad",
    "attention": "q = torch.randn(2, 2, 5, 8).to(device)\ny = torch.softmax(q @ q.mT, -1) @ q",
    "recurrent layer": "net = torch.nn.LSTM(4, 3).to(device)\ny = net(torch.randn(5, 2, 4).to(device))[0]",
    "Fourier transform": "y = torch.fft.rfft(torch.randn(32).to(device))",
    "singular values": "y = torch.linalg.svdvals(torch.randn(6, 4).to(device))",
    "a trained layer": """
net = torch.nn.Linear(3, 1).to(device)
optimizer = torch.optim.AdamW(net.parameters(), lr=0.1)
x = torch.randn(16, 3).to(device)
for _ in range(5):
    optimizer.zero_grad()
    net(x).square().mean().backward()
    optimizer.step()
y = net.weight
""",
}


def draw(sandbox: Sandbox, **options: Any) -> torch.Tensor:
    """Return random numbers of the device: of the code and of a check."""
    first, second = observe_on_cuda(
        sandbox, "x = torch.randn(5, device='cuda')", "x", "torch.randn(5, device='cuda')", **options
    )
    return torch.cat((first, second))


def test_random_numbers_of_the_device_depend_on_the_seed_alone(each_sandbox: Sandbox) -> None:
    first, again = (draw(each_sandbox, seed=3) for _ in range(2))
    assert torch.equal(first, again)
    assert len(set(first.tolist())) == 10


@pytest.mark.parametrize("options", [{"seed": 4}, {"seed": 3, "trial": 1}], ids=["seed", "trial"])
def test_another_seed_gives_other_random_numbers(options: dict[str, int], sandbox: Sandbox) -> None:
    assert not (draw(sandbox, seed=3) == draw(sandbox, **options)).any()


def test_dropout_on_the_device_is_the_same_in_each_run(sandbox: Sandbox) -> None:
    code = "y = torch.nn.functional.dropout(torch.ones(1000, device='cuda'))"
    (first,), (again,) = (observe_on_cuda(sandbox, code, "y") for _ in range(2))
    assert torch.equal(first, again) and 300 < int((first == 0).sum()) < 700


def test_the_settings_of_a_run_are_those_of_full_precision(each_sandbox: Sandbox) -> None:
    values = printed(each_sandbox, "\n".join(f"print({expression})" for expression in SETTINGS)).splitlines()
    assert dict(zip(SETTINGS, values, strict=True)) == SETTINGS


def test_products_are_computed_in_full_precision(sandbox: Sandbox) -> None:
    error = "(f(a.to(device), b.to(device)).cpu().double() - f(a.double(), b.double())).abs().max().item()"
    errors = observe_on_cuda(sandbox, "", *((error, statements) for statements in PRODUCTS.values()))
    assert {name: e for name, e in zip(PRODUCTS, errors, strict=True) if not 0 < e < MAX_ERROR} == {}


def test_the_device_gives_the_values_of_the_cpu(sandbox: Sandbox) -> None:
    checks = [("y", statements) for statements in SAME_ON_BOTH.values()]
    on_cpu, on_cuda = (observe(sandbox, "", *checks, device=device) for device in ("cpu", "cuda"))
    for name, expected, got in zip(SAME_ON_BOTH, on_cpu, on_cuda, strict=True):
        torch.testing.assert_close(got, expected, rtol=1e-4, atol=1e-5, msg=partial("{}: {}".format, name))


def test_the_same_training_gives_the_same_bits_twice(sandbox: Sandbox) -> None:
    (first,), (again,) = (observe_on_cuda(sandbox, SAME_ON_BOTH["a trained layer"], "y") for _ in range(2))
    assert torch.equal(first, again)
