"""One file's cards: from its tree to a Deck, as far as its problems allow."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path

from quizapp.decks import build, rules
from quizapp.decks.card import LAST, Card, CardKind, Deck, Position
from quizapp.decks.fields import CARD, DECK, FORMAT
from quizapp.decks.parsing.node_decoder import Decoder, Values
from quizapp.decks.parsing.source import DeckSource, read_source
from quizapp.decks.parsing.yaml_tree import Mapping, Node, Scalar, place
from quizapp.decks.problems import Problems
from quizapp.sandbox.protocol import Limits


@dataclass
class ParsedFile:
    """What one file gave: its deck where it could be read without an error, and what is known even so."""

    path: Path
    problems: Problems
    deck: Deck | None = None
    slug: str = ""
    slug_place: Position = Position()
    ids: set[str] = field(default_factory=set)
    """Ids of the cards that the file names, good or not."""

    partial: bool = False
    """Some cards could not be seen at all."""


def read_file(path: Path) -> ParsedFile:
    """Read one deck file; never raises for what is in it."""
    reading = ParsedFile(path, Problems(str(path)))
    source = read_source(path, reading.problems)
    if source is None:
        reading.partial = True
        return reading
    reading.partial = source.partial
    return _FileReader(source, reading).read()


class _FileReader:
    """Reads the cards of one file, one after the other."""

    def __init__(self, source: DeckSource, reading: ParsedFile) -> None:
        self.source = source
        self.reading = reading
        self.problems = reading.problems
        self.decoder = Decoder(source, reading.problems)

    def read(self) -> ParsedFile:
        assert self.source.root is not None
        values = self.decoder.map(self.source.root, DECK, "")
        self.decoder.settle()
        slug = values.get("deck", "")
        self.reading.slug = slug
        self.reading.slug_place = self.decoder.places.get("deck", Position(1, 1))
        self._format(values)
        nodes: list[Node] = values.get("cards", [])
        if "cards" in values and not nodes and not self.source.partial:
            self.problems.add("empty", self.reading.slug_place, "the deck has no cards", "add one under `cards:`")
        defaults = values.get("defaults", {})
        limits = build.limits(Limits(), defaults.get("limits", {}))
        first_lines: dict[str, int] = {}
        cards = [self._card(node, i, values, defaults, limits, first_lines) for i, node in enumerate(nodes)]
        self.problems.card = None
        self.reading.ids = set(first_lines)
        if not self.problems.errors:
            self.reading.deck = Deck(
                slug,
                values.get("title") or slug,
                tuple(card for card in cards if card is not None),
                self.reading.path,
                values.get("description", ""),
                values.get("order", LAST),
            )
        return self.reading

    def _format(self, values: Values) -> None:
        version = values.get("format", FORMAT)
        if version != FORMAT:
            message = f"format {version} is not known here; this program reads format {FORMAT}"
            where = self.decoder.places["format"]
            self.problems.add("unknown-format", where, message, "install a newer ptquiz, or write `format: 1`")

    def _card(
        self, node: Node, index: int, deck: Values, defaults: Values, limits: Limits, first_lines: dict[str, int]
    ) -> Card | None:
        if self.problems.full:
            return None
        slug = deck.get("deck", "")
        begin = place(node.start_mark)
        self.decoder.begin(f"cards[{index}].")
        claimed = _id(node)
        self.problems.card = f"{slug}/{claimed}" if slug and claimed else None
        before = self.problems.errors
        own = self.decoder.map(node, CARD, "")
        values = build.with_defaults(own, defaults)
        name = values.get("id")
        if name is not None and first_lines.setdefault(name, begin.line) != begin.line:
            message = f"the id `{name}` is used twice, first on line {first_lines[name]}"
            self.problems.add("duplicate-id", self.decoder.places["id"], message, "give each card an id of its own")
        if type(node) is Mapping and ("kind" in values or "kind" not in self.decoder.seen):
            kind = CardKind(values.get("kind", "code"))
            rules.check(values, kind, begin, deck.get("preamble", ""), self.decoder)
        self.decoder.settle()
        if self.problems.errors > before or not slug or self.source.partial:
            return None
        return build.card(values, slug, deck.get("preamble", ""), limits, begin, self.decoder.places)


def _id(node: Node) -> str:
    """The id that a card claims, before anything of it is read."""
    if type(node) is Mapping:
        for key, value in node.pairs:
            if type(key) is Scalar and key.value == "id" and type(value) is Scalar and len(value.value) < 100:
                return value.value
    return ""
