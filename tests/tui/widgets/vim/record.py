"""Record what vim does: `python -m tests.tui.widgets.vim.record` rewrites recorded.jsonl with the vim on the PATH.

Left out are commands in which ptquiz differs: `=`, `o` after a line that opens a block, regular expressions in
searches, and counts of text objects beyond the end of a line.
"""

from __future__ import annotations

import json
import subprocess
import tempfile
from pathlib import Path

from quizapp.tui.widgets.vim.buffer import Position
from tests.tui.widgets.vim.driver import KEY

RECORDED = Path(__file__).with_name("recorded.jsonl")
TEXT = """\
import torch

x = torch.ones(2, 3)
y = f(a[1], 'b c')  # two  words
    if (y):  pass
    z = {1: (2, 3)}

last_word end"""
CURSORS: tuple[Position, ...] = ((1, 0), (2, 4), (3, 8), (5, 9))

MOTIONS = (
    "h l j k w b e W B E ge gE 0 ^ $ g_ gg G 2G 2j 3k 2w 3b 2e 5l 2h 3| } { 2} % + - _ <Space> <BS> 3<BS> "
    "f3 F1 t3 T1 f3; f3, 2f( t3; * # *n *N /o<CR> ?o<CR> /o<CR>n 2/o<CR>"
)
OBJECTS = "iw aw iW aW i( a( i[ a[ i{ a{ i' a' i\" ip ap"
OPERATED = "h l j k w b e W 2w 2e 3w ge 0 ^ $ gg G } { % + f3 t3 F1 T1 /o<CR> ?o<CR> ; "
COMMANDS = (
    "x 3x X 2X D 2D Cfoo<Esc> sZ<Esc> 3sab<Esc> SZ<Esc> Yp J 3J gJ ~ 4~ rZ 3rZ xp ddp yyP yy3p 2yyjp dwP yw2p dd 3dd "
    "2ddP >> 2>> << guu gUU g~~ ccZ<Esc> 2ccZ<Esc> d2d 2d2w "
    "ihi<Esc> 3iab<Esc> aZ<Esc> IX<Esc> AX<Esc> oabc<Esc> O<Esc> o<Esc> 3oq<Esc> 2Oq<Esc> 2Aend<Esc> 3Ia<Esc> "
    "x. dw. dw2. 3x. 2x3. ihi<Esc>. ihi<Esc>3. cwZ<Esc>w. cwZ<Esc>w2. A;<Esc>j. oab<Esc>. oab<Esc>2. ddj. l~. lrZl. J. "
    ">>k. ciwQ<Esc>j. Ixy<Esc>j. xu. d2ft. "
    "xu dwu xxu xxuu ihi<Esc>u aho<Esc>u 3ddu oabc<Esc>u Ofoo<Esc>u cwfoo<Esc>u ihi<Esc>u<C-r> A1<Esc>jA2<Esc>uu "
    "Gdku x3lxuu<C-r> "
    '"ayyj"ap "ayw"Ayw"ap yyjdd"0p yyj"_ddp "ayyj"Ayyj"ap yyddp "byiwdd"bp '
    "vd v$d vjd vly$p vwd Vd Vjd VjyP vj> V> Vj< v2l~ viwd viwcZ<Esc> vawd VjcZ<Esc> vi(d va(d vGd vggd v0d ved vbd "
    "vjJ vu vU viwU vlrZ VrZ vD vX VYp vCq<Esc> VSq<Esc> vRq<Esc> vjd. Vd. V>. vlohd vf3d vt3d v}d v{d v%d "
    "yyVp yyvlp ywVp yyVjp ywvlp vjyp vjyP vx vj<Esc>x vlVd vjVvd vipd vapd Vjdu Vjygvd v$d vj$d v2wd "
    "majj'ax jma2k`ax mad`a G``x"
)


def keys_to_record() -> list[str]:
    motions = [*MOTIONS.split(), *(f"{operator}{motion}" for operator in "dy" for motion in OPERATED.split())]
    operators = ("d", "y", "gU", ">")
    objects = [f"{operator}{name}" for operator in operators for name in OBJECTS.split()]
    changes = [f"c{name}Z<Esc>" for name in ("w", "2w", "e", "b", "$", "j", "iw", "aw", "i(", "a[", "i'", "ip", "f3")]
    return [*motions, *objects, *changes, *COMMANDS.split()]


def run_vim(keys: str, cursor: Position) -> tuple[list[str], Position]:
    """Return the lines and the cursor after keys in vim, without any settings file."""
    typed = KEY.sub(lambda match: f"\\{match[0]}" if len(match[0]) > 1 else match[0].replace('"', r"\""), keys)
    with tempfile.TemporaryDirectory() as folder:
        text, result, script = (Path(folder, name) for name in ("text", "result", "script"))
        text.write_text(TEXT + "\n")
        script.write_text(
            "set shiftwidth=4 softtabstop=4 expandtab autoindent ignorecase smartcase startofline\n"
            f"call cursor({cursor[0] + 1}, {cursor[1] + 1})\n"
            f"silent! call feedkeys(\"{typed}\", 'xt')\n"
            f"call writefile(getline(1, '$') + [json_encode([line('.') - 1, col('.') - 1])], '{result}')\nqa!\n"
        )
        arguments = ["-u", "NONE", "-i", "NONE", "-n", "-N", "-es", "-S", str(script), str(text)]
        subprocess.run(["vim", *arguments], check=True, stdin=subprocess.DEVNULL)
        *lines, place = result.read_text().splitlines()
    row, column = json.loads(place)
    return lines, (row, column)


def main() -> None:
    rows = []
    for keys in keys_to_record():
        results = [run_vim(keys, cursor) for cursor in CURSORS]
        rows.append(json.dumps([keys, [[shorten(lines), place] for lines, place in results]], ensure_ascii=False))
    RECORDED.write_text("\n".join(rows) + "\n", encoding="utf-8")


def shorten(lines: list[str]) -> list[str | int]:
    """Return the lines, each that is one of `TEXT` as its number."""
    known = TEXT.split("\n")
    return [known.index(line) if line in known and line else line for line in lines]


def restore(lines: list[str | int]) -> str:
    """Return the text of shortened lines."""
    known = TEXT.split("\n")
    return "\n".join(known[line] if isinstance(line, int) else line for line in lines)


if __name__ == "__main__":
    main()
