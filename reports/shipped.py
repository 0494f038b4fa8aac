"""The sweeps that the package brings: the paper's experiments, each at its own size and at a smaller one."""

from __future__ import annotations

from dataclasses import dataclass, replace
from pathlib import Path

from numerics.sweep import Sweep
from numerics.sweep_spec import read

FOLDER = Path(__file__).parent / "experiments"
IMAGES = ("digits", "mnist", "cifar10")


@dataclass(frozen=True, kw_only=True)
class Experiment:
    """A figure of the paper: what it is called, the sweep that is run for it, and the sweep that was the paper's."""

    title: str
    name: str
    paper: str
    data: str | None = None
    """In place of what the file says of its data."""

    def sweep(self, *, seed: int) -> Sweep:
        """Return what is run; ValueError, in one line, where it cannot be."""
        return replace(read(FOLDER / f"{self.name}.toml", data=self.data), seed=seed)

    def of_paper(self) -> Sweep:
        """Return the settings of the paper, of whose images no file is needed."""
        return read(FOLDER / f"{self.paper}.toml", tried=False)


def names() -> tuple[str, ...]:
    """Return what there is."""
    return tuple(sorted(path.stem for path in FOLDER.glob("*.toml")))


def find(spec: Path) -> Path:
    """Return the file `spec`, or where there is none the one of the package that has this name."""
    if spec.is_file():
        return spec
    if str(spec) in names():
        return FOLDER / f"{spec}.toml"
    raise ValueError(f"{spec}: there is no such file, and no experiment of this name; there are {', '.join(names())}")


def synthetic(*, full: bool) -> tuple[Experiment, ...]:
    """Return the figures of synthetic data, at the paper's size or at the smaller one."""
    titles = {
        "figure-2": "The paper's Figure 2: random features",
        "figure-6": "The paper's Figure 6: tangent features",
        "figure-7": "The paper's Figure 7: ReLU",
    }
    return tuple(
        Experiment(title=title, name=f"{name}-full" if full else name, paper=f"{name}-full")
        for name, title in titles.items()
    )


def images(data: str, *, full: bool) -> Experiment:
    """Return the figures of images: digits in place of MNIST, or MNIST and CIFAR-10 from the user's own files.

    Raises ValueError for other data.
    """
    kind = data.partition(":")[0]
    if kind not in IMAGES or (data == kind) != (kind == "digits"):
        raise ValueError(f"--images {data}: one of digits, mnist:DIR, cifar10:DIR is wanted")
    paper = f"images-{'cifar10' if kind == 'cifar10' else 'mnist'}-full"
    own = full and kind != "digits"  # which are too few to have a second size
    return Experiment(
        title="The paper's Figures 2 and 6: images", name=paper if own else f"images-{kind}", paper=paper, data=data
    )
