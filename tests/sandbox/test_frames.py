"""Frames as a stranger may write them, and folders as a stranger may leave them."""

from __future__ import annotations

import contextlib
import os
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as some

from quizapp.sandbox.frames import HEAD, BadFrame, FrameBuffer, FrameKind, pack
from quizapp.sandbox.host.tempdirs import remove_tree
from quizapp.sandbox.run_messages import read_observation, read_raised


def test_a_frame_comes_back_in_whatever_pieces_it_arrives():
    data = pack(FrameKind.OBSERVED, {"number": 3}, [b"one", b""]) * 2
    buffer = FrameBuffer()
    frames = [frame for at in range(0, len(data), 5) for frame in buffer.feed(data[at : at + 5])]
    assert [(frame.kind, frame.facts, frame.blobs) for frame in frames] == [
        (FrameKind.OBSERVED, {"number": 3}, (b"one", b""))
    ] * 2


@pytest.mark.parametrize(
    "data",
    [
        HEAD.pack(3, 0xFFFFFFFF, 0),
        HEAD.pack(3, 2, 1 << 63),
        HEAD.pack(99, 12, 0) + b'{"blobs":[]}',
        HEAD.pack(3, 2, 0) + b"[]",
        HEAD.pack(3, 2, 0) + b"{}",
        HEAD.pack(3, 13, 1) + b'{"blobs":[2]}' + b"x",
        HEAD.pack(3, 14, 0) + b'{"blobs":[-1]}',
        HEAD.pack(3, 100_000, 0) + b"[" * 100_000,
    ],
)
def test_what_is_no_frame_is_refused(data: bytes):
    with pytest.raises(BadFrame):
        list(FrameBuffer().feed(data))


@given(some.binary(max_size=400))
@settings(max_examples=300, deadline=None)
def test_any_bytes_are_frames_or_refused(data: bytes):
    with contextlib.suppress(BadFrame):
        for frame in FrameBuffer().feed(data):
            read_observation(frame)


@pytest.mark.parametrize(
    "facts", [[], {"type": 1}, {"type": "x", "message": "y" * 10**6}, {"type": "E", "message": "m"}]
)
def test_an_exception_that_is_told_wrongly_is_refused(facts: object):
    with pytest.raises(BadFrame):
        read_raised(facts)


def test_a_folder_deeper_than_any_path_is_removed(tmp_path: Path):
    root = tmp_path / "root"
    root.mkdir()
    here = os.open(root, os.O_RDONLY)
    for _ in range(1500):
        os.mkdir("deeper", dir_fd=here)
        inner = os.open("deeper", os.O_RDONLY, dir_fd=here)
        os.close(here)
        here = inner
    os.close(here)
    remove_tree(root)
    assert not root.exists()


def test_a_folder_that_forbids_everything_is_removed_and_links_are_not_followed(tmp_path: Path):
    kept, root = tmp_path / "kept", tmp_path / "root"
    (kept / "inside").mkdir(parents=True)
    (root / "closed" / "more").mkdir(parents=True)
    (root / "link").symlink_to(kept)
    (root / "closed").chmod(0)
    remove_tree(root)
    assert not root.exists()
    assert (kept / "inside").exists()


def test_a_folder_that_is_not_there_is_no_trouble(tmp_path: Path):
    remove_tree(tmp_path / "none")
