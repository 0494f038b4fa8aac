"""Where the trials of a sweep run: in this process, in others on this machine, or on a cluster of Dask.

Each is a context that gives a function `tasks -> outcomes`, in whatever order they finish.  What a trial gives depends
on neither, so a worker that is lost costs time alone.
"""

from __future__ import annotations

import logging
import multiprocessing
import os
import re
import signal
import sys
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import FIRST_COMPLETED, ProcessPoolExecutor, wait
from concurrent.futures.process import BrokenProcessPool
from contextlib import AbstractContextManager, contextmanager, nullcontext
from functools import partial
from itertools import islice
from threading import Thread
from typing import Any, cast

from .sweep import Outcome
from .sweep_trial import Task, run_task

Perform = Callable[[Iterable[Task]], Iterator[Outcome]]

AHEAD = 2
"""Tasks handed out for each process: one in work, and the next at hand while we write."""
ON_CLUSTER = 1000
"""Tasks that a cluster has at one time: enough for some hundred workers, and no burden to its scheduler."""
PATIENCE = 10
"""Seconds in which a scheduler must answer."""
SAVED = "what was finished is in the ledger, to be resumed"
_ADDRESS = re.compile(r"(tcp|tls)://\S+:[0-9]+")


def workers(jobs: int, scheduler: str | None) -> AbstractContextManager[Perform]:
    """Return the workers that were asked for: a cluster, so many processes of this machine, or this process itself."""
    if scheduler is not None:
        return _cluster(scheduler)
    return nullcontext(partial(map, run_task)) if jobs == 1 else _processes(jobs, run_task)


@contextmanager
def _processes(jobs: int, function: Callable[..., Any]) -> Iterator[Perform]:
    """Give `jobs` fresh processes; they end with us, however we end.

    Raises ChildProcessError where one of them dies, which is what the system does to a process that fills the memory.
    """
    before = set(multiprocessing.active_children())
    with ProcessPoolExecutor(jobs, mp_context=multiprocessing.get_context("spawn"), initializer=_begin) as pool:
        try:
            yield partial(_finished, pool, function, ahead=AHEAD * jobs)
        except BaseException as ended:
            # A trial in work may take minutes, and whoever interrupts does not want to wait for it.
            pool.shutdown(wait=False, cancel_futures=True)
            for child in set(multiprocessing.active_children()) - before:
                child.terminate()
                child.join()
            if isinstance(ended, BrokenProcessPool):
                raise ChildProcessError(f"a worker process was killed, perhaps for want of memory; {SAVED}") from ended
            raise


def _finished(
    pool: ProcessPoolExecutor, function: Callable[..., Any], tasks: Iterable[Task], *, ahead: int
) -> Iterator[Any]:
    """Yield `function` of each task as it is finished, with `ahead` of them handed out at one time."""
    coming = iter(tasks)
    pending = {pool.submit(function, task) for task in islice(coming, ahead)}
    while pending:
        done, pending = wait(pending, return_when=FIRST_COMPLETED)
        for future in sorted(done, key=lambda future: future.exception() is not None):  # what is finished comes first
            yield future.result()
        pending |= {pool.submit(function, task) for task in islice(coming, len(done))}


def _begin() -> None:
    """Make a fresh process a worker: Ctrl-C is for its parent, and so is what is printed to stdout."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    sys.stdout = sys.stderr
    Thread(target=_follow, daemon=True).start()


def _follow() -> None:
    """End this process when its parent has ended: one that was killed tells nobody."""
    parent = multiprocessing.parent_process()
    if parent is not None:
        parent.join()
        os._exit(1)


@contextmanager
def _cluster(address: str) -> Iterator[Perform]:
    """Give the workers of the Dask scheduler at `address`; those that come later will do as well.

    Raises ValueError where distributed is missing or nobody answers, ChildProcessError where the cluster is lost.
    """
    if not _ADDRESS.fullmatch(address):
        raise ValueError(f"scheduler {address!r}: an address such as tcp://host:8786 is wanted")
    try:
        from distributed import Client  # noqa: PLC0415  (an extra, needed here alone)
    except ImportError as missing:
        raise ValueError('a scheduler needs distributed: pip install "gammaphi[cluster]"') from missing
    for talker in ("distributed.client", "tornado.application"):  # whatever goes wrong is told once, by us
        logging.getLogger(talker).setLevel(logging.CRITICAL)
    try:
        client = Client(address, timeout=PATIENCE, set_as_default=False)
    except (OSError, ValueError) as refused:
        raise ValueError(f"no scheduler answers at {address}") from refused
    with client:
        yield partial(_gathered, client)


def _gathered(client: Any, tasks: Iterable[Task]) -> Iterator[Outcome]:
    from distributed import as_completed  # noqa: PLC0415

    coming = iter(tasks)

    def submit(count: int) -> list[Any]:
        # pure=False: a key of its own for each, since two sweeps may share a scheduler
        return [client.submit(run_task, task, pure=False) for task in islice(coming, count)]

    running = as_completed(submit(ON_CLUSTER), loop=client.loop)
    for future in running:
        yield _fetched(future)
        running.update(submit(1))


def _fetched(future: Any) -> Outcome:
    from distributed import CancelledError, KilledWorker  # noqa: PLC0415

    try:
        return cast("Outcome", future.result())
    except KilledWorker as killed:
        raise ChildProcessError(f"one trial ended several workers, perhaps for want of memory; {SAVED}") from killed
    except (CancelledError, OSError) as lost:
        if future.status == "error":  # it was raised by the worker, and came through
            raise
        raise ChildProcessError(f"the scheduler was lost; {SAVED}") from lost
