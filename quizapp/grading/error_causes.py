"""Explanations of the errors that PyTorch beginners get: an error message -> one sentence on its cause.

The patterns match the messages of torch 2.6 to 2.13; other messages have no explanation.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from quizapp.grading.language_causes import find_language_cause
from quizapp.grading.mistake import EXCEPTIONS, Mistake
from quizapp.sandbox.protocol import Raised

MAX_MESSAGE = 4000
"""Number of characters of a message that are searched."""


@dataclass(frozen=True, slots=True)
class Cause:
    """One kind of error: its key, the pattern of its message, and its explanation."""

    mistake: Mistake
    pattern: str
    explanation: str
    """A template with the pattern's named groups in braces."""


CAUSES = (
    # The first match wins.
    Cause(
        Mistake.MATMUL,
        r"mat1 and mat2 shapes cannot be multiplied \((?P<a>\d+)x(?P<b>\d+) and (?P<c>\d+)x(?P<d>\d+)\)",
        "A matrix product needs as many columns on the left as rows on the right: here {b} columns and {c} rows.",
    ),
    Cause(
        Mistake.MATMUL,
        r"size mismatch, got input \(\d+\), mat \((?P<a>\d+)x(?P<b>\d+)\), vec \((?P<c>\d+)\)",
        "A matrix times a vector needs as many columns as the vector has elements: here {b} columns and {c} elements.",
    ),
    Cause(
        Mistake.MATMUL,
        r"[Ee]xpected size for first two dimensions of batch2 tensor to be: \[(?P<a>\d+), (?P<b>\d+)\] but got: "
        r"\[(?P<c>\d+), (?P<d>\d+)\]",
        "A batched matrix product needs equal batch sizes, and as many columns on the left as rows on the right: "
        "here batches of {a} and {c}, with {b} columns and {d} rows.",
    ),
    Cause(
        Mistake.MATMUL,
        r"inconsistent tensor size, expected tensor \[(?P<a>\d+)\] and src \[(?P<b>\d+)\]",
        "A dot product needs two vectors of the same length: here {a} and {b} elements.",
    ),
    Cause(
        Mistake.EXPAND,
        r"The expanded size of the tensor \((?P<a>\d+)\) must match the existing size \((?P<b>\d+)\) "
        r"at non-singleton dimension (?P<dim>\d+)",
        "Only a dimension of size 1 can be expanded: dimension {dim} has size {b} and would have to become {a}.",
    ),
    Cause(
        Mistake.SIZE_MISMATCH,
        r"The size of tensor a \((?P<a>\d+)\) must match the size of tensor b \((?P<b>\d+)\) "
        r"at non-singleton dimension (?P<dim>\d+)",
        "The two tensors do not broadcast: counted from the right, sizes must be equal or 1, "
        "and at dimension {dim} they are {a} and {b}.",
    ),
    Cause(
        Mistake.SIZE_MISMATCH,
        r"Sizes of tensors must match except in dimension (?P<dim>\d+)\. "
        r"Expected size (?P<a>\d+) but got size (?P<b>\d+)",
        "Tensors joined along dimension {dim} must have equal sizes in all others: here {a} and {b}.",
    ),
    Cause(
        Mistake.SIZE_MISMATCH,
        r"stack expects each tensor to be equal size, but got \[(?P<a>[\d, ]*)\] at entry \d+ and \[(?P<b>[\d, ]*)\]",
        "`stack` needs tensors of one shape: here [{a}] and [{b}].",
    ),
    Cause(
        Mistake.SIZE_MISMATCH,
        r"Target size \(torch\.Size\(\[(?P<a>[\d, ]*)\]\)\) must be the same as input size "
        r"\(torch\.Size\(\[(?P<b>[\d, ]*)\]\)\)",
        "This loss compares element with element: the target has shape [{a}] and the input [{b}].",
    ),
    Cause(
        Mistake.CHANNELS,
        r"expected input\[(?P<a>[\d, ]+)\] to have (?P<b>\d+) channels, but got (?P<c>\d+) channels",
        "The layer expects {b} input channels and is given {c}; channels are the second dimension of a batch.",
    ),
    Cause(
        Mistake.LEAF_IN_PLACE,
        r"a (?:view of a )?leaf Variable that requires grad is being used in an in-place operation",
        "A leaf that requires a gradient is changed in place: autograd would lose its value. "
        "Create a new tensor, or change it under `torch.no_grad()`.",
    ),
    Cause(
        Mistake.MODIFIED_IN_PLACE,
        r"one of the variables needed for gradient computation has been modified by an inplace operation",
        "A value that the backward pass still needs was changed in place after it had been used.",
    ),
    Cause(
        Mistake.SECOND_BACKWARD,
        r"Trying to backward through the graph a second time",
        "The graph is freed by the first `backward`: compute the loss again before each one, "
        "or detach what is reused from the previous step.",
    ),
    Cause(
        Mistake.NON_SCALAR_GRAD,
        r"grad can be implicitly created only for scalar outputs",
        "`backward` starts from a single number: reduce the loss with `sum` or `mean` first, or pass a gradient.",
    ),
    Cause(
        Mistake.NO_GRAPH,
        r"element \d+ of tensors does not require grad and does not have a grad_fn",
        "This value does not depend on any tensor that requires a gradient: it was detached, computed under "
        "`no_grad`, or `requires_grad` was never set.",
    ),
    Cause(
        Mistake.NO_GRAD_YET,
        r"'NoneType' object has no attribute '(?:zero_|data|detach|clone|add_|mul_|norm|shape)'",
        "A tensor was expected, and the value is None; `.grad` is None until `backward` has reached the tensor.",
    ),
    Cause(
        Mistake.LONG_TARGET,
        r"expected (?:target dtype to be Long(?: or Byte)?,? but got|scalar type Long but found) (?P<a>\w+)",
        "Class targets are indices, so they must be of dtype int64 (Long), and these are {a}: convert with `.long()`.",
    ),
    Cause(
        Mistake.INDEX_DTYPE,
        r"[Ee]xpected tensor for argument #\d+ 'indices' to have one of the following scalar types: Long, Int; "
        r"but got torch\.(?P<a>\w+)Tensor|gather\(\): Expected dtype int\d+(?:/int64)? for index|"
        r"tensors used as indices must be long, int, byte or bool tensors",
        "Indices must be integers: convert them with `.long()`.",
    ),
    Cause(
        Mistake.DTYPE_MISMATCH,
        r"(?:mat1 and mat2 must have the same dtype, but got|expected m1 and m2 to have the same dtype, but got:) "
        r"(?P<a>[\w ]+?) (?:and|!=) (?P<b>[\w ]+)",
        "A matrix product needs one dtype on both sides, but these are {a} and {b}: convert one of them.",
    ),
    Cause(
        Mistake.DTYPE_MISMATCH,
        r"Found dtype (?P<a>\w+) but expected (?P<b>\w+)|expected scalar type (?P<c>\w+) but found (?P<d>\w+)",
        "The dtypes do not match: convert one of the tensors.",
    ),
    Cause(
        Mistake.INTEGER_MEAN,
        r"mean\(\): could not infer output dtype\. Input dtype must be either a floating point or complex dtype\. "
        r"Got: (?P<a>\w+)",
        "The mean of integers is not an integer, and the tensor is {a}: convert it with `.float()` first.",
    ),
    Cause(
        Mistake.IN_PLACE_DTYPE,
        r"result type (?P<a>\w+) can't be cast to the desired output type (?P<b>\w+)",
        "An in-place operation keeps the tensor's dtype, and a {a} result does not fit into {b}: "
        "convert the tensor first, or create a new one.",
    ),
    Cause(
        Mistake.GRAD_DTYPE,
        r"[Oo]nly Tensors of floating point and complex dtype can require gradients",
        "Only floats have a gradient: create the tensor with a floating-point dtype.",
    ),
    Cause(
        Mistake.DEVICE_MISMATCH,
        r"Expected all tensors to be on the same device|Tensor on device (?P<a>\S+) is not on the expected device",
        "The tensors are on different devices: move them to the same one with `.to(device)`.",
    ),
    Cause(
        Mistake.NO_CUDA,
        r"Torch not compiled with CUDA enabled|Found no NVIDIA driver|No CUDA GPUs are available",
        "This machine has no usable GPU: use the given `device`.",
    ),
    Cause(
        Mistake.DIMENSION_RANGE,
        r"Dimension out of range \(expected to be in range of \[(?P<a>-\d+), (?P<b>\d+)\], but got (?P<c>-?\d+)\)",
        "Dimension {c} does not exist: the tensor's dimensions are numbered 0 to {b}, or {a} to -1 from the end.",
    ),
    Cause(
        Mistake.INDEX_RANGE,
        r"index (?P<a>-?\d+) (?:is out of bounds for dimension|out of range for tensor of size) \[?(?P<dim>\d+)",
        "Index {a} is past the end: indices begin at 0, so the last one is the size minus 1.",
    ),
    Cause(
        Mistake.INDEX_RANGE,
        r"index out of range in self",
        "An index is past the end of the indexed tensor: indices begin at 0, so the last one is the size minus 1.",
    ),
    Cause(
        Mistake.INDEX_RANGE,
        r"Target (?P<a>-?\d+) is out of bounds|Class values must be smaller than num_classes",
        "A class index is as large as the number of classes or larger: classes are numbered from 0.",
    ),
    Cause(
        Mistake.INDEX_RANGE,
        r"(?:list|tuple) index out of range",
        "The index is past the end: indices begin at 0, so the last one is the length minus 1.",
    ),
    Cause(
        Mistake.TOO_MANY_INDICES,
        r"too many indices for tensor of dimension (?P<a>\d+)",
        "There are more indices than dimensions: the tensor has {a}.",
    ),
    Cause(
        Mistake.MASK_SHAPE,
        r"The shape of the mask \[(?P<a>[\d, ]*)\] at index \d+ does not match the shape of the indexed tensor "
        r"\[(?P<b>[\d, ]*)\]",
        "A mask must have the shape of the tensor that it indexes: the mask is [{a}], the tensor [{b}].",
    ),
    Cause(
        Mistake.NON_CONTIGUOUS_VIEW,
        r"view size is not compatible with input tensor's size and stride",
        "The tensor is not contiguous in memory, as after a transpose, so it cannot be viewed in another "
        "shape: use `reshape`, or `.contiguous()` first.",
    ),
    Cause(
        Mistake.RESHAPE,
        r"shape '\[(?P<a>[-\d, ]+)\]' is invalid for input of size (?P<b>\d+)",
        "A new shape must have the same number of elements: there are {b}, and [{a}] does not fit them.",
    ),
    Cause(
        Mistake.SUPER_INIT,
        r"cannot assign (?:module|parameters)s? before Module\.__init__\(\) call|"
        r"object has no attribute '_(?:backward_hooks|parameters|modules|forward_hooks|buffers)'",
        "The module was not initialised: call `super().__init__()` as the first line of `__init__`.",
    ),
    Cause(
        Mistake.NO_FORWARD,
        r"Module \[(?P<a>\w+)\] is missing the required \"forward\" function",
        "`{a}` has no method named `forward`; check its spelling and its indentation.",
    ),
    Cause(
        Mistake.NUMPY_GRAD,
        r"Can't call numpy\(\) on Tensor that requires grad",
        "NumPy does not support gradients: detach the tensor first, with `.detach().numpy()`.",
    ),
    Cause(
        Mistake.NUMPY_DEVICE,
        r"can't convert (?P<a>\S+) device type tensor to numpy",
        "NumPy can only access the CPU's memory: move the tensor there first, with `.cpu()`.",
    ),
    Cause(
        Mistake.AMBIGUOUS_BOOL,
        r"Boolean value of Tensor with more than one value is ambiguous",
        "`if`, `and`, `or` and `not` need one bool, and this tensor has several: reduce it with `any()` or `all()`, "
        "or combine masks with `&`, `|` and `~`.",
    ),
    Cause(
        Mistake.NOT_A_SCALAR,
        r"a Tensor with (?P<a>\d+) elements cannot be converted to Scalar|"
        r"only (?:one element tensors|single-element tensors|length-1 arrays) can be converted to Python scalars",
        "Only a tensor of exactly one element can be converted to a Python number: reduce or index it first.",
    ),
    Cause(
        Mistake.RAGGED,
        r"expected sequence of length (?P<a>\d+) at dim (?P<dim>\d+) \(got (?P<b>\d+)\)",
        "The nested lists are ragged: at dimension {dim} one has {a} items and another {b}, "
        "and a tensor's rows must have the same length.",
    ),
    Cause(
        Mistake.BATCH_NORM,
        r"Expected more than 1 value per channel when training",
        "Batch normalisation cannot train on one value per channel: use a larger batch, or call `eval()`.",
    ),
    Cause(
        Mistake.NO_PARAMETERS,
        r"optimizer got an empty parameter list",
        "The optimizer was given no parameters: a module's layers must be its attributes "
        "(a plain list hides them; use `nn.ModuleList`).",
    ),
    Cause(
        Mistake.NON_LEAF,
        r"can't optimize a non-leaf Tensor",
        "An optimizer changes leaves, and this tensor is the result of a computation: "
        "call `requires_grad_()` after computing it, not before.",
    ),
    Cause(
        Mistake.STATE_DICT,
        r"Error\(s\) in loading state_dict for (?P<a>\w+)",
        "The saved values do not fit `{a}`: names and shapes must be those of the module that loads them.",
    ),
)


def explain_error(raised: Raised) -> str | None:
    """Return one sentence on the cause of a known error, or None."""
    found = find_cause(raised)
    return found[1] if found else None


def find_cause(raised: Raised) -> tuple[Mistake, str] | None:
    """Return the key of a known error and the sentence on its cause, or None."""
    message = raised.message[:MAX_MESSAGE]
    for cause in CAUSES:
        if match := re.search(cause.pattern, message):
            groups = {name: text or "" for name, text in match.groupdict().items()}
            return cause.mistake, cause.explanation.format(**groups)
    return find_language_cause(raised)


def mistake_of_error(raised: Raised) -> Mistake:
    """Return the key of the cause, or else of the built-in class; untrusted code cannot choose any other text."""
    if found := find_cause(raised):
        return found[0]
    names = [base.removeprefix("builtins.") for base in raised.bases] or [raised.type]
    mistake = next((EXCEPTIONS[name] for name in names if name in EXCEPTIONS), Mistake.EXCEPTION)
    # Outside the code under test, the name is one that the check expects of the answer.
    return Mistake.NOT_DEFINED if mistake is Mistake.NAME_ERROR and raised.line is None else mistake
