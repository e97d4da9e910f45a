"""The table of all fields of a deck file. The reader and the JSON Schema are both derived from it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from enum import IntEnum, auto

FORMAT = 1
SLUG = r"[a-z0-9-]+"
CARD_NAME = rf"(?:{SLUG}/)?{SLUG}"
CONSTRUCTS = ("for", "while", "if", "import", "lambda", "def", "recursion")
RULE_GROUPS = ("loops", "products")
"""Names for several rules of `forbid` and `require` together."""

FUNCTION_NAME = r"\.?[A-Za-z_]\w*(\.[A-Za-z_]\w*)*|aten::\w+(\.\w+)?"


class Type(IntEnum):
    """How a field's node is read. A scalar is read by its field's type, never by the guesses of YAML 1.1."""

    TEXT = auto()
    MARKDOWN = auto()
    SLUG = auto()
    CARD = auto()
    """A card's id, or `deck/id`."""

    CODE = auto()
    """Python statements, compiled when the deck is read."""

    ANSWER = auto()
    """A learner's answer: Python on code cards, typed text on predict cards."""

    EXPRESSION = auto()
    NAME = auto()
    """A dotted Python name."""

    FUNCTION = auto()
    """A construct, function, method or operator, for `forbid` and `require`."""

    INTEGER = auto()
    NUMBER = auto()
    TOLERANCE = auto()
    """A number of 0 or more, or `auto`."""

    FLAG = auto()
    SIZE = auto()
    """Bytes: a whole number, or a number with a unit such as `512 MiB`."""

    DATA = auto()
    """Plain YAML data, or `{tensor: …}`, `{array: …}`."""

    COUNT_CAP = auto()
    """The most operators: a whole number, or a multiple of the reference's such as `2x`."""

    SIZE_CAP = auto()
    """The most bytes: a size, or a multiple of the reference's such as `2x`."""

    MAP = auto()
    """A map with its own table of fields."""

    CARDS = auto()
    """The list of cards, each read separately."""

    BY_NAME = auto()
    """A map from card ids to maps."""


@dataclass(frozen=True, slots=True)
class Field:
    """One key: its type, whether it is required, and its description (`doc`) in editors."""

    name: str
    type: Type
    doc: str
    required: bool = False
    many: bool = False
    """Whether the value is a list of `type`."""

    lone: bool = False
    """Whether a list with one entry may be written without the list."""

    options: tuple[str, ...] = ()
    low: float | None = None
    high: float | None = None
    table: Table | None = None


class Table:
    """The fields of one map. `what` is its name in messages; plain text in place of the map is its field `short`."""

    def __init__(self, what: str, *fields: Field, short: str | None = None) -> None:
        self.what = what
        self.fields = fields
        self.short = short
        self.index = {field.name: field for field in fields}
        self.required = tuple(field.name for field in fields if field.required)

    def __iter__(self) -> Iterator[Field]:
        return iter(self.fields)

    @property
    def names(self) -> tuple[str, ...]:
        return tuple(self.index)


LIMITS = Table(
    "limits",
    Field("seconds", Type.NUMBER, "Seconds of one run, without waiting for a busy processor.", low=0.05, high=600),
    Field("memory", Type.SIZE, "Memory that one run may add, such as `512 MiB`.", low=1 << 20, high=1 << 38),
    Field("output", Type.SIZE, "Bytes that one run may print, such as `64 KiB`.", low=0, high=1 << 26),
    Field("scratch", Type.SIZE, "Bytes of files that one run may write, such as `16 MiB`.", low=0, high=1 << 34),
    Field("processes", Type.INTEGER, "Processes and threads of one run together.", low=1, high=4096),
)

BUDGET = Table(
    "a budget",
    Field("operators", Type.COUNT_CAP, "The most torch operators: a number, or `2x` for twice the reference's."),
    Field("memory", Type.SIZE_CAP, "The most memory for tensors: `64 MiB`, or `2x` for twice the reference's."),
    Field("points", Type.NUMBER, "The points for each of them; default: 1.", low=0, high=1000),
)

