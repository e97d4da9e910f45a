"""The codec: what it refuses, and how much memory hostile bytes can make it allocate."""

from __future__ import annotations

import subprocess
import sys
import tracemalloc

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec import msgpack

from quizapp.grading.codec import MAX_BYTES, Malformed, pack, unpack
from quizapp.grading.judge_protocol import Comparison, Difference, Finding, Mismatch, Side
from quizapp.grading.mistake import Mistake
from quizapp.sandbox.protocol import Observation

MISMATCH = Mismatch(
    "2 of 4 elements differ", "value", 2, 4, (Difference((0, "w"), "1", "2"),), 1.0, 0.5, ((True, False),)
)
SIDE = Side("tensor", "…", (2, 2), "float32", "cpu", (1.0, "nan", None, 2))
FINDING = Finding(False, MISMATCH.summary, "It is transposed.", Mistake.TRANSPOSED, SIDE, SIDE, MISMATCH)
GOOD = pack([FINDING])

HUGE = b"\xff\xff\xff\xff"
ARRAY, MAP, BINARY, STRING, EXTENSION = b"\xdd", b"\xdf", b"\xc6", b"\xdb", b"\xc9"


def message(**fields: object) -> bytes:
    """Return a list of one map, packed without regard to any type."""
    return msgpack.encode([fields])


MALFORMED = {
    "no bytes": b"",
    "nil": b"\xc0",
    "a map": msgpack.encode({"agrees": True, "summary": "agrees"}),
    "a list of nil": msgpack.encode([None]),
    "a list of lists": msgpack.encode([[True, "agrees"]]),
    "no field": message(),
    "a missing field": message(agrees=True),
    "an int as bool": message(agrees=1, summary=""),
    "bytes as text": message(agrees=True, summary=b"agrees"),
    "text as bytes": message(got={"number": 0, "value": "text"}),
    "a float as int": message(got={"number": 0.5}),
    "a bool as int": message(got={"number": True}),
    "a bool as float": message(got={"number": 0}, rtol=True),
    "another literal": message(got={"number": 0}, rtol="automatic"),
    "a tuple of other items": message(agrees=False, summary="", mismatch={"summary": "", "mask": [[1, 0]]}),
    "bytes after the message": GOOD + b"\xc0",
    "a truncated message": GOOD[:-1],
    "invalid UTF-8": b"\x91\x82\xa6agrees\xc3\xa7summary\xa1\xff",
    "a key that is not text": b"\x91\x82\x01\xc3\xa7summary\xa0",
    "deep lists": b"\x91" * 1_000_000,
    "deep maps": b"\x91" + b"\x81\xa1a" * 300_000,
    "deep lists in an unknown field": b"\x91\x81\xa1x" + b"\x91" * 1_000_000,
    "a huge list": ARRAY + HUGE,
    "a huge map": b"\x91" + MAP + HUGE,
    "a huge text": b"\x91\x82\xa6agrees\xc3\xa7summary" + STRING + HUGE,
    "a huge binary": b"\x91\x81\xa3got\x82\xa6number\x00\xa5value" + BINARY + HUGE,
    "a huge extension": b"\x91\x81\xa1x" + EXTENSION + HUGE,
    "huge lists within lists": (ARRAY + HUGE) * 1000,
    "huge masks": b"\x91\x81\xa8mismatch\x81\xa4mask" + (ARRAY + b"\x00\x01\x00\x00") * 500 + bytes(70_000),
}


@pytest.mark.parametrize("record", [Finding, Comparison], ids=lambda record: record.__name__)
@pytest.mark.parametrize("data", MALFORMED.values(), ids=MALFORMED.keys())
def test_bytes_of_another_form_are_malformed_and_allocate_little(data: bytes, record: type) -> None:
    tracemalloc.start()
    try:
        with pytest.raises(Malformed):
            unpack(data, record)
        peak = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
    assert peak < 1_000_000 + 16 * len(data)


@pytest.mark.parametrize("depth", [1, 10, 200])
def test_nested_lists_cannot_each_claim_the_rest_of_the_message(depth: int) -> None:
    size = 500_000
    header = ARRAY + (size // 2).to_bytes(4, "big")
    data = header * depth
    data += b"\xc0" * (size - len(data))
    tracemalloc.start()
    try:
        with pytest.raises(Malformed):
            unpack(data, Finding)
        with pytest.raises(Malformed):
            unpack(b"\x91\x82\xa1x" + data, Finding)
        peak = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
    assert peak < 32 * size


def test_a_message_has_a_maximum_size() -> None:
    assert unpack(GOOD, Finding, len(GOOD)) == [FINDING]
    with pytest.raises(Malformed, match="larger than"):
        unpack(GOOD, Finding, len(GOOD) - 1)
    with pytest.raises(Malformed, match="larger than"):
        unpack(bytes(MAX_BYTES + 1), Finding)


@given(st.binary(max_size=200), st.sampled_from([b"", b"\x91", b"\x91\x82", GOOD[:20]]))
def test_noise_is_malformed_or_an_empty_list(noise: bytes, prefix: bytes) -> None:
    for record in (Finding, Comparison):
        try:
            assert unpack(prefix + noise, record) == []
        except Malformed:
            continue


@given(st.binary(min_size=1, max_size=8), st.integers(0, len(GOOD)), st.integers(0, 8))
def test_a_tampered_message_is_malformed_or_contains_only_valid_fields(noise: bytes, place: int, removed: int) -> None:
    try:
        findings = unpack(GOOD[:place] + noise + GOOD[place + removed :], Finding)
    except Malformed:
        return
    # Whatever could be decoded can be encoded again, hence has the annotated types.
    assert unpack(pack(findings), Finding) == findings or "nan" in repr(findings)
    for finding in findings:
        assert type(finding) is Finding
        assert (type(finding.agrees), type(finding.summary)) == (bool, str)


def test_unknown_fields_are_skipped() -> None:
    assert unpack(message(agrees=True, summary="agrees", unknown=[b"x", {"a": [1.5]}]), Finding) == [
        Finding(True, "agrees")
    ]


def test_lone_surrogates_are_escaped() -> None:
    finding = Finding(False, "\ud800", got=Side("list", "a\udcffb"), mismatch=Mismatch("é\ud800"))
    (copy,) = unpack(pack([finding]), Finding)
    assert (copy.summary, copy.got, copy.mismatch) == ("\\ud800", Side("list", "a\\udcffb"), Mismatch("é\\ud800"))
    (comparison,) = unpack(pack([Comparison(Observation(0, b"\xff\x00"), see="\ud800")]), Comparison)
    assert comparison == Comparison(Observation(0, b"\xff\x00"), see="\\ud800")


def test_importing_the_grader_does_not_import_msgspec() -> None:
    code = "import sys, quizapp.grading.grader; sys.exit('msgspec' in sys.modules)"
    subprocess.run([sys.executable, "-c", code], check=True)
