"""What is not as in the paper: two sweeps compared, the one that was run and the one that was the paper's."""

from __future__ import annotations

from numerics.images import images_of
from numerics.sweep import Sweep, setting_of
from theory.setting import Query, Setting

PAPERS_N = "10 to 10000"
"""Of curves along N.  The sweep of CIFAR-10 cannot say it: its training files have too few cats and ships."""
DATA = {"sphere": "x and y uniform on spheres", "gaussian": "Gaussian", "mnist": "MNIST", "cifar10": "CIFAR-10"}
QUERIES = {Query.RESAMPLE: "a fresh x", Query.ZERO: "x = 0"}


def differences(ours: Sweep, papers: Sweep) -> tuple[str, ...]:
    """Return a line for each number or word in which a sweep is not the paper's."""
    theirs = facts(papers)
    if "alpha" in theirs:
        theirs["N"] = PAPERS_N
    return tuple(
        f"{name}: {what}, where the paper has {theirs.get(name, 'none')}"
        for name, what in facts(ours).items()
        if what != theirs.get(name)
    )


def facts(sweep: Sweep) -> dict[str, str]:
    """Return what there is to say of a sweep: how it is computed, and from which seed, is no setting of a paper.

    Nor is it known at which N or alpha the points of the paper lie, but only from where to where they go along N.
    """
    settings = [setting_of(cell) for cell in sweep.cells]
    first = settings[0]
    images = images_of(first.data)
    data = first.data.partition(":")[0]
    neurons = {f"neurons ({one.kernel.upper()})": str(one.width or "infinitely many") for one in settings}
    sizes, alphas = (sorted({getattr(one, axis) for one in settings}) for axis in ("n", "alpha"))
    along_n = {"alpha": ", ".join(f"{float(alpha):.2g}" for alpha in alphas)} if len(sizes) > 1 else {}
    return {
        "data": DATA.get(data, data),
        **({"dimensions": f"d = {first.d}"} if images is None else _of_images(first)),
        **neurons,
        "activations": ", ".join(dict.fromkeys(one.activation.name for one in settings)),
        **along_n,
        "N": f"{sizes[0]} to {sizes[-1]}" if along_n else str(sizes[0]),
        "query": QUERIES[first.query],
        "trials": str(sweep.trials),
        **({"test points": str(sweep.tests)} if images is None else {}),  # of images it is all that are left over
    }


def _of_images(setting: Setting) -> dict[str, str]:
    return {"image": f"{setting.d - setting.d_y} values", "border": f"{setting.d_y} values"}
