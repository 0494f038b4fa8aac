"""The faults, each under a command: what is done to it, and whether what is left is right."""

from __future__ import annotations

import contextlib
import resource
import signal
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from threading import Thread

import numpy as np

from numerics import ledger

from .fault_commands import CELLS, MORE, SWEEP, Command, Known, contents, lay, quietly, strays
from .fault_process import CODES, Act, Ended, clocks, failing, limited, memory, mounted, remount, run

Rows = list[tuple[object, ...]]
MISSING: dict[str, bytes] = {}


@dataclass(frozen=True, kw_only=True)
class Case:
    """One fault: the command, the kind of fault, the exit status, and what was wrong with what it left."""

    command: str
    kind: str
    code: int = 0
    wrong: str = ""
    skipped: bool = False

    def about(self, word: str) -> bool:
        """Whether something was wrong that begins with this word."""
        return any(part.startswith(word) for part in self.wrong.split("; "))


def judged(
    command: Command, kind: str, ended: Ended, folder: Path, *, whole: tuple[dict[str, bytes], ...], codes: set[int]
) -> Case:
    """Judge what a command left: one of `whole`, nothing beside it, one of `codes`, one line."""
    wrong = []
    if contents(folder, command) not in whole:
        wrong.append("output neither old nor new")
    beside = strays(folder, command)
    gone = ended.code in (-signal.SIGKILL, -signal.SIGTERM)
    if beside and not (gone and all(name.startswith(".") for name in beside)):
        wrong.append(f"beside it {beside}")
    if ended.code not in codes:
        wrong.append(f"status {ended.code}")
    if not ended.plain and not gone:
        wrong.append(f"words {ended.err[-300:]!r}")
    return Case(command=command.name, kind=kind, code=ended.code, wrong="; ".join(wrong))


def called(command: Command, files: Known, folder: Path) -> Iterator[Case]:
    """Let each call of the system fail that the writing makes, over old files and where there are none."""
    many = range(1, len(command.files) + 1)
    places = [
        (call, n) for call in ("open a file", "reach the disk", "keep the old file", "replace a file") for n in many
    ]
    kinds = ("disk full", "out of memory", "read-only", "Ctrl-C", "broken disk")
    for number, (call, count) in enumerate(places):
        for error in (kinds[number % 5], kinds[(number + 1) % 5]):
            yield _called(command, files, folder, (call, error, count), before=files.before)
    for number, (call, count) in enumerate((("make a folder", 1), ("open a file", 1), ("replace a file", many[-1]))):
        yield _called(command, files, folder, (call, kinds[number], count), before=MISSING)


def _called(
    command: Command, files: Known, folder: Path, fault: tuple[str, str, int], *, before: dict[str, bytes]
) -> Case:
    call, error, _ = fault
    lay(folder, before)
    ended = run(list(command.after), folder=folder, act=failing(*fault))
    done = ended.code == files.code  # where something else did as well
    whole = (files.after,) if done else (before,)
    kind = f"{error}, asked to {call}"
    return judged(command, kind, ended, folder, whole=whole, codes={CODES.get(error, 2), files.code})


def limited_size(command: Command, files: Known, folder: Path) -> Iterator[Case]:
    """Limit the size of files, as a full disk or a quota does."""
    for size in (0, 1000):
        lay(folder, files.before)
        ended = run(list(command.after), folder=folder, act=limited(resource.RLIMIT_FSIZE, size))
        # what it has to say goes to a file too, and does not fit
        yield judged(command, f"files of at most {size} bytes", ended, folder, whole=(files.before,), codes={2})


def unprintable(command: Command, files: Known, folder: Path) -> Iterator[Case]:
    """Give the command a terminal that takes nothing."""
    lay(folder, files.before)
    ended = run(list(command.after), folder=folder, out="/dev/full")
    yield judged(command, "stdout on a full disk", ended, folder, whole=(files.after,), codes={2})


