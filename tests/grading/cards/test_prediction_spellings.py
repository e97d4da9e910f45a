"""Typed predictions of the shipped cards in many spellings, graded in the real sandbox against the cards' values."""

from __future__ import annotations

from collections.abc import Mapping

import pytest

from quizapp.decks.card import Card, CardKind
from quizapp.decks.library import shipped
from quizapp.decks.reader import read_decks
from quizapp.grading.grader import Grader
from quizapp.grading.verdict import Outcome
from quizapp.sandbox.client import Sandbox

RIGHT = {
    # Shapes and strides.
    "classifying/flatten-for-linear": [
        "(37, 784)",
        "37 784",
        "37x784",
        "37 x 784",
        "37X784",
        "37×784",
        "[37, 784]",
        "37, 784",
        "37,784",
        "(37 784)",
        "torch.Size([37, 784])",
        "torch.Size((37,784))",
        "Size([37, 784])",
        "(37，784)",
        "（37, 784）",
        "３７，７８４",
        "【37、784】",
        "`(37, 784)`",
        " (37, 784) ",
        "(37, 784,)",
    ],
    "indexing/strides-of-a-step": ["2352 784 56 3", "2352, 784, 56, 3", "(2352,784,56,3)", "[2352, 784, 56, 3]"],
    "memory-layout/strides-of-a-transpose": ["1 3", "1, 3", "(1,3)", "[1, 3]"],
    "matrix-products/broadcast-batches": ["7x5x2x4", "7 5 2 4", "torch.Size([7, 5, 2, 4])", "[7,5,2,4]"],
    "padding/which-side": ["1×1×10×6", "1 x 1 x 10 x 6", "1, 1, 10, 6", "torch.Size([1, 1, 10, 6])"],
    # Lists of shapes.
    "feature-taps/three-shapes": [
        "[(1, 4, 12, 8), (1, 8, 6, 4), (1, 16, 3, 2)]",
        "(1, 4, 12, 8), (1, 8, 6, 4), (1, 16, 3, 2)",
        "(1,4,12,8) (1,8,6,4) (1,16,3,2)",
        "1x4x12x8, 1x8x6x4, 1x16x3x2",
        "1x4x12x8 1x8x6x4 1x16x3x2",
        "[[1, 4, 12, 8], [1, 8, 6, 4], [1, 16, 3, 2]]",
        "((1, 4, 12, 8), (1, 8, 6, 4), (1, 16, 3, 2))",
        "(1, 4, 12, 8)\n(1, 8, 6, 4)\n(1, 16, 3, 2)",
        "[torch.Size([1, 4, 12, 8]), torch.Size([1, 8, 6, 4]), torch.Size([1, 16, 3, 2])]",
    ],
    "data/sample-or-batch": [
        "[(), (4,)]",
        "(), (4,)",
        "() (4,)",
        "[[], [4]]",
        "(), (4)",
        "[torch.Size([]), torch.Size([4])]",
    ],
    "matrix-products/matrix-and-vector": ["(3,), (4,), ()", "[3, 4, ()]", "(3) (4) ()", "[(3,),(4,),()]"],
    "pandas/rows-of-a-matrix": ["(1, 2), (2,)", "[1x2, 2]", "[(1, 2), 2]", "(1,2) (2,)"],
    # Booleans and None.
    "argparse/a-flag-is-off": [
        "[False, True]",
        "(False, True)",
        "False, True",
        "False True",
        "false, true",
        "false true",
        "[false, true]",
        "[False True]",
        "False，True",
        "False\nTrue",
    ],
    "autograd/complex-numbers-may": ["True", "true", " True ", "`True`"],
    "autograd/what-counts-as-a-leaf": ["True True False True", "(True, True, False, True)", "true, true, false, true"],
    "training/what-zero-grad-leaves": ["None", "none", "`None`"],
    # Numbers.
    "autograd/two-walks-add-up": ["12.0", "12", "12.", "1.2e1", "12.00", "１２", "12．0", "np.float32(12.0)"],
    "autograd/the-graph-follows-the-branch": ["-2.0", "-2", "-2.", "−2", "－2"],
    "learning-rates/factor-not-rate": ["0.01", ".01", "1e-2", "0.010"],
    "networks/another-image-size": ["256", "256.0", "２５６"],
    "plotting/does-it-wait": ["0", "0.0"],
    "pandas/a-row-on-loan": ["4", "4.0", "np.int64(4)"],
    # Lists of numbers.
    "data/sizes-of-the-batches": ["4 4 2", "4, 4, 2", "(4, 4, 2)", "[4,4,2]", "[4 4 2]", "4\n4\n2", "[4., 4., 2.]"],
    "plotting/three-figures-one-show": ["[3]", "3", "(3,)", "3,"],
    "learning-rates/staircase": ["0.8 0.8 0.8 0.4 0.4 0.4 0.2", ".8, .8, .8, .4, .4, .4, .2"],
    "tensors/two-windows": ["99 -5 3 1 2 3", "[99, -5, 3, 1, 2, 3]", "(99, -5, 3, 1, 2, 3)"],
    "training/sum-or-mean": ["4, 16", "4 16", "4. 16.", "(4.0, 16.0)"],
    "python-basics/pull-by-pull": ["[1, 2, [3, 4], []]", "1, 2, [3, 4], []", "1 2 [3, 4] []", "[1,2,[3,4],[]]"],
    "python-basics/the-variable-inside": ["[1, 2, 3], [2, 3, 4]", "[1,2,3] [2,3,4]", "([1, 2, 3], [2, 3, 4])"],
    # Tensors.
    "autograd/weights-for-the-elements": [
        "tensor([2., 2., 0.])",
        "torch.tensor([2, 2, 0])",
        "[2.0, 2.0, 0.0]",
        "2 2 0",
        "2., 2., 0.",
        "(2, 2, 0)",
        "tensor([2. 2. 0.])",
        "tensor([2.,2.,0.], requires_grad=True)",
        "tensor([2., 2., 0.], grad_fn=<MulBackward0>)",
        "Parameter containing:\ntensor([2., 2., 0.], requires_grad=True)",
    ],
    "indexing/flat-positions": [
        "[[1, 4], [6, 6]]",
        "[[1 4]\n [6 6]]",
        "tensor([[1, 4],\n        [6, 6]])",
        "[1, 4], [6, 6]",
    ],
    "indexing/half-or-more": ["tensor([0.5000, 0.7500])", "0.5 0.75", "[.5, .75]"],
    # Dtypes.
    "tensors/one-float-is-enough": [
        "torch.float32",
        "float32",
        "torch.float",
        "float",
        "ｆｌｏａｔ３２",
        "`torch.float32`",
    ],
    "tensors/numpy-floats": ["torch.float64", "float64", "double", "torch.double"],
    # Text, alone and in lists.
    "argparse/text-unless-told": ["'0.10.1'", "0.10.1", '"0.10.1"', "‘0.10.1’"],
    "padding/name-the-padding": ["replicate", "'replicate'", '"replicate"', "“replicate”", "`replicate`"],
    "networks/one-line-of-the-printout": ["Linear(in_features=3, out_features=2, bias=True)"],
    "argparse/where-arguments-come-from": [
        "['a.txt', 'b.txt']",
        '("a.txt", "b.txt")',
        "'a.txt' 'b.txt'",
        "['a.txt'，'b.txt']",
    ],
    "argparse/dashes-in-a-name": ["['batch_size']", "'batch_size'", "batch_size", "[batch_size]"],
    "matrix-products/rank-matters": ["['mm', 'bmm']", "mm, bmm", "mm bmm", "[mm, bmm]", "('mm', 'bmm')"],
    "networks/dotted-names": ["['', '0', '1', '1.0', '1.1']", '"", "0", "1", "1.0", "1.1"'],
    # Exceptions.
    "argparse/the-same-flag-twice": [
        "ArgumentError",
        "argparse.ArgumentError",
        "`ArgumentError`",
        "ArgumentError: conflict",
    ],
    "saving/refused": ["UnpicklingError", "pickle.UnpicklingError", "UnpicklingError()"],
    "padding/too-far": [
        "RuntimeError",
        "RuntimeError: Padding size",
        "raised\nRuntimeError: too large",
        "RuntimeError：",
    ],
    # Printed text.
    "attributes/with-or-without-default": [
        "[0.1, 0.1, 3, 'error']",
        "[0.1,0.1,3,'error']",
        '[0.1, 0.1, 3, "error"]',
        "[ 0.1 , 0.1 , 3 , 'error' ]",
        "[0.1, 0.1, 3, 'error']\n\n",
        "[0.1，0.1，3，‘error’]",
    ],
    "attributes/shadow": ["5 1 1 None", "5  1   1 None", "5 1 1 None  ", "'5 1 1 None'"],
    "attributes/where-things-live": ["{'a':2} True 0 1", '{"a": 2} True 0 1', "{ 'a' : 2 }  True 0 1"],
    "classes/shared-list": ["['x','y'] ['x','y'] False", '["x", "y"] ["x", "y"] False'],
    "gans/pollution": ["-3.0 -2.0", "-3. -2.", "−3.0 −2.0"],
    "imports/same-module": [
        "loading\nTrue [1, 2]",
        "loading\nTrue [1,2]\n",
        "loading\\nTrue [1, 2]",
        "loading \n True [1, 2]",
    ],
    "indexing/dims-and-scalars": ["4 (3, 28, 28) ()", "4 (3,28,28) ()", "4 ( 3, 28, 28 ) ( )", "４ （3，28，28） （）"],
    "logging/counter-too-early": [
        "1 append\n2 append\n3 append",
        "1 append\n2  append\n3 append\n\n",
        "'1 append\\n2 append\\n3 append'",
    ],
    "masks/nan-stays": ["[nan,0.0,1.0] [0.0,0.0,1.0]", "[nan, 0., 1.] [0., 0., 1.]"],
    "reshaping/memory-of-expand": ["(0,1) 32 32000", "(0, 1)  32  32000"],
}
"""Card -> texts that must pass."""

