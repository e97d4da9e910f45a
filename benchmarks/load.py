"""Read 10,000 cards in 100 files, first without a cache and then unchanged, beside CSafeLoader alone."""

from __future__ import annotations

import gc
import statistics
import tempfile
from pathlib import Path

import yaml
from timing import milliseconds, ratio, table

from quizapp.decks import library as decks
from quizapp.decks.library import Library, load_library

FILES, CARDS, ROUNDS = 100, 100, 5
FIRST_AT_MOST, AGAIN_AT_MOST = 1.5, 0.1

CARD = """
  - id: softmax-rows-{number}
    title: Rows that are distributions
    question: |
      Write `softmax(x)` for a matrix, row by row. Large inputs must not overflow, and each row of
      the result sums to one. Use arithmetic on tensors, and not the function that PyTorch has for it.
    note: |
      Subtracting the same number from every entry of a row changes nothing in exact arithmetic,
      and here it keeps the results of `exp` finite.
    from: [softmax-stability]
    tags: [numerics]
    level: 2
    minutes: 4
    given: |
      x = torch.randn(3, 5) * 1000
    starter: |
      def softmax(x):
          ...
    solution: |
      def softmax(x):
          z = (x - x.max(dim=1, keepdim=True).values).exp()
          return z / z.sum(dim=1, keepdim=True)
    wrong:
      - code: |
          def softmax(x):
              return x.exp() / x.exp().sum(dim=1, keepdim=True)
        says: Large inputs overflow to `inf`, and `inf / inf` is `nan`.
    checks:
      - softmax(x)
      - see: softmax(torch.zeros(2, 4))
        points: 2
        says: Each row is one distribution; look at the dimension over which you sum.
    hints:
      - Which value makes `exp` overflow?
      - Subtract something from each row first.
"""


def write_decks(folder: Path) -> list[Path]:
    """Write the decks to read, and return their files."""
    paths = []
    for deck in range(FILES):
        cards = "".join(CARD.format(number=number) for number in range(CARDS))
        path = folder / f"deck-{deck:03}.yaml"
        path.write_text(f"format: 1\ndeck: deck-{deck:03}\npreamble: import torch\ncards:{cards}", encoding="utf-8")
        paths.append(path)
    return paths


def yaml_alone(paths: list[Path]) -> list[object]:
    return [yaml.load(path.read_text(encoding="utf-8"), Loader=yaml.CSafeLoader) for path in paths]


def library(folder: Path, cache_folder: Path) -> Library:
    found = load_library([folder], environment={}, cache_folder=cache_folder)
    assert sum(1 for _ in found.cards()) == FILES * CARDS, found.problems[:3]
    return found


def main() -> None:
    rows: dict[str, list[float]] = {"CSafeLoader alone": [], "first time": [], "unchanged again": []}
    with tempfile.TemporaryDirectory() as name:
        folder, cache = Path(name) / "decks", Path(name) / "cache"
        folder.mkdir()
        decks.shipped = lambda: Path(name) / "none shipped"
        paths = write_decks(folder)
        size = sum(path.stat().st_size for path in paths) / 1e6
        for number in range(ROUNDS):
            for row, action in {
                "CSafeLoader alone": lambda: yaml_alone(paths),
                "first time": lambda: library(folder, cache / str(number)),  # noqa: B023
                "unchanged again": lambda: library(folder, cache / str(number)),  # noqa: B023
            }.items():
                gc.collect()
                rows[row].append(milliseconds(action))
    print(f"{FILES * CARDS} cards in {FILES} files, {size:.1f} MB of YAML\n")
    print(table(rows))
    first = ratio(rows["first time"], rows["CSafeLoader alone"])
    again = ratio(rows["unchanged again"], rows["CSafeLoader alone"])
    print(f"\nfirst time: {first:.2f} times CSafeLoader alone (at most {FIRST_AT_MOST})")
    print(f"unchanged:  {again:.3f} times CSafeLoader alone (at most {AGAIN_AT_MOST})")
    print(f"a card, unchanged: {statistics.median(rows['unchanged again']) / FILES / CARDS * 1000:.1f} µs")


if __name__ == "__main__":
    main()