def killed(command: Command, files: Known, folder: Path, rng: np.random.Generator, kills: int) -> Iterator[Case]:
    """End the command at random moments, by each signal; then run it again in peace."""
    lay(folder, files.before)
    usual = run(list(command.after), folder=folder).seconds
    for number, code in ((signal.SIGKILL, -9), (signal.SIGTERM, -15), (signal.SIGINT, 130)):
        for _ in range(kills):
            lay(folder, files.before)
            ended = run(list(command.after), folder=folder, kill=(float(rng.uniform(0.001, 1)) * usual, number))
            single = [dict(zip(command.files, pair, strict=True)) for pair in _pairs(command, files)]
            whole = (files.before, files.after) if code == 130 else tuple(single)
            case = judged(command, f"{number.name} at random", ended, folder, whole=whole, codes={code, files.code})
            again = run(list(command.after), folder=folder)
            if again.code != files.code or contents(folder, command) != files.after:
                case = Case(command=command.name, kind=case.kind, code=ended.code, wrong="output not made by the next")
            yield case


def _pairs(command: Command, files: Known) -> Iterator[list[bytes]]:
    """Yield what a kill may leave: each file whole, the first so many of them new."""
    for new in range(len(command.files) + 1):
        yield [(files.after if i < new else files.before)[name] for i, name in enumerate(command.files)]


def out_of_time(command: Command, files: Known, folder: Path) -> Iterator[Case]:
    """Let every clock stand still, run backwards, or jump by a year at each look."""
    for jump, word in ((0.0, "stand still"), (-1.0, "run backwards"), (3.2e7, "jump by a year")):
        lay(folder, files.before)
        ended = run(list(command.after), folder=folder, act=clocks(jump))
        yield judged(command, f"clocks that {word}", ended, folder, whole=(files.after,), codes={files.code})


def crowded(command: Command, files: Known, folder: Path) -> Iterator[Case]:
    """Let two processes write one output at a time, the first slow between two files."""
    for first, second in ((command.before, command.after), (command.after, command.before)):
        lay(folder, MISSING)
        ended = together(partial(run, list(first), folder=folder, act=_slow), partial(run, list(second), folder=folder))
        whole = (files.before, files.after)
        cases = [judged(command, "two at a time", one, folder, whole=whole, codes={files.code}) for one in ended]
        yield next((case for case in cases if case.wrong), cases[0])


def _slow() -> None:
    """Make every replacement wait, so that another process can come between two."""
    true = Path.replace

    def replace(self: Path, target: Path) -> Path:
        made = true(self, target)
        time.sleep(0.1)
        return made

    Path.replace = replace  # type: ignore[method-assign]


def together(*runs: Callable[[], Ended]) -> list[Ended]:
    """Run processes at one time and return how each ended."""
    ended: list[Ended] = []
    threads = [Thread(target=lambda one=one: ended.append(one())) for one in runs]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return ended


def kept_out(command: Command, files: Known, folder: Path) -> Iterator[Case]:
    """Put the output on a file system that is full, and on one that is read-only."""
    out = folder / "out"
    for kind, options in (("a full file system", ("size=4m",)), ("a read-only file system", ())):
        lay(folder, files.before)
        with mounted(out, "-t", "tmpfs", "-o", ",".join(("mode=755", *options)), "tmpfs") as there:
            if not there:
                yield Case(command=command.name, kind=kind, skipped=True)
                continue
            for name, content in files.before.items():
                (folder / name).write_bytes(content)
            if options:
                _fill(out / "full")
            else:
                remount(out)
            ended = run(list(command.after), folder=folder)
            if options:
                (out / "full").unlink()
            yield judged(command, kind, ended, folder, whole=(files.before,), codes={2})


def _fill(path: Path) -> None:
    with path.open("wb", buffering=0) as file, contextlib.suppress(OSError):
        while True:
            file.write(bytes(4096))


def limited_memory(folder: Path) -> Iterator[Case]:
    """Leave a measurement, and a sweep, too little memory: an answer, or one line."""
    measure = ["measure", "--kernel=rf", "--activation=relu", "--d=50", "--n=1500", "--alpha=1/2", "--trials=2"]
    for room in (2**20, 2**22, 2**24, 2**25, 2**26, 2**27):
        ended = run([*measure, "--width=2000"], folder=folder, act=memory(room))
        nothing = Command(name="measure", before=(), after=(), files=())
        lay(folder, MISSING)
        yield judged(nothing, "memory", ended, folder, whole=(MISSING,), codes={0, 2})


