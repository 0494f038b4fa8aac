"""Pickled batches as data: read like `pickle` reads them, and nothing that a hostile one asks for is done."""

import os
import pickle
import struct
import tracemalloc
from fractions import Fraction

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from numerics.pickled_batch import read_batch

PIXELS = np.array([[0, 127, 128], [255, 10, 13]], dtype=np.uint8)
BATCH = {b"batch_label": b"training batch 1 of 5", b"labels": [3, 8], b"data": PIXELS, b"filenames": [b"a", b"b"]}

# As the batches were written, by Python 2 and the NumPy of 2009: text and bytes are one type there.
FOUND = (
    b"\x80\x02}q\x01(U\x0bbatch_labelq\x02U\x15training batch 1 of 5q\x03U\x06labelsq\x04]q\x05(K\x03K\x08e"
    b"U\x04dataq\x06cnumpy.core.multiarray\n_reconstruct\nq\x07cnumpy\nndarray\nq\x08K\x00\x85U\x01b\x87Rq\t"
    b"(K\x01K\x02K\x03\x86cnumpy\ndtype\nq\nU\x02u1K\x00K\x01\x87Rq\x0b(K\x03U\x01|NNNJ\xff\xff\xff\xffJ\xff\xff\xff\xffK"
    b"\x00tb\x89U\x06\x00\x7f\x80\xff\n\rtbU\tfilenamesq\x0c]q\r(U\x01aq\x0eU\x01bq\x0feu."
)


def reads_as(found, pixels, labels):
    return found[0].dtype == np.uint8 and np.array_equal(found[0], pixels) and found[1] == labels


@pytest.mark.parametrize("protocol", [2, 3, 4])
@pytest.mark.parametrize("encoding", [bytes, bytes.decode])
def test_a_batch_is_read_in_each_binary_protocol(protocol, encoding):
    written = {encoding(key): value for key, value in BATCH.items()}
    assert reads_as(read_batch(pickle.dumps(written, protocol=protocol)), PIXELS, [3, 8])


def test_a_batch_as_it_is_found_is_read_as_python_reads_it():
    expected = pickle.loads(FOUND, encoding="bytes")  # noqa: S301 - our own bytes
    assert reads_as(read_batch(FOUND), expected[b"data"], expected[b"labels"])


@given(rows=st.integers(1, 5), columns=st.integers(1, 5), data=st.data(), protocol=st.sampled_from([2, 3, 4]))
def test_any_array_of_bytes_survives(rows, columns, data, protocol):
    content = data.draw(st.binary(min_size=rows * columns, max_size=rows * columns))
    labels = data.draw(st.lists(st.integers(-(2**31), 2**31 - 1), max_size=5))
    array = np.frombuffer(content, np.uint8).reshape(rows, columns)
    written = pickle.dumps({b"labels": labels, b"data": array}, protocol=protocol)
    assert reads_as(read_batch(written), array, labels)


def around(body: bytes) -> bytes:
    """Return a pickle that runs `body` before it builds a sound batch."""
    return b"\x80\x02" + body + FOUND[2:]


class Touch:
    """Asks whoever unpickles it to make a file."""

    def __init__(self, path):
        self.path = path

    def __reduce__(self):
        return os.mkdir, (str(self.path),)


@pytest.mark.parametrize("protocol", [2, 4])
def test_what_a_pickle_asks_for_is_not_done(tmp_path, protocol):
    marker = tmp_path / "was here"
    hostile = pickle.dumps(BATCH | {b"more": Touch(marker)}, protocol=protocol)
    with pytest.raises(ValueError, match=r"it asks for posix\.mkdir, which no array of bytes needs"):
        read_batch(hostile)
    assert not marker.exists()
    pickle.loads(hostile)  # noqa: S301 - what the same bytes do where they are trusted
    assert marker.exists()


GIANT = b"cnumpy\nndarray\nJ\xff\xff\xff\x7fJ\xff\xff\xff\x7f\x86\x85R"
RECONSTRUCT = b"cnumpy.core.multiarray\n_reconstruct\n"

HOSTILE = {
    "another name": (b"cbuiltins\neval\n", r"asks for builtins\.eval"),
    "a name from the stack": (b"\x8c\x02os\x8c\x06system\x93", r"asks for os\.system"),
    "a name beside the allowed": (b"cnumpy\nload\n", r"asks for numpy\.load"),
    "a name through a dot": (b"\x8c\x05numpy\x8c\x0endarray.tofile\x93", r"asks for numpy\.ndarray\.tofile"),
    "a giant array": (GIANT, "calls for something"),
    "a giant reconstruction": (
        RECONSTRUCT + b"cnumpy\nndarray\nJ\xff\xff\xff\x7f\x85U\x01b\x87R",
        "calls for something",
    ),
    "a subclass": (RECONSTRUCT + RECONSTRUCT + b"K\x00\x85U\x01b\x87R", "calls for something"),
    "a call of text": (b"U\x01a)R", "calls for something"),
    "another encoding": (b"c_codecs\nencode\nU\x01aU\x05rot13\x86R", "calls for something"),
    "state for a list": (b"])b", "two axes"),
    "a persistent identifier": (b"U\x01aQ", "opcode BINPERSID"),
    "an extension": (b"\x82\x01", "opcode EXT1"),
    "an instance": (b"(icos\nsystem\n", "opcode INST"),
    "an object": (b"(cos\nsystem\no", r"asks for os\.system"),
    "a new object": (b"cnumpy\nndarray\n)\x81", "opcode NEWOBJ"),
    "a number in text": (b"I" + b"9" * 5000 + b"\n", "invalid literal|digits"),
    "a long number": (b"\x8b\xff\xff\xff\x7f", "not enough data in stream to read long4"),
    "bytes that are not there": (b"\x8e" + b"\xff" * 7 + b"\x7f", "expected 9223372036854775807 bytes"),
    "a tuple as key": (b"}))s", "keys of a batch are texts"),
    "a key without a value": (b"}(U\x01au", "keys of a batch are texts"),
    "what was never kept": (b"h\x63", "opcode BINGET"),
    "a mark that is not there": (b"t", "a mark that is not there"),
    "less than it takes": (b"K\x01\x86", "takes more than there is"),
    "what lies below a mark": (b"]K\x01(a", "takes more than there is"),
    "an append to no list": (b")K\x01a", "list is needed where it has tuple"),
    "an unknown opcode": (b"\xff", "opcode b'\\\\xff' unknown"),
    "text that is none": (b"X\x01\x00\x00\x00\xff", "can't decode"),
}


