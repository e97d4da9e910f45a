"""The keys of mistakes: in the JSON of a verdict, in the review log and in statistics. Stable: never renamed."""

from __future__ import annotations

from enum import StrEnum


class Mistake(StrEnum):
    """A kind of mistake; docs/diagnosis.md says what each of them means."""

    # Dimensions and shapes.
    WRONG_DIMENSION = "wrong-dimension"
    TRANSPOSED = "transposed"
    PERMUTED = "permuted"
    RESHAPED = "reshaped"
    FLATTENED = "flattened"
    KEPT_DIMENSION = "kept-dimension"
    LOST_DIMENSION = "lost-dimension"
    UNIT_DIMENSION = "unit-dimension"
    BROADCAST = "broadcast"
    JOINED = "joined"
    JOINED_ALONG_OTHER = "joined-along-other"
    JOINED_IN_OTHER_ORDER = "joined-in-other-order"

    # Order and extent.
    REVERSED = "reversed"
    ROLLED = "rolled"
    REORDERED = "reordered"
    UNSORTED = "unsorted"
    SORTED_OTHER_WAY = "sorted-other-way"
    EXTENT = "extent"
    OFF_BY_ONE = "off-by-one"
    ANOTHER_PART = "another-part"

    # All elements alike.
    SIGN = "sign"
    CONJUGATE = "conjugate"
    SCALED = "scaled"
    SHIFTED = "shifted"
    CONSTANT = "constant"
    ROUNDED = "rounded"
    NOT_ROUNDED = "not-rounded"
    EXP_LOG = "exp-log"
    SQUARE_SQRT = "square-sqrt"
    RECIPROCAL = "reciprocal"
    ABS = "abs"
    RELU = "relu"
    SIGMOID = "sigmoid"
    TANH = "tanh"
    IDENTITY = "identity"

    # Computations.
    OTHER_FUNCTION = "other-function"
    OPERANDS = "operands"
    PRECEDENCE = "precedence"
    LEFT_OUT = "left-out"
    EXTRA_TERM = "extra-term"
    UNCHANGED = "unchanged"
    STEP_MISSING = "step-missing"
    STEP_TOO_MANY = "step-too-many"
    MISSING_BIAS = "missing-bias"
    BIASED = "biased"
    WRONG_SCALE = "wrong-scale"
    ONE_HOT = "one-hot"

    # Masks and conditions.
    BOUNDARY = "boundary"
    COMPARISON = "comparison"
    MASK_INVERTED = "mask-inverted"
    MASK_FILL = "mask-fill"
    TRIANGLE = "triangle"
    TRIANGLE_BOUNDARY = "triangle-boundary"
    CONDITION = "condition"
    NAN_EQUALITY = "nan-equality"

    # Training.
    WRONG_LOSS = "wrong-loss"
    REPEATED_ACTIVATION = "repeated-activation"
    ACCUMULATED_GRADIENTS = "accumulated-gradients"
    NO_BACKWARD = "no-backward"
    NOT_UPDATED = "not-updated"
    REBOUND_NAME = "rebound-name"
    EXHAUSTED_ITERATOR = "exhausted-iterator"
    STEP_DIRECTION = "step-direction"
    TRAINING_MODE = "training-mode"
    NO_GRADIENT = "no-gradient"
    GRADIENT_LEFT = "gradient-left"
    GRAPH_CUT = "graph-cut"
    GRAPH_ATTACHED = "graph-attached"

    # Code.
    ARGUMENT_CHANGED = "argument-changed"
    NOT_CHANGED_IN_PLACE = "not-changed-in-place"
    ARGUMENT_IGNORED = "argument-ignored"
    ARGUMENT_VALUE = "argument-value"
    WRONG_NAME = "wrong-name"
    WRONG_CONSTANT = "wrong-constant"
    STATEMENT_ORDER = "statement-order"
    INDENTATION = "indentation"
    NOTHING_RETURNED = "none"
    NOT_CALLED = "not-called"
    NOT_DEFINED = "not-defined"
    UNSEEDED = "unseeded"
    RULE_BROKEN = "rule-broken"

    # Types, precision and memory.
    KIND = "kind"
    DTYPE = "dtype"
    DEVICE = "device"
    LAYOUT = "layout"
    PRECISION = "precision"
    NEARLY = "nearly"
    OVERFLOW = "overflow"
    TRUTH = "truth"
    NAN = "nan"
    INFINITE = "infinite"
    VIEW = "view"
    COPY = "copy"
    NOT_CONTIGUOUS = "not-contiguous"

    # Some elements.
    ONE_REGION = "one-region"
    ONE_ELEMENT = "one-element"
    EXCHANGED = "exchanged"

    # Data frames.
    FRAME_OR_SERIES = "frame-or-series"
    INDEX = "index"

    # Text.
    TEXT_CASE = "text-case"
    TEXT_BLANKS = "text-blanks"
    TEXT_LINES = "text-lines"
    TEXT_PUNCTUATION = "text-punctuation"
    TEXT_EMPTY = "text-empty"

    # Errors with a known cause.
    MATMUL = "matmul"
    EXPAND = "expand"
    SIZE_MISMATCH = "size-mismatch"
    CHANNELS = "channels"
    LEAF_IN_PLACE = "leaf-in-place"
    MODIFIED_IN_PLACE = "modified-in-place"
    SECOND_BACKWARD = "second-backward"
    NON_SCALAR_GRAD = "non-scalar-grad"
    NO_GRAPH = "no-graph"
    NO_GRAD_YET = "no-grad-yet"
    LONG_TARGET = "long-target"
    INDEX_DTYPE = "index-dtype"
    DTYPE_MISMATCH = "dtype-mismatch"
    INTEGER_MEAN = "integer-mean"
    IN_PLACE_DTYPE = "in-place-dtype"
    GRAD_DTYPE = "grad-dtype"
    DEVICE_MISMATCH = "device-mismatch"
    NO_CUDA = "no-cuda"
    DIMENSION_RANGE = "dimension-range"
    INDEX_RANGE = "index-range"
    TOO_MANY_INDICES = "too-many-indices"
    MASK_SHAPE = "mask-shape"
    NON_CONTIGUOUS_VIEW = "non-contiguous-view"
    RESHAPE = "reshape"
    SUPER_INIT = "super-init"
    NO_FORWARD = "no-forward"
    NUMPY_GRAD = "numpy-grad"
    NUMPY_DEVICE = "numpy-device"
    AMBIGUOUS_BOOL = "ambiguous-bool"
    NOT_A_SCALAR = "not-a-scalar"
    RAGGED = "ragged"
    BATCH_NORM = "batch-norm"
    NO_PARAMETERS = "no-parameters"
    NON_LEAF = "non-leaf"
    STATE_DICT = "state-dict"
    NOTEBOOK = "notebook"
    LOOK_ALIKE = "look-alike"
    CHARACTER = "character"
    NOT_INTERACTIVE = "not-interactive"

    # Other errors, by the built-in class.
    NAME_ERROR = "name-error"
    ATTRIBUTE_ERROR = "attribute-error"
    TYPE_ERROR = "type-error"
    VALUE_ERROR = "value-error"
    INDEX_ERROR = "index-error"
    KEY_ERROR = "key-error"
    ZERO_DIVISION = "zero-division"
    ASSERTION_ERROR = "assertion-error"
    IMPORT_ERROR = "import-error"
    RUNTIME_ERROR = "runtime-error"
    INDENTATION_ERROR = "indentation-error"
    SYNTAX_ERROR = "syntax-error"
    EXCEPTION = "exception"

    # Runs that were ended.
    TIMEOUT = "timeout"
    MEMORY = "memory"
    OUTPUT = "output"
    CRASHED = "crashed"
    BLOCKED = "blocked"


