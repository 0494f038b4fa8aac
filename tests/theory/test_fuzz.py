"""Hostile input in small: each reader answers as it should, also all that was ever found, and no fault is missed.

The same by the million is `make fuzz` (`tests/campaigns/fuzz.py`).
"""

import json
import os
import subprocess
import sys
import time
import zipfile
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from numerics import array_file
from tests.campaigns import fuzz, fuzz_pages, fuzz_watch
from tests.campaigns.fuzz_targets import TARGETS, case
from tests.campaigns.fuzz_worker import judged
from theory import toml_text

CASES = 100
ROOT = Path(__file__).resolve().parents[2]
FINDINGS = json.loads(fuzz.FINDINGS.read_text())


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    return tmp_path_factory.mktemp("cases")


@pytest.mark.parametrize("target", TARGETS)
def test_every_reader_answers_hostile_cases_as_it_should(target, folder):
    judged(target, case(target, -1, 0), folder)  # what is imported late is imported here
    found = {number: judged(target, case(target, 1, number), folder) for number in range(CASES)}
    assert {number: fault for number, fault in found.items() if fault} == {}


@pytest.mark.parametrize("target", TARGETS)
def test_the_cases_are_those_of_the_seed_and_differ(target):
    cases = [case(target, 1, number) for number in range(40)]
    assert cases == [case(target, 1, number) for number in range(40)]
    assert len(set(cases)) > 30
    assert cases != [case(target, 2, number) for number in range(40)]


@pytest.mark.parametrize("one", FINDINGS, ids=[f"{one['target']} {n}" for n, one in enumerate(FINDINGS)])
def test_what_was_found_once_is_mended(one, folder):
    content = b"".join(bytes.fromhex(piece) * times for piece, times in one["case"])
    judged(one["target"], case(one["target"], -1, 0), folder)
    assert judged(one["target"], content, folder) is None


def test_the_targets_make_a_million_and_none_is_neglected():
    assert sum(target.cases for target in TARGETS.values()) >= 10**6
    assert min(target.cases for target in TARGETS.values()) >= 5 * 10**4
    assert TARGETS["expression"].cases >= 10**5


@settings(max_examples=50)
@given(
    st.dictionaries(
        st.text(max_size=8), st.recursive(st.none() | st.floats() | st.text(), st.lists, max_leaves=4), max_size=4
    )
)
def test_no_json_of_any_kind_breaks_a_golden_file_or_a_sweep(tmp_path_factory, document):
    folder = tmp_path_factory.getbasetemp()
    for target, sound in (("golden", {"schema": "gammaphi/frozen/1"}), ("sweep", {"seed": 1, "trials": 1})):
        assert judged(target, json.dumps(sound | document).encode(), folder) is None


@settings(max_examples=150)
@given(
    st.lists(st.text(st.characters(codec="utf-8"), max_size=30), min_size=12, max_size=12),
    st.sampled_from(fuzz_pages.FORMS),
)
def test_no_string_changes_the_structure_of_a_report(strings, form):
    assert fuzz_pages.strangers(form, strings) is None


PLANTED = {
    "evaluates": (lambda: eval("1 + 1"), "did: compile <string>"),  # noqa: S307
    "imports pickle": (lambda: __import__("shelve"), "did: import shelve"),
    "starts a process": (lambda: subprocess.run([sys.executable, "-c", ""], check=True), "did: "),
    "asks the system": (lambda: os.system("true"), "did: os.system"),  # noqa: S605, S607
    "opens a file": (lambda: Path("/etc/hostname").read_text(), "did: open /etc/hostname"),
    "opens a file and hides it": (lambda: _hidden(Path("/etc/hostname").read_text), "did: open /etc/hostname"),
    "raises another error": (lambda: {}["key"], "raised KeyError"),
    "says two lines": (lambda: _raise(ValueError("a\nb")), "said 'a\\nb'"),
    "says nothing": (lambda: _raise(ValueError()), "said ''"),
    "says too much": (lambda: _raise(ValueError("a" * 10**4)), "said 'aaa"),
    "writes to the terminal's mind": (lambda: _raise(ValueError("\x1b[31m")), "said '\\x1b"),
    "gives what does not fit": (lambda: "something", "gave something"),
    "wanted all memory": (lambda: _refused_after(MemoryError), "wanted more than 1024 MiB"),
}


def _raise(error):
    raise error


def _hidden(read):
    try:
        read()
    finally:
        raise ValueError("a line")


def _refused_after(kind):
    try:
        _raise(kind())
    except kind as error:
        raise ValueError("a line") from error


