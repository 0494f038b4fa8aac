"""A CIFAR-10 batch in Python's pickle format, read as data: nothing that a file names is looked up, let alone called.

A pickle is a program for a stack machine.  This machine knows the opcodes of a dictionary of texts, numbers, lists and
one array of bytes, and for the few names that such an array needs (`numpy.dtype` and so on) it has tokens of its own
that compute nothing; any other opcode or name is refused.  A `pickle.Unpickler` that is told which names to allow would
not do: with none at all, one opcode of five bytes makes its memo claim 64 GiB, and a key that is a tuple of tuples,
sixty deep, takes for ever to hash.  Here an opcode costs an object or so, and there is a limit to their number.
"""

from __future__ import annotations

import pickletools
from collections.abc import Callable
from dataclasses import dataclass, field
from enum import Enum, auto
from typing import Any, TypeVar

import numpy as np
from numpy.typing import NDArray

OPCODES = 200_000
"""At most so many are run; 10 000 labels and file names take some 50 000."""

T = TypeVar("T")


class _Token(Enum):
    """What a name of the pickle stands for."""

    RECONSTRUCT = auto()
    NDARRAY = auto()
    DTYPE = auto()
    ENCODE = auto()
    BYTE = auto()
    """`dtype('u1')`, which is called for, not named."""


_NAMES = {
    "numpy.core.multiarray _reconstruct": _Token.RECONSTRUCT,
    "numpy._core.multiarray _reconstruct": _Token.RECONSTRUCT,
    "numpy ndarray": _Token.NDARRAY,
    "numpy dtype": _Token.DTYPE,
    "_codecs encode": _Token.ENCODE,
}
_LITERALS: dict[str, Callable[[Any], object]] = {
    "NONE": lambda _: None,
    "NEWFALSE": lambda _: False,
    "NEWTRUE": lambda _: True,
    "EMPTY_DICT": lambda _: {},
    "EMPTY_LIST": lambda _: [],
    "EMPTY_TUPLE": lambda _: (),
    **dict.fromkeys(("BININT", "BININT1", "BININT2"), int),
    **dict.fromkeys(("SHORT_BINSTRING", "BINSTRING", "SHORT_BINUNICODE", "BINUNICODE"), str),
    **dict.fromkeys(("SHORT_BINBYTES", "BINBYTES", "BINBYTES8"), lambda content: content.decode("latin-1")),
}
"""The opcodes that push a value, and what they make of their argument, which `pickletools` has decoded."""


@dataclass(kw_only=True)
class _Bytes:
    """An array of bytes: the state that its pickle gives it, with `content` as text of one character a byte."""

    shape: tuple[int, int] = (0, 0)
    content: str = ""


def read_batch(pickled: bytes) -> tuple[NDArray[np.uint8], list[object]]:
    """Return `data` (rows x columns) and `labels` of a batch, which are not looked into.

    Raises ValueError for what is no pickle of such a dictionary.
    """
    match _run(pickled):
        case {"data": _Bytes(shape=(rows, columns), content=content), "labels": list(labels)}:
            if rows < 0 or columns < 0 or rows * columns != len(content):
                raise ValueError(f"data of {rows} x {columns} bytes holds {len(content)}")
            return np.frombuffer(content.encode("latin-1"), np.uint8).reshape(rows, columns), labels
    raise ValueError("a dictionary with an array `data` and a list `labels` is needed")


def _run(pickled: bytes) -> object:
    machine = _Machine()
    for count, (opcode, argument, position) in enumerate(pickletools.genops(pickled)):
        if count == OPCODES:
            raise ValueError(f"more than {OPCODES} opcodes")
        if opcode.name == "STOP" and position != len(pickled) - 1:
            raise ValueError("it goes on after its end")
        if opcode.name != "STOP":
            machine.step(opcode.name, argument)
    return machine.pop(object)