def swept(folder: Path, rng: np.random.Generator, kills: int) -> Iterator[Case]:
    """Kill, fill and crowd a sweep; then resume it, and compare it with one that was left in peace."""
    spec, path = folder / "more.toml", folder / "hard.db"
    assert spec.read_text() == SWEEP.format(trials=MORE)
    argv = ["sweep", "run", "more.toml", "--out", "hard.db", "--resume", "-q"]
    usual = run(argv, folder=folder).seconds
    whole = _bits(path)
    acts: list[tuple[str, Act, set[int]]] = [
        (f"ledger of at most {size} bytes", limited(resource.RLIMIT_FSIZE, size), {0, 2})
        for size in (0, 5000, 9000, 13000, 20000)
    ]
    acts += [(f"clocks that go by {jump:g} s", clocks(jump), {0}) for jump in (0.0, -1.0, 3.2e7)]
    acts += [("memory", memory(room), {0, 1, 2}) for room in (2**18, 2**20, 2**22, 2**24)]
    for kind, act, codes in acts:
        _clear(path)
        yield _resumed(kind, run(argv, folder=folder, act=act), path, whole=whole, codes=codes)
    for number in (signal.SIGKILL, signal.SIGTERM, signal.SIGINT):
        for _ in range(2 * kills):
            _clear(path)
            ended = run(argv, folder=folder, kill=(float(rng.uniform(0.001, 1)) * usual, number))
            yield _resumed(f"{number.name} at random", ended, path, whole=whole, codes={-number, 130, 0})
    for resume in (True, False):
        _clear(path)
        twice = [word for word in argv if resume or word != "--resume"]
        ended = together(*[partial(run, twice, folder=folder)] * 2)
        for one in ended:
            yield _resumed("two sweeps, one ledger", one, path, whole=whole, codes={0} if resume else {0, 2})
    yield _outlived(path, whole)


def _outlived(path: Path, whole: Rows) -> Case:
    """Record an error where there are numbers already, as a process without memory would beside one that has it."""
    found = ledger.read(path)
    with ledger.writing(path, found.sweep, found.origin, resume=True) as (book, _):
        book.record(found.outcomes[0]._replace(numbers=None, error="not enough memory"))
    wrong = "" if _bits(path) == whole else "ledger lost numbers to an error"
    return Case(command="sweep run", kind="an error after the numbers", wrong=wrong)


def _resumed(kind: str, ended: Ended, path: Path, *, whole: Rows, codes: set[int]) -> Case:
    """Judge the ledger that was left, then what it is resumed to."""
    folder, wrong = path.parent, []
    if ended.code not in codes:
        wrong.append(f"status {ended.code}")
    if not ended.plain and ended.code >= 0:
        wrong.append(f"words {ended.err[-300:]!r}")
    hidden = [one.name for one in folder.iterdir() if one.name.startswith(".")]
    if hidden and ended.code >= 0:
        wrong.append(f"beside it {hidden}")
    for name in hidden:
        (folder / name).unlink()
    if path.exists():
        try:
            left = _bits(path)
        except (ValueError, OSError) as refused:
            left = []
            wrong.append(f"ledger not read: {refused}")
        if any(row not in whole for row in left if row[2] is None):
            wrong.append("ledger with numbers that are none of its trials")
    if quietly(folder, ("sweep", "run", "more.toml", "--out", path.name, "--resume", "-q")) != 0:
        wrong.append("ledger not resumed")
    elif _bits(path) != whole or len(_bits(path)) != CELLS * MORE:
        wrong.append("ledger resumed to other numbers")
    return Case(command="sweep run", kind=kind, code=ended.code, wrong="; ".join(wrong))


def _bits(path: Path) -> Rows:
    """Return the rows of a ledger, floats with all of their bits."""
    return [
        (one.place, one.trial, one.error, tuple((name, v.hex()) for name, v in (one.numbers or {}).items()))
        for one in ledger.read(path).outcomes
    ]


def _clear(path: Path) -> None:
    for name in (path.name, f"{path.name}-wal", f"{path.name}-shm", f"{path.name}-journal"):
        path.with_name(name).unlink(missing_ok=True)
