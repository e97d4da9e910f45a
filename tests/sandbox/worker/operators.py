"""Operators for the tests of reproducibility: expressions of `x`, a float32 tensor of n elements, and `m`, a matrix."""

from __future__ import annotations

VECTOR_MATHS = (
    "x.abs().sqrt()",
    "x.exp()",
    "(x.abs() + 1).log()",
    "(x.abs() + 1).log2()",
    "(x.abs() + 1).log10()",
    "x.sin()",
    "x.cos()",
    "x.tan()",
    "x.tanh()",
    "x.erf()",
    "x.erfc()",
    "x.clamp(-1, 1).asin()",
    "x.clamp(-1, 1).acos()",
    "x.atan()",
    "x.trunc()",
    "x.abs() ** 0.5",
    "x.double().exp()",
    "x.double().sin()",
    "x.logsumexp(0)",
)
"""Computed by MKL's vector functions where torch is built with MKL."""

OPERATORS = (
    *VECTOR_MATHS,
    "x.sigmoid()",
    "x.softmax(0)",
    "x.log_softmax(0)",
    "x.abs().rsqrt()",
    "torch.nn.functional.gelu(x)",
    "torch.nn.functional.silu(x)",
    "torch.nn.functional.softplus(x)",
    "torch.nn.functional.layer_norm(x, x.shape)",
    "torch.nn.functional.mse_loss(x, x * 2)",
    "torch.nn.functional.smooth_l1_loss(x, x * 2)",
    "torch.nn.functional.dropout(x, 0.5)",
    "x.sum()",
    "x.mean()",
    "x.std() if x.numel() > 1 else x",
    "x.var(correction=0)",
    "x.norm()",
    "x.prod()",
    "x.cumsum(0)",
    "x.cumprod(0)",
    "x.sort().values",
    "x.argsort(stable=True)",
    "x.topk(1).values",
    "x.median()",
    "x.max()",
    "x.unique()",
    "x.flip(0)",
    "x.roll(1)",
    "x @ x",
    "x + 1",
    "x / 3",
    "x ** 3",
    "x.half().float()",
    "x.bfloat16().exp()",
    "torch.rand(x.shape)",
    "torch.randn(x.shape)",
    "torch.randperm(x.numel())",
    "m @ m.T",
    "m.softmax(1)",
    "m.sum(0)",
    "m.std(0, correction=0)",
    "torch.cdist(m[:50], m[:50])",
    "torch.einsum('ij,kj->ik', m[:50], m[:50])",
    "torch.linalg.qr(m[:40, :40]).R",
    "torch.nn.functional.conv1d(m[None, None].flatten(2), torch.ones(1, 1, 3), padding=1)",
    "torch.zeros(10).index_add(0, torch.arange(x.numel()) % 10, x)",
    "torch.zeros(10).index_put((torch.arange(x.numel()) % 10,), x, accumulate=True)",
    "torch.zeros(10).scatter_add(0, torch.arange(x.numel()) % 10, x)",
    "torch.autograd.functional.jacobian(lambda w: (w * x).tanh().sum(), torch.ones(1))",
)

SETUP = """
import torch
x = torch.randn({size})
m = x[: int({size} ** 0.5) ** 2].reshape(int({size} ** 0.5), -1)
"""
