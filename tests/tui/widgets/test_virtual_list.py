"""The virtual list renders only its visible rows."""

from __future__ import annotations

from textual.content import Content

from quizapp.tui.widgets.virtual_list import VirtualList
from tests.tui.harness import MakeHarness, card, open_app


async def test_only_visible_rows_of_a_hundred_thousand_are_rendered(make_harness: MakeHarness) -> None:
    async with open_app(make_harness(card("a/one"))) as (app, pilot):
        rendered: list[int] = []

        def render_row(row: int, width: int) -> Content:
            rendered.append(row)
            return Content(str(row))

        rows: VirtualList[int] = VirtualList(render_row)
        await app.screen.mount(rows)
        rows.show(range(100_000))
        rows.focus()
        await pilot.press("end")
        await pilot.pause()
        assert rows.current == 99_999
        assert len(rendered) < 200
