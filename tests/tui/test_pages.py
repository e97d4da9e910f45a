"""The pages behind Home: browse, settings, statistics, help; themes, languages, keys, the palette."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from quizapp.decks.card import Texts
from quizapp.errors import SettingsError
from quizapp.review.memory import Rating
from quizapp.review.store import EntryKind
from quizapp.review.store.replay import replay
from quizapp.settings import read_settings
from quizapp.tui.keymap import ACTIONS, conflicts, keymap
from quizapp.tui.widgets.virtual_list import VirtualList
from tests.tui.harness import Harness, card, deck, opened, text, until
from tests.tui.scenes import learned, world

MakeHarness = Callable[..., Harness]


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ("is:suspnded", "no card has `is:suspnded`, but buried, flagged, learning"),
        ("deck:zzz", "no card has `deck:zzz`, but a"),
        ("state:new", "there is no `state:`, but deck: tag: is: last: kind: level:"),
        ("nowhere", "0 cards of 1"),
    ],
)
async def test_a_filter_that_finds_nothing_says_what_there_is(make_harness: MakeHarness, typed: str, said: str) -> None:
    async with opened(make_harness(card("a/one"))) as (app, pilot):
        await pilot.press("b")
        await until(pilot, lambda: "1 card of 1" in text(app))
        await pilot.press("slash", *typed)
        await until(pilot, lambda: said in text(app))


async def test_browse_filters_by_words_fields_and_their_absence(make_harness: MakeHarness) -> None:
    harness = make_harness(card("a/one", tags=("shapes",)), card("a/two"), card("b/three", tags=("shapes", "cuda")))
    async with opened(harness) as (app, pilot):
        await pilot.press("b")
        await until(pilot, lambda: "3 cards of 3" in text(app))
        await pilot.press("slash", *"tag:shapes")
        assert "2 cards of 3" in text(app)
        await pilot.press("space", *"-tag:cuda")
        assert "1 card of 3" in text(app) and "One" in text(app)
        await pilot.press("escape", *"deck:b")
        assert "Three" in text(app) and "One" not in text(app)
        await pilot.press("escape", *"is:review")
        assert "0 cards of 3" in text(app)


async def test_browse_finds_cards_by_state_and_by_the_last_outcome(tmp_path: Path) -> None:
    stage = world(tmp_path)
    learned(harness)
    async with opened(harness) as (app, pilot):
        await pilot.press("b")
        await until(pilot, lambda: "6 cards of 6" in text(app))
        await pilot.press("slash", *"last:passed")
        assert "2 cards of 6" in text(app)
        await pilot.press("escape", *"is:new")
        assert "4 cards of 6" in text(app)
    harness.store.close()


@pytest.mark.parametrize(("key", "word"), [("exclamation_mark", "suspended"), ("minus", "buried"), ("asterisk", "⚑")])
async def test_a_card_is_kept_back_or_marked_and_let_go_again(make_harness: MakeHarness, key: str, word: str) -> None:
    harness = make_harness(card("a/one"))
    async with opened(harness) as (app, pilot):
        await pilot.press("b")
        await until(pilot, lambda: "1 card of 1" in text(app))
        await pilot.press(key)
        await until(pilot, lambda: word in text(app))
        await pilot.press(key)
        await until(pilot, lambda: word not in text(app))


async def test_the_cards_that_are_listed_are_studied_though_nothing_is_due(make_harness: MakeHarness) -> None:
    harness = make_harness(card("a/one"), card("a/two"))
    session = harness.session(["a/two"])
    session.next()
    session.submit("right")
    session.rate(4)  # type: ignore[arg-type]
    async with opened(harness) as (app, pilot):
        await pilot.press("b")
        await until(pilot, lambda: "2 cards of 2" in text(app))
        await pilot.press("slash", *"two", "enter", "f5")
        await until(pilot, lambda: "a · Two" in text(app))


async def test_a_cards_history_shows_reviews_intervals_and_answers(tmp_path: Path) -> None:
    stage = world(tmp_path)
    learned(harness)
    async with opened(harness, (160, 48)) as (app, pilot):
        await pilot.press("b")
        await until(pilot, lambda: "6 cards of 6" in text(app))
        await pilot.press("enter")
        await until(pilot, lambda: "Again · 0 s · 1 answer · transposed" in text(app))
        assert "│ 3 d" in text(app)
        await pilot.press("escape", "escape")
        await until(pilot, lambda: "Everything" in text(app))
    harness.store.close()


async def test_a_setting_is_changed_in_place_and_comments_in_the_file_stay(make_harness: MakeHarness) -> None:
    harness = make_harness(card("a/one"))
    harness.locations.settings.parent.mkdir(exist_ok=True)
    harness.locations.settings.write_text('# mine\nnew_per_day = 5  # few\norder = "deck"\n', encoding="utf-8")
    harness.settings = read_settings(harness.locations.settings)
    async with opened(harness) as (app, pilot):
        await pilot.press("comma")
        await until(pilot, lambda: "new_per_day" in text(app))
        await pilot.press(*["down"] * 10, "enter")
        await pilot.press("backspace", *"20", "enter")
        await until(pilot, lambda: app.settings.new_per_day == 20)
        written = harness.locations.settings.read_text(encoding="utf-8")
        assert written == '# mine\nnew_per_day = 20  # few\norder = "deck"\n'


async def test_a_place_of_decks_where_nothing_is_is_said_before_and_after_it_is_saved(make_harness: MakeHarness) -> None:
    harness = make_harness(card("a/one"))
    async with opened(harness) as (app, pilot):
        await pilot.press("comma")
        await until(pilot, lambda: "deck files and folders" in text(app))
        await pilot.press("enter", *"/no/such")
        await until(pilot, lambda: "! nothing is at /no/such" in text(app))
        await pilot.press("enter")
        await until(pilot, lambda: "saved, but nothing is at /no/such" in text(app))
        assert app.settings.decks == ("/no/such",)
        await pilot.press("enter", "ctrl+u", *str(harness.folder))
        await until(pilot, lambda: "✓ deck files and folders" in text(app))


async def test_a_value_that_does_not_fit_is_said_while_typing_and_never_written(make_harness: MakeHarness) -> None:
    harness = make_harness(card("a/one"))
    async with opened(harness) as (app, pilot):
        await pilot.press("comma")
        await until(pilot, lambda: "desired_retention" in text(app))
        await pilot.press(*["down"] * 4, "enter", *["backspace"] * 3, *"2")
        await until(pilot, lambda: "choose a number from 0.7 to 0.99" in text(app))
        await pilot.press("enter")
        assert not harness.locations.settings.exists()
        await pilot.press("escape", "escape")
        await until(pilot, lambda: "Everything" in text(app))


async def test_a_theme_is_used_at_once_and_remembered(make_harness: MakeHarness) -> None:
    harness = make_harness(card("a/one"))
    async with opened(harness) as (app, pilot):
        before = app.theme
        await pilot.press("comma")
        await until(pilot, lambda: "theme" in text(app))
        await pilot.press("down", "down", "enter")
        await until(pilot, lambda: app.theme != before)
        assert read_settings(harness.locations.settings).theme == app.theme


@pytest.mark.parametrize("theme", ["textual-light", "nord", "ansi-dark", "ansi-light"])
async def test_every_kind_of_theme_draws_the_verdict(make_harness: MakeHarness, theme: str) -> None:
    async with opened(make_harness(card("a/one"), theme=theme), start_with=()) as (app, pilot):
        assert app.theme == theme
        await pilot.press("f5")
        await until(pilot, lambda: "✗ not right yet" in text(app))


async def test_the_language_key_shows_the_translation_and_goes_back(make_harness: MakeHarness) -> None:
    translated = {"zh": {"one": Texts(title="第一张", question="求和。")}}
    harness = make_harness(deck(card("a/one"), translations=translated))
    async with opened(harness, start_with=()) as (app, pilot):
        await pilot.press("f12")
        await until(pilot, lambda: "求和。" in text(app) and "第一张" in text(app))
        await pilot.press("f12")
        await until(pilot, lambda: "Bind answer to" in text(app))


async def test_help_lists_every_action_with_its_id(make_harness: MakeHarness) -> None:
    async with opened(make_harness(card("a/one")), (100, 110)) as (app, pilot):
        await pilot.press("f1")
        await until(pilot, lambda: "Everywhere" in text(app))
        shown = text(app)
        assert [action.id for action in ACTIONS if action.id not in shown] == []


async def test_the_question_mark_helps_wherever_no_text_is_typed(make_harness: MakeHarness) -> None:
    async with opened(make_harness(card("a/one")), start_with=()) as (app, pilot):
        await pilot.press("question_mark")
        assert "answer = ?" in text(app)
        await pilot.press("escape", "question_mark")
        await until(pilot, lambda: "Everywhere" in text(app))
        await pilot.press("escape")
        await until(pilot, lambda: "a · One" in text(app))


async def test_a_changed_key_works_and_stands_in_the_footer(make_harness: MakeHarness) -> None:
    harness = make_harness(card("a/one"), keys={"study.submit": "f8", "study.next": "f5"})
    async with opened(harness, start_with=()) as (app, pilot):
        assert "f8 Submit" in text(app)
        await pilot.press("f8")
        await until(pilot, lambda: "✗ not right yet" in text(app))


def test_no_two_actions_of_one_screen_share_a_key() -> None:
    assert list(conflicts({})) == []


@pytest.mark.parametrize(
    ("keys", "says"),
    [
        ({"study.submit": "f2"}, "`f2` would be both study.submit and study.hint"),
        ({"study.submitt": "f2"}, "did you mean `study.submit`?"),
        ({"study.submit": "banana"}, "`banana` is no key"),
    ],
)
def test_a_key_map_that_cannot_work_is_refused(keys: dict[str, str], says: str) -> None:
    with pytest.raises(SettingsError) as caught:
        keymap(keys)
    assert says in f"{caught.value.message} {caught.value.hint}"


async def test_a_bad_key_map_is_said_at_start_and_the_usual_keys_work(make_harness: MakeHarness) -> None:
    harness = make_harness(card("a/one"), keys={"study.submit": "f2"})
    async with opened(harness, (100, 30)) as (app, pilot):
        await until(pilot, lambda: "would be both" in text(app))
        await pilot.press("enter")
        await until(pilot, lambda: "a · One" in text(app))
        await pilot.press("f5")
        await until(pilot, lambda: "✗ not right yet" in text(app))


async def test_the_palette_finds_actions_by_their_words(make_harness: MakeHarness) -> None:
    harness = make_harness(card("a/one"), card("a/two"))
    async with opened(harness, start_with=()) as (app, pilot):
        await pilot.press("ctrl+p")
        await until(pilot, lambda: "Bury" in text(app) or "Search" in text(app))
        await pilot.press(*"bury")
        await until(pilot, lambda: "Bury until tomorrow" in text(app))
        await pilot.press("down", "enter")
        await until(pilot, lambda: "a · Two" in text(app))


async def test_statistics_count_in_a_thread_and_say_when_there_is_nothing(make_harness: MakeHarness) -> None:
    async with opened(make_harness(card("a/one"))) as (app, pilot):
        await pilot.press("s")
        await until(pilot, lambda: "No reviews yet" in text(app))


async def test_statistics_draw_what_was_reviewed(tmp_path: Path) -> None:
    stage = world(tmp_path)
    learned(harness)
    async with opened(harness, (100, 40)) as (app, pilot):
        await pilot.press("s")
        await until(pilot, lambda: "6 reviews on 3 days" in text(app))
    harness.store.close()


async def test_a_hundred_thousand_rows_are_drawn_like_twenty(make_harness: MakeHarness) -> None:
    async with opened(make_harness(card("a/one"))) as (app, pilot):
        drawn: list[int] = []

        def draw(row: int, width: int) -> object:
            from textual.content import Content

            drawn.append(row)
            return Content(str(row))

        rows: VirtualList[int] = VirtualList(draw)  # type: ignore[arg-type]
        await app.screen.mount(rows)
        rows.show(range(100_000))
        rows.focus()
        await pilot.press("end")
        await pilot.pause()
        assert rows.current == 99_999
        assert len(drawn) < 200


async def test_a_card_that_is_reset_is_new_again_and_its_history_stays(tmp_path: Path) -> None:
    stage = world(tmp_path)
    learned(harness)
    async with opened(harness) as (app, pilot):
        await pilot.press("b")
        await until(pilot, lambda: "6 cards of 6" in text(app))
        await pilot.press("R")
        await until(pilot, lambda: harness.store.cards.memory("joining/cat-rows") is None)
        assert len(harness.store.log.reviews("joining/cat-rows")) == 3
    harness.store.close()


def test_a_reset_survives_a_rebuild_and_is_undone_like_anything_else(make_harness: MakeHarness) -> None:
    harness = make_harness(card("a/one"))
    session = harness.session(["a/one"])
    session.next()
    session.submit("right")
    before = session.rate(Rating.EASY)
    now = harness.clock()
    harness.store.log.act(EntryKind.RESET, "a/one", 1, now, session.days.of(now))
    replay(harness.store, session.scheduler)
    assert harness.store.cards.memory("a/one") is None
    assert str(harness.store.log.undo(now)) == "reset a/one"
    assert harness.store.cards.memory("a/one") == before
