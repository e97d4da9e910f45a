"""Frames from a hostile peer."""

from __future__ import annotations

import json

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from quizapp.sandbox import frames as frames_module
from quizapp.sandbox.frames import HEAD, MAX_BLOBS, MAX_FACTS, BadFrame, Frame, FrameBuffer, FrameKind, pack


def test_frames_are_reassembled_from_pieces_of_any_size() -> None:
    data = pack(FrameKind.OBSERVED, {"number": 3}, [b"one", b""]) * 2
    buffer = FrameBuffer()
    frames = [frame for start in range(0, len(data), 5) for frame in buffer.feed(data[start : start + 5])]
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
        HEAD.pack(3, 16, 0) + b'{"blobs":[-1,1]}',
        HEAD.pack(3, 16, 1) + b'{"blobs":[true]}x',
        HEAD.pack(3, 100_000, 0) + b"[" * 100_000,
    ],
)
def test_invalid_frames_are_refused(data: bytes) -> None:
    with pytest.raises(BadFrame):
        list(FrameBuffer().feed(data))


heads = st.dictionaries(st.text(max_size=5), st.none() | st.integers() | st.text(max_size=5), max_size=3)
heads_with_sizes = st.builds(
    lambda head, sizes: {**head, "blobs": sizes}, heads, st.lists(st.integers(-2, 3) | st.booleans(), max_size=2)
)
valid_frames = st.builds(
    lambda kind, facts, blobs: pack(kind, {k: v for k, v in facts.items() if k != "blobs"}, blobs),
    st.sampled_from(FrameKind),
    heads,
    st.lists(st.binary(max_size=20), max_size=3),
)
almost_valid_frames = st.builds(
    lambda kind, head, body: HEAD.pack(kind, len(head), len(body)) + head + body,
    st.integers(0, 15),
    st.binary(max_size=20) | (heads | heads_with_sizes).map(lambda head: json.dumps(head).encode()),
    st.binary(max_size=3),
)
streams = st.lists(valid_frames | almost_valid_frames | st.binary(max_size=60), max_size=4).map(b"".join)


@pytest.mark.slow
@given(streams, st.integers(1, 80))
@settings(max_examples=500, deadline=None)
def test_any_bytes_are_frames_or_refused(data: bytes, size: int) -> None:
    """Frames are exactly those that a simple parser finds, the first invalid one raises, and no byte is kept twice."""
    expected, rest = parse_frames(data)
    frames: list[Frame] = []
    buffer = FrameBuffer()
    refused = False
    for start in range(0, len(data), size):
        try:
            frames.extend(buffer.feed(data[start : start + size]))
        except BadFrame:
            refused = True
            break
        assert len(buffer._bytes) < HEAD.size + MAX_FACTS + MAX_BLOBS
    assert frames == expected
    assert refused is (rest is None)
    if rest is not None:
        assert bytes(buffer._bytes) == rest


def parse_frames(data: bytes) -> tuple[list[Frame], bytes | None]:
    """Return the valid frames at the start of `data`, and the incomplete rest; None if an invalid frame follows."""
    frames: list[Frame] = []
    blob_bytes = 0
    while len(data) >= HEAD.size:
        kind, head_size, body_size = HEAD.unpack_from(data)
        if head_size > MAX_FACTS or blob_bytes + body_size > MAX_BLOBS:
            return frames, None
        end = HEAD.size + head_size + body_size
        if len(data) < end:
            break
        blob_bytes += body_size
        frame = parse_frame(kind, data[HEAD.size : HEAD.size + head_size], data[HEAD.size + head_size : end])
        if frame is None:
            return frames, None
        frames.append(frame)
        data = data[end:]
    return frames, data


def parse_frame(kind: int, head: bytes, body: bytes) -> Frame | None:
    try:
        facts = json.loads(head)
    except ValueError:
        return None
    if kind not in list(FrameKind) or not isinstance(facts, dict) or not isinstance(facts.get("blobs"), list):
        return None
    sizes = facts.pop("blobs")
    if not all(type(size) is int and size >= 0 for size in sizes) or sum(sizes) != len(body):
        return None
    starts = [sum(sizes[:index]) for index in range(len(sizes))]
    blobs = tuple(body[start : start + size] for start, size in zip(starts, sizes, strict=True))
    return Frame(FrameKind(kind), facts, blobs)


def test_a_stream_whose_blobs_exceed_the_limit_is_refused_at_the_header(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(frames_module, "MAX_BLOBS", 1000)
    buffer = FrameBuffer()
    for _ in range(2):
        assert [frame.blobs for frame in buffer.feed(pack(FrameKind.OBSERVED, {}, [bytes(500)]))] == [(bytes(500),)]
        assert buffer._bytes == b""
    with pytest.raises(BadFrame):
        list(buffer.feed(pack(FrameKind.OBSERVED, {}, [b"x"])[: HEAD.size]))
