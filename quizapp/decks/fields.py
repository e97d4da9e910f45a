"""The one table of what a deck file may hold. The reader and the JSON Schema are both made from it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from enum import IntEnum, auto

FORMAT = 1
SLUG = r"[a-z0-9-]+"
CARD_NAME = rf"(?:{SLUG}/)?{SLUG}"
CONSTRUCTS = ("for", "while", "if", "import", "lambda", "def")
FUNCTION_NAME = r"\.?[A-Za-z_]\w*(\.[A-Za-z_]\w*)*|aten::\w+(\.\w+)?"


class Type(IntEnum):
    """How a field's node is read; a scalar is read by this and never by how YAML 1.1 would guess."""

    TEXT = auto()
    MARKDOWN = auto()
    SLUG = auto()
    CARD = auto()
    """A card's id, or `deck/id`."""

    CODE = auto()
    """Python statements, compiled when the deck is read."""

    ANSWER = auto()
    """What a learner would hand in: Python on code cards, typed text on predict cards."""

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
    """Bytes: a whole number, or one with a unit such as `512 MiB`."""

    DATA = auto()
    """Plain YAML data, or `{tensor: …}`, `{array: …}`."""

    MAP = auto()
    """A map with a table of fields of its own."""

    CARDS = auto()
    """The list of cards, each read by itself."""

    BY_NAME = auto()
    """A map from card ids to maps."""


@dataclass(frozen=True, slots=True)
class Field:
    """One key: its type, whether it may be left out, and what an editor says of it."""

    name: str
    type: Type
    doc: str
    required: bool = False
    many: bool = False
    """A list of such values."""

    lone: bool = False
    """A list of one may be written without the list."""

    options: tuple[str, ...] = ()
    low: float | None = None
    high: float | None = None
    table: Table | None = None


class Table:
    """The fields of one map. `what` names it in messages; a bare text stands for its field `short`."""

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
    Field("seconds", Type.NUMBER, "Wall time of one run, in seconds.", low=0.05, high=600),
    Field("memory", Type.SIZE, "Memory that one run may add, such as `512 MiB`.", low=1 << 20, high=1 << 38),
    Field("output", Type.SIZE, "What one run may print, such as `64 KiB`.", low=0, high=1 << 26),
    Field("scratch", Type.SIZE, "Files that one run may write, such as `16 MiB`.", low=0, high=1 << 34),
    Field("processes", Type.INTEGER, "Processes and threads of one run together.", low=1, high=4096),
)

IGNORE = ("dtype", "device", "type", "order")

CHECK = Table(
    "a check",
    Field("see", Type.EXPRESSION, "The expression whose value must agree with the reference's.", required=True),
    Field("run", Type.CODE, "Statements that run before the expression."),
    Field("points", Type.NUMBER, "What the check is worth; 1 unless said.", low=0, high=1000),
    Field("says", Type.MARKDOWN, "Shown to a learner whose answer fails this check."),
    Field("rtol", Type.TOLERANCE, "Relative tolerance, in place of the dtype's usual one."),
    Field("atol", Type.NUMBER, "Absolute tolerance, in place of the dtype's usual one.", low=0),
    Field("hidden", Type.FLAG, "Counted, but neither expression nor values are shown."),
    Field("device", Type.TEXT, "`cuda` defers the check where there is no GPU.", options=("cpu", "cuda")),
    Field("equals", Type.DATA, "A literal to agree with, in place of the reference's value."),
    Field("raises", Type.NAME, "The exception that the reference raises here on purpose."),
    Field("ignore", Type.TEXT, "What need not agree.", many=True, options=IGNORE),
    short="see",
)

WRONG = Table(
    "a wrong answer",
    Field("code", Type.ANSWER, "An answer that learners really give, and that must fail.", required=True),
    Field("says", Type.MARKDOWN, "What to tell a learner who gives it."),
    short="code",
)

EQUIVALENT = Table(
    "an equivalent",
    Field("code", Type.CODE, "A changed solution that is as right as the solution.", required=True),
    Field("why", Type.TEXT, "Why no check should tell the two apart.", required=True),
)

CHOICE = Table(
    "a choice",
    Field("text", Type.MARKDOWN, "What the learner chooses.", required=True),
    Field("right", Type.FLAG, "Whether choosing it is right; false unless said."),
    Field("says", Type.MARKDOWN, "Shown to a learner who was wrong about this choice."),
    short="text",
)

KINDS = ("code", "predict", "choice", "order")