WRONG = {
    "classifying/flatten-for-linear": [
        "(37, 785)",
        "784x37",
        "37 784 1",
        "29008",
        "37784",
        "37",
        "{37, 784}",
        "dunno",
        "(37, '784')",
    ],
    "matrix-products/broadcast-batches": ["7x1x2x4", "7 5 4 2", "tensor([7, 5, 2, 4])", "ValueError"],
    "feature-taps/three-shapes": [
        "1x4x24x16, 1x8x12x8, 1x16x6x4",
        "(1, 4, 12, 8), (1, 8, 6, 4)",
        "1 4 12 8 1 8 6 4 1 16 3 2",
    ],
    "data/sample-or-batch": ["[4, ()]", "(1,), (4,)", "4", "(4,)"],
    "matrix-products/matrix-and-vector": ["3, 4, 0", "[[3], [4], [1]]", "3 4"],
    "argparse/a-flag-is-off": ["true, false", "0, 1", "[0 1]", "'False', 'True'", "False", "none true"],
    "autograd/complex-numbers-may": ["1", "False", "'True'", "yes", "RuntimeError"],
    "training/what-zero-grad-leaves": ["0", "[0.0, 0.0]", "False", "'None'", "nothing"],
    "autograd/two-walks-add-up": ["6", "tensor(12.)", "[12, 12]", "'12'", "12, 0", "1,2", "True"],
    "learning-rates/factor-not-rate": ["0.05", "0.1", "0"],
    "networks/another-image-size": ["400", "2560", "2,56", "(16, 4, 4)"],
    "plotting/does-it-wait": ["False", "None", "1"],
    "data/sizes-of-the-batches": ["4 4", "442", "4 4 2 0", "(4, 4, 4)", "10"],
    "plotting/three-figures-one-show": ["[1]", "[[3]]", "4", "3 3", "'3'"],
    "tensors/two-windows": ["99 5 3 1 2 3", "[1, -5, 3, 1, 2, 3]"],
    "autograd/weights-for-the-elements": [
        "[2.0, 4.0, 6.0]",
        "2 2",
        "[[2, 2, 0]]",
        "tensor([2., 2., 0.], dtype=torch.float64)",
    ],
    "indexing/flat-positions": ["[1, 4, 6, 6]", "1 4 6 6", "[[1., 4.], [6., 6.]]"],
    "tensors/one-float-is-enough": ["float64", "torch.int64", "Float32", "'float32'"],
    "argparse/text-unless-told": ["0.2", "0.10.10", "0.1 0.1", "0. 10.1", "TypeError"],
    "padding/name-the-padding": ["Replicate", "replicate.", "reflect", "re plicate"],
    "networks/one-line-of-the-printout": ["Linear(in_features=3,out_features=2,bias=True)", "Linear(3, 2)"],
    "matrix-products/rank-matters": ["['mm bmm']", "mm", "bmm, mm", "[MM, BMM]"],
    "argparse/where-arguments-come-from": ["'a.txt b.txt'", "['a.txtb.txt']", "['A.txt', 'b.txt']"],
    "saving/refused": ["Net", "RuntimeError: refused", "unpicklingerror", "None"],
    "attributes/with-or-without-default": [
        "[0.1, 0.1, 3, 'Error']",
        "[0.1, 0.1, 3, error]",
        "(0.1, 0.1, 3, 'error')",
        "[0.1, 0.1, 3.0, 'error']",
    ],
    "attributes/shadow": ["5 1 1", "511 None", "5 1 1 none", "5, 1, 1, None", "5\n1\n1\nNone"],
    "gans/pollution": ["-3 -2", "3.0 -2.0", "-3.0-2.0", "-3.00 -2.00"],
    "imports/same-module": [
        "loading True [1, 2]",
        "Loading\nTrue [1, 2]",
        "loading\n\nTrue [1, 2]",
        "\nloading\nTrue [1, 2]",
    ],
    "indexing/dims-and-scalars": ["4 (3, 28, 28)", "4 3x28x28 ()", "4 [3, 28, 28] ()"],
    "logging/counter-too-early": ["1 append 2 append 3 append", "1 append\n2 append", "1 append\n2 append\n4 append"],
}
"""Card -> texts that must be wrong."""