IGNORE = ("dtype", "device", "type", "order")

CHECK = Table(
    "a check",
    Field("see", Type.EXPRESSION, "The expression whose value must agree with the reference's.", required=True),
    Field("run", Type.CODE, "Statements that run before the expression."),
    Field("points", Type.NUMBER, "The points for this check; default: 1.", low=0, high=1000),
    Field("says", Type.MARKDOWN, "Shown to a learner whose answer fails this check."),
    Field("rtol", Type.TOLERANCE, "Relative tolerance; default: that of the dtype."),
    Field("atol", Type.NUMBER, "Absolute tolerance; default: that of the dtype.", low=0),
    Field("hidden", Type.FLAG, "Whether the expression and its values are hidden from the learner."),
    Field("device", Type.TEXT, "`cuda` defers the check where there is no GPU.", options=("cpu", "cuda")),
    Field("equals", Type.DATA, "A literal to compare with instead of the reference's value."),
    Field("raises", Type.NAME, "The exception that the reference raises here intentionally."),
    Field("ignore", Type.TEXT, "Aspects that may differ.", many=True, options=IGNORE),
    Field("strict", Type.FLAG, "Whether numbers and sequences must have exactly the reference's type."),
    short="see",
)

WRONG = Table(
    "a wrong answer",
    Field("code", Type.ANSWER, "A wrong answer that learners give; it must fail.", required=True),
    Field("says", Type.MARKDOWN, "Shown to a learner who gives it."),
    short="code",
)

EQUIVALENT = Table(
    "an equivalent",
    Field("code", Type.CODE, "A changed solution that is also right.", required=True),
    Field("why", Type.TEXT, "Why no check should distinguish the two.", required=True),
)

CHOICE = Table(
    "a choice",
    Field("text", Type.MARKDOWN, "The text of the choice.", required=True),
    Field("right", Type.FLAG, "Whether the choice is right; default: false."),
    Field("says", Type.MARKDOWN, "Shown to a learner who was wrong about this choice."),
    short="text",
)

KINDS = ("code", "predict", "choice", "order")

SHARED = (
    Field("kind", Type.TEXT, "What the learner does; default: `code`.", options=KINDS),
    Field("tags", Type.TEXT, "Words to search and select by.", many=True),
    Field("level", Type.INTEGER, "The difficulty of the card, from 1 to 5.", low=1, high=5),
    Field("minutes", Type.NUMBER, "The author's estimate of the time an answer takes.", low=0, high=600),
    Field("forbid", Type.FUNCTION, "Constructs, functions and methods that an answer may not use.", many=True),
    Field("require", Type.FUNCTION, "Constructs, functions and methods that an answer must use.", many=True),
    Field("allow", Type.FUNCTION, "The only names of torch that an answer may use.", many=True),
    Field("budget", Type.MAP, "The most operators and memory that an answer may use.", table=BUDGET),
    Field("trials", Type.INTEGER, "How many times the run is repeated, each time with another seed.", low=1, high=100),
    Field("seed", Type.INTEGER, "The first seed.", low=0, high=(1 << 31) - 1),
    Field("limits", Type.MAP, "The resources that one run may use.", table=LIMITS),
)
"""Fields that a deck's `defaults` may set for all of its cards."""

DEFAULTS = Table("defaults", *SHARED)