EXCEPTIONS = {
    "NameError": Mistake.NAME_ERROR,
    "AttributeError": Mistake.ATTRIBUTE_ERROR,
    "TypeError": Mistake.TYPE_ERROR,
    "ValueError": Mistake.VALUE_ERROR,
    "IndexError": Mistake.INDEX_ERROR,
    "KeyError": Mistake.KEY_ERROR,
    "ZeroDivisionError": Mistake.ZERO_DIVISION,
    "AssertionError": Mistake.ASSERTION_ERROR,
    "ImportError": Mistake.IMPORT_ERROR,
    "RuntimeError": Mistake.RUNTIME_ERROR,
    "IndentationError": Mistake.INDENTATION_ERROR,
    "SyntaxError": Mistake.SYNTAX_ERROR,
}
"""Built-in class of an exception -> its key."""

FORMER_KEYS = {
    "reduced-along-other": Mistake.WRONG_DIMENSION,
    "normalised-along-other": Mistake.WRONG_DIMENSION,
    "sorted-along-other": Mistake.WRONG_DIMENSION,
    "reordered-along-other": Mistake.WRONG_DIMENSION,
    "changed-in-place": Mistake.ARGUMENT_CHANGED,
    "error": Mistake.EXCEPTION,
    **EXCEPTIONS,
}
"""Key in a store that version 0.1.0 wrote -> its present key; that version wrote the class of an exception."""


def present_key(stored: str) -> str:
    """Return the key of today for a stored one; a key that no version knows is returned unchanged."""
    return str(FORMER_KEYS.get(stored, stored))
