"""Parses one file into a Deck, or adds everything that is wrong with it to its problems."""

from __future__ import annotations

from pathlib import Path

from quizapp.decks.build import build_card, merge_limits, with_defaults
from quizapp.decks.card import LAST, Card, CardKind, Deck, Position
from quizapp.decks.fields import CARD, DECK, FORMAT
from quizapp.decks.parsed_file import FOREIGN, ParsedFile
from quizapp.decks.parsing.node_decoder import Decoder, Values
from quizapp.decks.parsing.source import DeckSource, read_source
from quizapp.decks.parsing.yaml_tree import Mapping, Node, Scalar, Sequence, position_of
from quizapp.decks.problems import Problems, nearest
from quizapp.decks.rules import check_rules
from quizapp.sandbox.protocol import Limits

FOREIGN_HINT = "a deck begins with `format: 1`, `deck:` and `cards:`; move other files to another folder"
NEAR_KEY = 0.75
"""How similar a key must be to one of a deck."""


def parse_file(path: Path) -> ParsedFile:
    """Parse one deck file. Never raises for its content."""
    parsed = ParsedFile(path, Problems(str(path)))
    source = read_source(path, parsed.problems)
    if source is None:
        parsed.partial = True
        return parsed
    if what := _foreign(source.root):
        # The other problems of the file are of no use to its author.
        parsed.problems = Problems(str(path))
        parsed.problems.add(FOREIGN, position_of(source.root.start_mark), f"not a deck: {what}", FOREIGN_HINT)
        return parsed
    return _FileParser(source, parsed).parse()


def _foreign(root: Node) -> str | None:
    """Return what a file is that was not meant as a deck; None for one that has a key of a deck, or nearly."""
    if type(root) is Sequence or type(root) is Scalar:
        return "a list" if type(root) is Sequence else "only text"
    if type(root) is not Mapping:
        return None
    keys = [key.value for key, _ in root.pairs if type(key) is Scalar]
    if any(nearest(key, DECK.required, NEAR_KEY) for key in keys):
        return None
    return "it has none of the keys " + ", ".join(f"`{name}:`" for name in DECK.required)


class _FileParser:
    """Parses the cards of one file in order."""

    def __init__(self, source: DeckSource, parsed: ParsedFile) -> None:
        self.source = source
        self.parsed = parsed
        self.problems = parsed.problems
        self.decoder = Decoder(source, parsed.problems)

    def parse(self) -> ParsedFile:
        values = self.decoder.read_map(self.source.root, DECK, "")
        self.decoder.check_code()
        slug = values.get("deck", "")
        self.parsed.slug = slug
        self.parsed.slug_position = self.decoder.positions.get("deck", Position(1, 1))
        self._check_format(values)
        nodes: list[Node] = values.get("cards", [])
        if "cards" in values and not nodes:
            self.problems.add("empty", self.parsed.slug_position, "the deck has no cards", "add one under `cards:`")
        defaults = values.get("defaults", {})
        limits = merge_limits(Limits(), defaults.get("limits", {}))
        first_lines: dict[str, int] = {}
        cards = [self._parse_card(node, i, values, defaults, limits, first_lines) for i, node in enumerate(nodes)]
        self.problems.card = None
        self.parsed.ids = set(first_lines)
        if not self.problems:
            self.parsed.deck = Deck(
                slug,
                values.get("title") or slug,
                tuple(card for card in cards if card is not None),
                self.parsed.path,
                values.get("description", ""),
                values.get("order", LAST),
            )
        return self.parsed

    def _check_format(self, values: Values) -> None:
        version = values.get("format", FORMAT)
        if version != FORMAT:
            message = f"unknown format {version}: this program reads format {FORMAT}"
            position = self.decoder.positions["format"]
            self.problems.add("unknown-format", position, message, "install a newer ptquiz, or write `format: 1`")

    def _parse_card(
        self, node: Node, index: int, deck: Values, defaults: Values, limits: Limits, first_lines: dict[str, int]
    ) -> Card | None:
        if self.problems.full:
            return None
        slug = deck.get("deck", "")
        start = position_of(node.start_mark)
        self.decoder.start_card(f"cards[{index}].")
        card_id = _find_id(node)
        self.problems.card = f"{slug}/{card_id}" if slug and card_id else None
        values = with_defaults(self.decoder.read_map(node, CARD, ""), defaults)
        name = values.get("id")
        if name is not None and first_lines.setdefault(name, start.line) != start.line:
            message = f"the id `{name}` is used twice, first on line {first_lines[name]}"
            self.problems.add("duplicate-id", self.decoder.positions["id"], message, "give each card a unique id")
        if type(node) is Mapping and ("kind" in values or "kind" not in self.decoder.seen):
            kind = CardKind(values.get("kind", "code"))
            check_rules(values, kind, start, deck.get("preamble", ""), self.decoder)
        self.decoder.check_code()
        if self.problems or not slug:
            return None
        return build_card(values, slug, deck.get("preamble", ""), limits, start, self.decoder.positions)


def _find_id(node: Node) -> str:
    """Return the id of a card that has not been read yet; empty if it has none."""
    if type(node) is Mapping:
        for key, value in node.pairs:
            if type(key) is Scalar and key.value == "id" and type(value) is Scalar and len(value.value) < 100:
                return value.value
    return ""