CARD = Table(
    "a card",
    Field(
        "id",
        Type.SLUG,
        "The permanent id, unique in its deck: lower-case letters, digits, dashes.",
        required=True,
    ),
    Field("question", Type.MARKDOWN, "The question, in Markdown.", required=True),
    Field("title", Type.TEXT, "A short name; default: the id."),
    Field("note", Type.MARKDOWN, "What to remember; shown after passing or giving up."),
    Field("from", Type.TEXT, "Ids of the notes that the card was made from.", many=True),
    Field("after", Type.CARD, "Cards to learn before this one: `id` in the same deck, or `deck/id`.", many=True),
    Field("was", Type.CARD, "Former names of the card, so that its history is kept.", many=True, lone=True),
    Field("given", Type.CODE, "Code that runs before the answer; shown, but not editable."),
    Field("starter", Type.CODE, "The code with which the editor opens."),
    Field("solution", Type.CODE, "The reference answer."),
    Field("accept", Type.ANSWER, "Other right answers; `ptquiz check` proves that each passes.", many=True),
    Field(
        "wrong",
        Type.MAP,
        "Known wrong answers; `ptquiz check` proves that each fails.",
        many=True,
        table=WRONG,
    ),
    Field(
        "equivalent",
        Type.MAP,
        "Machine-made changes of the solution that are also right.",
        many=True,
        table=EQUIVALENT,
    ),
    Field(
        "checks",
        Type.MAP,
        "Expressions whose values must agree with the reference's.",
        many=True,
        table=CHECK,
    ),
    Field("hints", Type.MARKDOWN, "Hints, in order; each one used lowers the suggested rating.", many=True),
    Field(
        "choices",
        Type.MAP,
        "The choices of a choice card; one or more are right.",
        many=True,
        table=CHOICE,
    ),
    Field("proof", Type.CODE, "Assertions that prove a choice card's right answer."),
    Field("distract", Type.TEXT, "Extra lines of an order card that are not part of the solution.", many=True),
    *SHARED,
)

DECK = Table(
    "a deck",
    Field("format", Type.INTEGER, "The version of the deck format: 1.", required=True),
    Field("deck", Type.SLUG, "The deck's slug: lower-case letters, digits, dashes.", required=True),
    Field("title", Type.TEXT, "The deck's name; default: the slug."),
    Field("description", Type.MARKDOWN, "What the deck teaches, in a sentence or two."),
    Field("order", Type.INTEGER, "Place among the decks of its folder; decks without it come last.", low=0, high=9999),
    Field("preamble", Type.CODE, "Code that runs before every card's `given`; shown folded."),
    Field("defaults", Type.MAP, "Default values for all cards.", table=DEFAULTS),
    Field("cards", Type.CARDS, "The cards, in teaching order.", required=True, table=CARD),
)

TEXTS = Table(
    "a translated card",
    Field("title", Type.TEXT, "The title in this language."),
    Field("question", Type.MARKDOWN, "The question in this language."),
    Field("note", Type.MARKDOWN, "The note in this language."),
    Field("hints", Type.MARKDOWN, "All hints in this language, as many as in the deck.", many=True),
    Field("checks", Type.MARKDOWN, "The `says` of each check, in order; empty for checks without one.", many=True),
    Field("wrong", Type.MARKDOWN, "The `says` of each wrong answer, in order; empty for those without one.", many=True),
    Field(
        "choices",
        Type.MAP,
        "Each choice in this language, in the same order.",
        many=True,
        table=Table(
            "a choice",
            Field("text", Type.MARKDOWN, "The choice in this language."),
            Field("says", Type.MARKDOWN, "The `says` of the choice in this language."),
            short="text",
        ),
    ),
)

TRANSLATION = Table(
    "a translation",
    Field("translates", Type.SLUG, "The slug of the translated deck.", required=True),
    Field("language", Type.TEXT, "The language, as in the file's name: `zh`.", required=True),
    Field("title", Type.TEXT, "The deck's title in this language."),
    Field("description", Type.MARKDOWN, "The deck's description in this language."),
    Field("cards", Type.BY_NAME, "Texts by card id.", table=TEXTS),
)

TABLES = (DECK, DEFAULTS, CARD, CHECK, WRONG, EQUIVALENT, CHOICE, LIMITS, BUDGET, TRANSLATION, TEXTS)
FIELD_NAMES = frozenset(name for table in TABLES for name in table.names)