UNREADABLE = {
    "classifying/flatten-for-linear": [
        "(37, 784",
        "37, 784)",
        "[37, 784)",
        "torch.Size([37, 784",
        "",
        " \n ",
        "37 * 784",
        "37,, 784",
        "(37; 784)",
    ],
    "autograd/weights-for-the-elements": ["tensor([2., 2., 0.", "tensor([2., 2., 0.]", "2., 2.; 0", "no idea"],
    "argparse/a-flag-is-off": ["[False, True", "False and True", "'False', 'True"],
    "autograd/two-walks-add-up": ["3 * 4", "(12.0", "12.0)", "twelve point zero", "x.grad = 12", "12..0"],
    "learning-rates/factor-not-rate": ["0,01", "0.0.1"],
    "training/what-zero-grad-leaves": ["[None", "it is None", ""],
    "padding/too-far": ["(1, 1, 9, 9", "an error is raised", ""],
    "tensors/one-float-is-enough": ["torch.float 32", "torch.float32)", ""],
    "padding/name-the-padding": [""],
    "attributes/shadow": ["", "\n"],
}
"""Card -> texts that must be asked again."""


def pairs(table: Mapping[str, list[str]]) -> list[tuple[str, str]]:
    return [(name, text) for name, texts in table.items() for text in texts]


