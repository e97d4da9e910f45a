"""What the errors that torch beginners meet mean: a message -> one sentence on its cause.

The patterns are those of torch 2.6 to 2.13; a message that none of them knows has no sentence.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from quizapp.sandbox.protocol import Raised

LONGEST = 4000
"""Characters of a message that are looked at."""


@dataclass(frozen=True, slots=True)
class Cause:
    """One kind of error: its slug, how torch words it, and what it means."""

    slug: str
    pattern: str
    means: str
    """With the pattern's named groups in braces."""


CAUSES = (
    Cause(
        "matmul",
        r"mat1 and mat2 shapes cannot be multiplied \((?P<a>\d+)x(?P<b>\d+) and (?P<c>\d+)x(?P<d>\d+)\)",
        "A matrix product needs as many columns on the left as rows on the right: here {b} columns meet {c} rows.",
    ),
    Cause(
        "matmul",
        r"size mismatch, got input \(\d+\), mat \((?P<a>\d+)x(?P<b>\d+)\), vec \((?P<c>\d+)\)",
        "A matrix times a vector needs as many columns as the vector has elements: here {b} columns meet {c} elements.",
    ),
    Cause(
        "matmul",
        r"[Ee]xpected size for first two dimensions of batch2 tensor to be: \[(?P<a>\d+), (?P<b>\d+)\] but got: "
        r"\[(?P<c>\d+), (?P<d>\d+)\]",
        "A batched matrix product needs equal batch sizes, and as many columns on the left as rows on the right: "
        "here batches of {a} and {c}, and {b} columns meet {d} rows.",
    ),
    Cause(
        "matmul",
        r"inconsistent tensor size, expected tensor \[(?P<a>\d+)\] and src \[(?P<b>\d+)\]",
        "A dot product pairs element with element: here {a} of them meet {b}.",
    ),
    Cause(
        "expand",
        r"The expanded size of the tensor \((?P<a>\d+)\) must match the existing size \((?P<b>\d+)\) "
        r"at non-singleton dimension (?P<dim>\d+)",
        "Only a dimension of size 1 can be stretched: dimension {dim} has size {b} and would have to become {a}.",
    ),
    Cause(
        "size-mismatch",
        r"The size of tensor a \((?P<a>\d+)\) must match the size of tensor b \((?P<b>\d+)\) "
        r"at non-singleton dimension (?P<dim>\d+)",
        "The two tensors do not broadcast: counted from the right, sizes must be equal or 1, "
        "and at dimension {dim} they are {a} and {b}.",
    ),
    Cause(
        "size-mismatch",
        r"Sizes of tensors must match except in dimension (?P<dim>\d+)\. "
        r"Expected size (?P<a>\d+) but got size (?P<b>\d+)",
        "Tensors joined along dimension {dim} must have equal sizes in every other one, and here {a} meets {b}.",
    ),
    Cause(
        "size-mismatch",
        r"stack expects each tensor to be equal size, but got \[(?P<a>[\d, ]*)\] at entry \d+ and \[(?P<b>[\d, ]*)\]",
        "`stack` needs tensors of one shape, and here [{a}] meets [{b}].",
    ),
    Cause(
        "size-mismatch",
        r"Target size \(torch\.Size\(\[(?P<a>[\d, ]*)\]\)\) must be the same as input size "
        r"\(torch\.Size\(\[(?P<b>[\d, ]*)\]\)\)",
        "This loss compares element with element: the target has shape [{a}] and the input [{b}].",
    ),
    Cause(
        "channels",
        r"expected input\[(?P<a>[\d, ]+)\] to have (?P<b>\d+) channels, but got (?P<c>\d+) channels",
        "The layer was made for {b} input channels and is given {c}; channels are the second dimension of a batch.",
    ),
    Cause(
        "leaf-in-place",
        r"a (?:view of a )?leaf Variable that requires grad is being used in an in-place operation",
        "A leaf that requires a gradient is changed in place: autograd would lose its value. "
        "Make a new tensor, or change it under `torch.no_grad()`.",
    ),
    Cause(
        "modified-in-place",
        r"one of the variables needed for gradient computation has been modified by an inplace operation",
        "A value that the backward pass still needs was changed in place after it had been used.",
    ),
    Cause(
        "second-backward",
        r"Trying to backward through the graph a second time",
        "The graph is freed by the first `backward`: compute the loss anew before each one, "
        "or detach what is carried over from the step before.",
    ),
    Cause(
        "non-scalar-grad",
        r"grad can be implicitly created only for scalar outputs",
        "`backward` starts from a single number: reduce the loss with `sum` or `mean` first, or pass a gradient.",
    ),
    Cause(
        "no-graph",
        r"element \d+ of tensors does not require grad and does not have a grad_fn",
        "Nothing here is connected to a tensor that requires a gradient: it was detached, made under "
        "`no_grad`, or never asked to require one.",
    ),
    Cause(
        "no-grad-yet",
        r"'NoneType' object has no attribute '(?:zero_|data|detach|clone|add_|mul_|norm|shape)'",
        "Something here is None where a tensor was meant; `.grad` is None until a `backward` has reached the tensor.",
    ),
    Cause(
        "long-target",
        r"expected (?:target dtype to be Long(?: or Byte)?,? but got|scalar type Long but found) (?P<a>\w+)",
        "Class targets are indices, so they must be of dtype int64 (Long), and these are {a}: convert with `.long()`.",
    ),
    Cause(
        "index-dtype",
        r"[Ee]xpected tensor for argument #\d+ 'indices' to have one of the following scalar types: Long, Int; "
        r"but got torch\.(?P<a>\w+)Tensor|gather\(\): Expected dtype int\d+(?:/int64)? for index|"
        r"tensors used as indices must be long, int, byte or bool tensors",
        "What picks elements must be integers: convert the indices with `.long()`.",
    ),
    Cause(
        "dtype-mismatch",
        r"(?:mat1 and mat2 must have the same dtype, but got|expected m1 and m2 to have the same dtype, but got:) "
        r"(?P<a>[\w ]+?) (?:and|!=) (?P<b>[\w ]+)",
        "A matrix product needs one dtype on both sides, and here {a} meets {b}: convert one of them.",
    ),
    Cause(
        "dtype-mismatch",
        r"Found dtype (?P<a>\w+) but expected (?P<b>\w+)|expected scalar type (?P<c>\w+) but found (?P<d>\w+)",
        "The dtypes do not fit together: convert one of the tensors.",
    ),
    Cause(
        "integer-mean",
        r"mean\(\): could not infer output dtype\. Input dtype must be either a floating point or complex dtype\. "
        r"Got: (?P<a>\w+)",
        "The mean of integers is no integer, and the tensor is {a}: convert it with `.float()` first.",
    ),
    Cause(
        "in-place-dtype",
        r"result type (?P<a>\w+) can't be cast to the desired output type (?P<b>\w+)",
        "An in-place operation keeps the tensor's dtype, and a {a} result does not fit into {b}: "
        "convert the tensor first, or make a new one.",
    ),
    Cause(
        "grad-dtype",
        r"[Oo]nly Tensors of floating point and complex dtype can require gradients",
        "Only floats have a gradient: make the tensor with a floating point dtype.",
    ),
    Cause(
        "device-mismatch",
        r"Expected all tensors to be on the same device|Tensor on device (?P<a>\S+) is not on the expected device",
        "The tensors live on different devices: move them to one with `.to(device)`.",
    ),
    Cause(
        "no-cuda",
        r"Torch not compiled with CUDA enabled|Found no NVIDIA driver|No CUDA GPUs are available",
        "There is no GPU to be used here: keep to the given `device`.",
    ),
    Cause(
        "dimension-range",
        r"Dimension out of range \(expected to be in range of \[(?P<a>-\d+), (?P<b>\d+)\], but got (?P<c>-?\d+)\)",
        "Dimension {c} does not exist: the tensor's dimensions are numbered 0 to {b}, or {a} to -1 from the end.",
    ),
    Cause(
        "index-range",
        r"index (?P<a>-?\d+) (?:is out of bounds for dimension|out of range for tensor of size) \[?(?P<dim>\d+)",
        "Index {a} is past the end: indices begin at 0, so the last one is the size less 1.",
    ),
    Cause(
        "index-range",
        r"index out of range in self",
        "An index is past the end of what it picks from: indices begin at 0, so the last one is the size less 1.",
    ),
    Cause(
        "index-range",
        r"Target (?P<a>-?\d+) is out of bounds|Class values must be smaller than num_classes",
        "A class index is as large as the number of classes or larger: classes are numbered from 0.",
    ),
    Cause(
        "index-range",
        r"(?:list|tuple) index out of range",
        "The index is past the end: indices begin at 0, so the last one is the length less 1.",
    ),
    Cause(
        "too-many-indices",
        r"too many indices for tensor of dimension (?P<a>\d+)",
        "More indices are given than the tensor has dimensions, which is {a}.",
    ),
    Cause(
        "mask-shape",
        r"The shape of the mask \[(?P<a>[\d, ]*)\] at index \d+ does not match the shape of the indexed tensor "
        r"\[(?P<b>[\d, ]*)\]",
        "A mask must have the shape of what it selects from: the mask is [{a}], the tensor [{b}].",
    ),
    Cause(
        "view",
        r"view size is not compatible with input tensor's size and stride",
        "The tensor does not lie contiguously in memory, as after a transpose, so it cannot be viewed in another "
        "shape: use `reshape`, or `.contiguous()` first.",
    ),
    Cause(
        "reshape",
        r"shape '\[(?P<a>[-\d, ]+)\]' is invalid for input of size (?P<b>\d+)",
        "A new shape must hold as many elements as before: there are {b}, and [{a}] is not a way to arrange them.",
    ),
    Cause(
        "super-init",
        r"cannot assign (?:module|parameters)s? before Module\.__init__\(\) call|"
        r"object has no attribute '_(?:backward_hooks|parameters|modules|forward_hooks|buffers)'",
        "The module was not set up: call `super().__init__()` as the first line of `__init__`.",
    ),
    Cause(
        "no-forward",
        r"Module \[(?P<a>\w+)\] is missing the required \"forward\" function",
        "`{a}` has no method named `forward`; check its spelling and its indentation.",
    ),
    Cause(
        "numpy-grad",
        r"Can't call numpy\(\) on Tensor that requires grad",
        "NumPy knows no gradients: detach the tensor first, with `.detach().numpy()`.",
    ),
    Cause(
        "numpy-device",
        r"can't convert (?P<a>\S+) device type tensor to numpy",
        "NumPy sees only the CPU's memory: move the tensor there first, with `.cpu()`.",
    ),
    Cause(
        "ambiguous-bool",
        r"Boolean value of Tensor with more than one value is ambiguous",
        "`if`, `and`, `or` and `not` want one bool, and this tensor holds several: reduce it with `any()` or `all()`, "
        "or combine masks with `&`, `|` and `~`.",
    ),
    Cause(
        "not-a-scalar",
        r"a Tensor with (?P<a>\d+) elements cannot be converted to Scalar|"
        r"only (?:one element tensors|single-element tensors|length-1 arrays) can be converted to Python scalars",
        "Only a tensor of exactly one element turns into a Python number: reduce or index it first.",
    ),
    Cause(
        "ragged",
        r"expected sequence of length (?P<a>\d+) at dim (?P<dim>\d+) \(got (?P<b>\d+)\)",
        "The nested lists are ragged: at dimension {dim} one has {a} items and another {b}, "
        "and a tensor's rows are of one length.",
    ),
    Cause(
        "batch-norm",
        r"Expected more than 1 value per channel when training",
        "Batch normalisation cannot train on one value per channel: give a larger batch, or call `eval()`.",
    ),
    Cause(
        "no-parameters",
        r"optimizer got an empty parameter list",
        "The optimizer was given nothing to train: a module's layers must be attributes of it "
        "(a plain list hides them; use `nn.ModuleList`).",
    ),
    Cause(
        "non-leaf",
        r"can't optimize a non-leaf Tensor",
        "An optimizer changes leaves, and this tensor is the result of a computation: "
        "call `requires_grad_()` after computing it, not before.",
    ),
    Cause(
        "state-dict",
        r"Error\(s\) in loading state_dict for (?P<a>\w+)",
        "The saved values do not fit `{a}`: names and shapes must be those of the module that is loaded.",
    ),
)


def cause_of(raised: Raised) -> str | None:
    """One sentence on the cause of a known error, or None."""
    found = find_cause(raised)
    return found[1] if found else None


def find_cause(raised: Raised) -> tuple[str, str] | None:
    """The slug of a known error and the sentence on its cause, or None."""
    message = raised.message[:LONGEST]
    for cause in CAUSES:
        if match := re.search(cause.pattern, message):
            groups = {name: text or "" for name, text in match.groupdict().items()}
            return cause.slug, cause.means.format(**groups)
    return None
