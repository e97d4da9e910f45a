"""Restyling each widget once where several changes of classes follow each other."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from textual.app import App
from textual.dom import DOMNode


class StyleBatch(App[None]):
    """An app that can delay restyling.

    Textual restyles a widget and all of its descendants at each change of its classes. Opening a card changes about
    twenty, several of them on the same container, which took half of the time until the card was drawn.
    """

    def __init__(self) -> None:
        # Set before `App.__init__`, which restyles.
        self._open_batches = 0
        self._outdated: dict[DOMNode, bool] = {}
        """Node to restyle -> whether its changes are animated."""

        super().__init__()

    @contextmanager
    def batch_styles(self) -> Iterator[None]:
        """Restyle at the end of the block whatever changes its classes within it, each widget once."""
        self._open_batches += 1
        try:
            yield
        finally:
            self._open_batches -= 1
            if not self._open_batches:
                self._restyle()

    def update_styles(self, node: DOMNode, animate: bool = True) -> None:
        if self._open_batches:
            self._outdated[node] = self._outdated.get(node, False) or animate
        else:
            super().update_styles(node, animate)

    def _restyle(self) -> None:
        outdated, self._outdated = self._outdated, {}
        for node, is_animated in outdated.items():
            # The restyling of an ancestor includes the node.
            if not any(ancestor in outdated for ancestor in node.ancestors):
                super().update_styles(node, is_animated)