@pytest.mark.parametrize("planted", PLANTED)
def test_a_reader_that_does_what_it_must_not_is_seen(planted, monkeypatch):
    monkeypatch.delitem(sys.modules, "shelve", raising=False)
    read, told = PLANTED[planted]
    assert (fuzz_watch.fault(read) or "").startswith(told)


def test_a_reader_that_writes_into_its_own_folder_is_seen(tmp_path):
    told = fuzz_watch.fault(lambda: (tmp_path / "a").write_text("a") and None, given=(tmp_path,))
    assert told == f"did: open {tmp_path / 'a'}"


def test_a_reader_that_loops_is_seen():
    def loop():
        while True:
            try:
                time.sleep(0)
            except Exception:  # noqa: BLE001, S112  (a reader that answers every error by going on)
                continue

    assert fuzz_watch.fault(loop, seconds=0.1) == "did not answer within 0.1 s"


def test_a_reader_that_was_sound_before_is_sound_after_a_fault():
    assert fuzz_watch.fault(lambda: {}["key"]) is not None
    assert fuzz_watch.fault(lambda: None) is None


WEAK = """
import sys
from types import SimpleNamespace
{planted}
one = {{"sweep": SimpleNamespace(lay=lambda content, folder: weak)}}
sys.modules["tests.campaigns.fuzz_targets"] = SimpleNamespace(TARGETS=one, case=lambda *address: b"x")
from tests.campaigns import fuzz_worker
fuzz_worker.CASES_BEFORE = 0
fuzz_worker.main(sys.argv[1:])
"""
"""The program of a worker, whose one target is a reader that is weak."""


@pytest.mark.parametrize(
    ("planted", "told"),
    [
        ("weak = lambda: bytes(2**31) and None", "raised MemoryError"),
        ("weak = lambda: __import__('os').abort()", None),
        ("weak = lambda: 10**10**9 and None", None),
    ],
    ids=["takes too much", "dies", "does not listen"],
)
def test_a_process_that_takes_too_much_or_dies_is_seen(planted, told, tmp_path, monkeypatch):
    weak = tmp_path / "weak.py"
    weak.write_text(WEAK.format(planted=planted))
    start = subprocess.Popen
    monkeypatch.setattr(
        fuzz.subprocess, "Popen", lambda command, **how: start([command[0], str(weak), *command[3:]], **how)
    )
    monkeypatch.setenv("PYTHONPATH", str(ROOT))
    ran = fuzz.run("sweep", cases=1, seed=0, patience=3)
    ((number, _, fault),) = ran.faults
    # what does not listen is stopped from outside, or found late when it listens again
    named = (told,) if told else ("ended its process", "did not answer within")
    assert (number, fault.startswith(named)) == (0, True), fault


def test_a_process_that_never_begins_is_no_fault_of_a_case(monkeypatch):
    start = subprocess.Popen
    monkeypatch.setattr(fuzz.subprocess, "Popen", lambda command, **how: start([command[0], "-c", ""], **how))
    with pytest.raises(RuntimeError, match="ended before its first case"):
        fuzz.run("sweep", cases=1, seed=0)


def test_a_fault_makes_the_campaign_fail():
    sound = fuzz.Ran(target="sweep", cases=10**6)
    assert fuzz.campaign([sound], 0).met
    assert not fuzz.campaign([fuzz.Ran(target="sweep", cases=10**6, faults=[(3, "00", "hung")])], 0).met
    assert not fuzz.campaign([fuzz.Ran(target="sweep", cases=10**5)], 0).met


@pytest.mark.parametrize(
    ("text", "sound"),
    [
        ("a" + ".a" * 49 + " = 1", True),
        ("a" + ".a" * 50 + " = 1", False),
        ("a" + ' . "b.c"' * 50 + " = 1", False),
        ("x = 1\n[a" + ".'\"'" * 50 + "]", False),
        ("a = '" + ".a" * 500 + "'", True),
        ('a = """' + ".a" * 500 + '"""', True),
        ("a = 1  # '" + ".a" * 500, True),
        ("a = [" + "0.5, " * 500 + "]", True),
    ],
)
def test_a_key_of_too_many_parts_is_told_from_what_looks_like_one(text, sound):
    if sound:
        assert toml_text.loads(text.encode())
    else:
        with pytest.raises(ValueError, match="a key of more than 50 parts"):
            toml_text.loads(text.encode())


def test_an_array_packed_as_numpy_does_not_pack_is_refused(tmp_path):
    with zipfile.ZipFile(tmp_path / "pool.npz", "w", zipfile.ZIP_LZMA) as archive:
        for name in "xyg":
            archive.writestr(f"{name}.npy", b"nothing")
    with pytest.raises(ValueError, match="is packed as NumPy does not pack: save it with"):
        array_file.read_arrays(tmp_path / "pool.npz", ["x"])