SHARED = (
    Field("kind", Type.TEXT, "What the learner does; `code` unless said.", options=KINDS),
    Field("tags", Type.TEXT, "Words to search and select by.", many=True),
    Field("level", Type.INTEGER, "How hard the card is, from 1 to 5.", low=1, high=5),
    Field("minutes", Type.NUMBER, "The author's guess of the time an answer takes.", low=0, high=600),
    Field("forbid", Type.FUNCTION, "Constructs, functions and methods that an answer may not use.", many=True),
    Field("require", Type.FUNCTION, "Constructs, functions and methods that an answer must use.", many=True),
    Field("trials", Type.INTEGER, "From how many seeds the whole run is repeated.", low=1, high=100),
    Field("seed", Type.INTEGER, "The first seed.", low=0, high=(1 << 31) - 1),
    Field("limits", Type.MAP, "What one run may use.", table=LIMITS),
)
"""Fields that a deck's `defaults` may set for all of its cards."""

DEFAULTS = Table("defaults", *SHARED)

CARD = Table(
    "a card",
    Field("id", Type.SLUG, "The card's lasting id, unique in its deck: small letters, digits, dashes.", required=True),
    Field("question", Type.MARKDOWN, "What is asked, in Markdown.", required=True),
    Field("title", Type.TEXT, "A short name; the id unless said."),
    Field("note", Type.MARKDOWN, "What to remember: shown after a pass or a give-up."),
    Field("from", Type.TEXT, "Ids of the notes that the card was made from.", many=True),
    Field("after", Type.CARD, "Cards that come first; the bare id will do in the same deck.", many=True),
    Field("was", Type.CARD, "Names that the card had before, so that its history stays with it.", many=True, lone=True),
    Field("given", Type.CODE, "Runs before the answer; shown, and not to be edited."),
    Field("starter", Type.CODE, "What the editor opens with."),
    Field("solution", Type.CODE, "The reference answer."),
    Field("accept", Type.ANSWER, "Other right answers; the audit proves that each passes.", many=True),
    Field(
        "wrong",
        Type.MAP,
        "Known wrong answers; the audit proves that each fails.",
        many=True,
        table=WRONG,
    ),
    Field(
        "equivalent",
        Type.MAP,
        "Machine-made changes of the solution that are no mistakes.",
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
    Field("hints", Type.MARKDOWN, "A ladder of hints; each one taken lowers the proposed rating.", many=True),
    Field(
        "choices",
        Type.MAP,
        "What a choice card offers; one or more are right.",
        many=True,
        table=CHOICE,
    ),
    Field("proof", Type.CODE, "Assertions that back a choice card's claim with a run."),
    Field("distract", Type.TEXT, "Lines of an order card that belong nowhere.", many=True),
    *SHARED,
)

DECK = Table(
    "a deck",
    Field("format", Type.INTEGER, "The version of the deck format: 1.", required=True),
    Field("deck", Type.SLUG, "The deck's slug: small letters, digits, dashes.", required=True),
    Field("title", Type.TEXT, "The deck's name; the slug unless said."),
    Field("description", Type.MARKDOWN, "What the deck teaches, in a sentence or two."),
    Field("order", Type.INTEGER, "Place among the decks of its folder; those without come last.", low=0, high=9999),
    Field("preamble", Type.CODE, "Runs before every card's `given`; shown folded."),
    Field("defaults", Type.MAP, "What holds for every card that does not say otherwise.", table=DEFAULTS),
    Field("cards", Type.CARDS, "The cards, in the order that teaches.", required=True, table=CARD),
)

TEXTS = Table(
    "a translated card",
    Field("title", Type.TEXT, "The title in this language."),
    Field("question", Type.MARKDOWN, "The question in this language."),
    Field("note", Type.MARKDOWN, "The note in this language."),
    Field("hints", Type.MARKDOWN, "All hints in this language, as many as the deck has.", many=True),
    Field("checks", Type.MARKDOWN, "`says` of each check, in order; empty where there is none.", many=True),
    Field("wrong", Type.MARKDOWN, "`says` of each wrong answer, in order; empty where there is none.", many=True),
    Field(
        "choices",
        Type.MAP,
        "Each choice in this language, in the deck's order.",
        many=True,
        table=Table(
            "a choice",
            Field("text", Type.MARKDOWN, "The choice in this language."),
            Field("says", Type.MARKDOWN, "Its `says` in this language."),
            short="text",
        ),
    ),
)

SIDECAR = Table(
    "a translation",
    Field("translates", Type.SLUG, "The slug of the deck beside this file.", required=True),
    Field("language", Type.TEXT, "The language, as in the file's name: `zh`.", required=True),
    Field("title", Type.TEXT, "The deck's title in this language."),
    Field("description", Type.MARKDOWN, "The deck's description in this language."),
    Field("cards", Type.BY_NAME, "Texts by card id.", table=TEXTS),
)