@dataclass(kw_only=True)
class _Machine:
    """The stack, the marks in it and the memo.  Text and bytes are both text here, a byte being a character < 256."""

    stack: list[object] = field(default_factory=list)
    marks: list[int] = field(default_factory=list)
    memo: dict[object, object] = field(default_factory=dict)

    def step(self, opcode: str, argument: object) -> None:
        """Run one opcode, by its name in `pickletools`; ValueError for one that a batch does not need."""
        match opcode, argument:
            case _ if opcode in _LITERALS:
                self.stack.append(_LITERALS[opcode](argument))
            case ("PROTO" | "FRAME", _):  # versions and sizes of what follows, which speaks for itself
                pass
            case ("TUPLE1" | "TUPLE2" | "TUPLE3", _):
                self.stack.append(tuple(self.take(int(opcode[-1]))))
            case ("TUPLE", _):
                self.stack.append(tuple(self.take_marked()))
            case ("MARK", _):
                self.marks.append(len(self.stack))
            case ("APPEND", _):
                (item,) = self.take(1)
                self.top(list).append(item)
            case ("APPENDS", _):
                items = self.take_marked()
                self.top(list).extend(items)
            case ("SETITEM", _):
                self.set_items(self.take(2))
            case ("SETITEMS", _):
                self.set_items(self.take_marked())
            case ("BINPUT" | "LONG_BINPUT", _):
                self.memo[argument] = self.top(object)
            case ("MEMOIZE", _):
                self.memo[len(self.memo)] = self.top(object)
            case ("BINGET" | "LONG_BINGET", _) if argument in self.memo:
                self.stack.append(self.memo[argument])
            case ("GLOBAL", str()):
                self.stack.append(_named(argument))
            case ("STACK_GLOBAL", _):
                attribute, module = self.pop(str), self.pop(str)
                self.stack.append(_named(f"{module} {attribute}"))
            case ("REDUCE", _):
                called, arguments = self.take(2)
                self.stack.append(_called(called, arguments))
            case ("BUILD", _):
                state = self.pop(tuple)
                _build(self.top(object), state)
            case _:
                raise ValueError(f"opcode {opcode} is none that a batch needs here")

    def take(self, count: int) -> list[object]:
        """Remove and return the last `count` values; those below the last mark are out of reach."""
        start = len(self.stack) - count
        if start < (self.marks[-1] if self.marks else 0):
            raise ValueError("it takes more than there is")
        taken = self.stack[start:]
        del self.stack[start:]
        return taken

    def take_marked(self) -> list[object]:
        """Remove and return what lies above the last mark, and the mark."""
        if not self.marks:
            raise ValueError("it takes up to a mark that is not there")
        taken = self.take(len(self.stack) - self.marks[-1])
        self.marks.pop()
        return taken

    def pop(self, kind: type[T]) -> T:
        """Remove and return the last value, which has to be of this kind."""
        (found,) = self.take(1)
        if isinstance(found, kind):
            return found
        raise ValueError(f"{kind.__name__} is needed where it has {type(found).__name__}")

    def top(self, kind: type[T]) -> T:
        """Return the last value, which has to be of this kind."""
        found = self.pop(kind)
        self.stack.append(found)
        return found

    def set_items(self, pairs: list[object]) -> None:
        """Put keys and values that alternate in `pairs` into the dictionary on top."""
        if len(pairs) % 2 or not all(isinstance(key, str) for key in pairs[::2]):
            raise ValueError("the keys of a batch are texts")
        self.top(dict).update(zip(pairs[::2], pairs[1::2], strict=True))


def _named(name: str) -> _Token:
    if name not in _NAMES:
        raise ValueError(f"it asks for {name[:60].replace(' ', '.')}, which no array of bytes needs")
    return _NAMES[name]


def _called(called: object, arguments: object) -> object:
    match called, arguments:
        case (_Token.RECONSTRUCT, (_Token.NDARRAY, (0,), str())):
            return _Bytes()
        case (_Token.DTYPE, ("u1" | "|u1", *_)):
            return _Token.BYTE
        case (_Token.DTYPE, (str() as kind, *_)):
            raise ValueError(f"it holds an array of {kind[:20]}, where bytes, u1, are needed")
        case (_Token.ENCODE, (str() as text, "latin1" | "latin-1")):
            return text
    raise ValueError("it calls for something that no array of bytes needs")


def _build(built: object, state: tuple[object, ...]) -> None:
    match built, state:
        case (_Token.BYTE, _):  # byte order and alignment, of which one byte has none
            pass
        case (_Bytes(), (int(), (int() as rows, int() as columns), _Token.BYTE, False, str() as content)):
            built.shape, built.content = (rows, columns), content
        case _:
            raise ValueError("an array of two axes, rows in C order, of bytes is needed")