@pytest.fixture(scope="module")
def cards() -> dict[str, Card]:
    """The shipped predict cards by name."""
    files = {shipped() / f"{name.partition('/')[0]}.yaml" for table in (RIGHT, WRONG, UNREADABLE) for name in table}
    decks, _ = read_decks(sorted(files))
    return {card.name: card for deck in decks for card in deck if card.kind is CardKind.PREDICT}


@pytest.fixture(scope="module")
def grader(sandbox: Sandbox) -> Grader:
    """One grader for the module, so that the code of each card runs once."""
    return Grader(sandbox, trust=True)


@pytest.mark.parametrize(("name", "text"), pairs(RIGHT))
def test_this_spelling_of_the_right_value_passes(grader: Grader, cards: dict[str, Card], name: str, text: str) -> None:
    verdict = grader.grade(cards[name], text)
    assert verdict.outcome is Outcome.PASSED, verdict


@pytest.mark.parametrize(("name", "text"), pairs(WRONG))
def test_this_text_is_wrong(grader: Grader, cards: dict[str, Card], name: str, text: str) -> None:
    assert grader.grade(cards[name], text).outcome is Outcome.WRONG


@pytest.mark.parametrize(("name", "text"), pairs(UNREADABLE))
def test_this_text_is_asked_again(grader: Grader, cards: dict[str, Card], name: str, text: str) -> None:
    verdict = grader.grade(cards[name], text)
    assert (verdict.outcome, verdict.checks) == (Outcome.UNREADABLE, ())
    assert "such as" in verdict.detail