@pytest.mark.parametrize("name", HOSTILE)
def test_a_hostile_pickle_is_refused(name):
    body, message = HOSTILE[name]
    with pytest.raises(ValueError, match=message) as refused:
        read_batch(around(body))
    assert "\n" not in str(refused.value)


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({b"data": PIXELS.astype(object)}, "it holds an array of O8, where bytes"),
        ({b"data": PIXELS.astype(np.uint16)}, "it holds an array of u2, where bytes"),
        ({b"data": PIXELS.astype([("a", "u1")])}, "it holds an array of V1, where bytes"),
        ({b"data": PIXELS.reshape(1, 2, 3)}, "two axes"),
        ({b"data": PIXELS.ravel()}, "two axes"),
        ({b"data": np.asfortranarray(PIXELS)}, "rows in C order"),
        ({b"data": [[0, 1]]}, "an array `data` and a list `labels`"),
        ({b"labels": (3, 8)}, "an array `data` and a list `labels`"),
        ({b"labels": [Fraction(1)]}, r"asks for fractions\.Fraction"),
    ],
)
def test_what_is_not_bytes_and_labels_is_refused(changes, message):
    with pytest.raises(ValueError, match=message):
        read_batch(pickle.dumps(BATCH | changes, protocol=4))


@pytest.mark.parametrize("missing", [b"data", b"labels"])
def test_a_batch_without_a_key_is_refused(missing):
    with pytest.raises(ValueError, match="an array `data` and a list `labels` is needed"):
        read_batch(pickle.dumps({key: value for key, value in BATCH.items() if key != missing}, protocol=2))


def test_a_shape_that_is_not_that_of_the_bytes_is_refused():
    for shape in (
        b"K\x02K\x04\x86",
        b"J\xfe\xff\xff\xffJ\xfd\xff\xff\xff\x86",
        b"J\xff\xff\xff\x7fJ\xff\xff\xff\x7f\x86",
    ):
        with pytest.raises(ValueError, match="bytes holds 6"):
            read_batch(FOUND.replace(b"K\x02K\x03\x86", shape))


BOMBS = {
    "a memo of 16 GiB": b"Nr\xff\xff\xff\x7f0",
    "lists": b"]" * 2**22,
    "marks": b"(" * 2**22,
    "depth": b"]" * 150_000 + b"a" * 149_999 + b"0",
    "doubling": b")" + b"q\x00h\x00\x86" * 60 + b"0",
}


@pytest.mark.parametrize("name", BOMBS)
def test_a_bomb_is_refused_at_little_cost(name):
    bomb = around(BOMBS[name])
    tracemalloc.start()
    try:
        with pytest.raises(ValueError, match=r"opcode POP is none|more than 200000 opcodes"):
            read_batch(bomb)
        _, peak = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert peak < 2**26


def test_doubling_and_a_large_memo_cost_nothing_where_they_are_harmless():
    kept = FOUND.replace(b"q\x01", b"r" + struct.pack("<I", 2**32 - 1))
    doubled = kept.replace(b"U\x01bq\x0fe", b"U\x01b)" + b"q\x00h\x00\x86" * 60 + b"e")
    assert reads_as(read_batch(doubled), PIXELS, [3, 8])


def test_a_list_that_holds_itself_is_only_a_list():
    _, labels = read_batch(FOUND.replace(b"K\x03K\x08e", b"h\x05K\x08e"))
    assert labels[0] is labels


def test_every_bit_outside_images_and_labels_counts_or_changes_nothing():
    data = {FOUND.index(part) + i for part in (b"K\x03K\x08", PIXELS.tobytes()) for i in range(len(part))}
    found = []
    for at, bit in ((at, bit) for at in range(len(FOUND)) if at not in data for bit in range(8)):
        try:
            found.append(read_batch(FOUND[:at] + bytes([FOUND[at] ^ (1 << bit)]) + FOUND[at + 1 :]))
        except ValueError as refused:
            found.append(str(refused))
    read = [pair for pair in found if not isinstance(pair, str)]
    assert 0 < len(read) < len(found) / 2
    assert all(reads_as(pair, PIXELS, [3, 8]) for pair in read)


OPCODES = b"\x80\x02}]()qhrKMJUX\x8c\x93ctbR\x85\x86\x87aesu\x94.0N\n"


@given(st.binary(max_size=60) | st.lists(st.sampled_from(OPCODES), max_size=40).map(bytes))
def test_noise_is_refused_and_nothing_else_happens(noise):
    with pytest.raises(ValueError) as refused:  # noqa: PT011 - whatever it says, it is this error
        read_batch(noise)
    assert str(refused.value)
