"""A wide linear network follows the kernel L <x, x'>, and so the spectrum of the clusters."""

from dataclasses import replace
from fractions import Fraction

import sympy as sp

from theory.claim import Claim, Prediction, Provenance, Relation, Source, Test, Twin
from theory.cluster_scenes import NetworkScene

NETWORK, FLOW = sp.Symbol(r"{f_{t,k}(x)}", real=True), sp.Symbol(r"{f_{t}(x)}", real=True)
MODEL = NetworkScene(
    core=Fraction(1), shortcut=Fraction(1), agreement=Fraction(9, 10), noise=Fraction(1), d=10, n=80, width=128
)
WIDTHS = tuple(replace(MODEL, width=width) for width in (128, 512, 2048))
DEPTHS = tuple(replace(MODEL, width=400, depth=depth) for depth in (2, 3, 4))

DISTANCE = Prediction(
    about="how far two layers ever are from the flow of 2 <x, x'>, as the width grows",
    observable="distance from the kernel flow",
    test=Test.LIMIT,
    settings=WIDTHS,
    value=lambda _: 0.0,
    resolution=0.02,
    trials=48,
    rate=0.5,
    size=lambda scene: float(scene.width),
    size_label="width",
    label="0",
)
RATIO = Prediction(
    about="the tangent kernel of two, three and four layers over <x, x'>",
    observable="tangent kernel ratio",
    test=Test.EQUAL,
    settings=DEPTHS,
    value=lambda scene: float(scene.depth),
    resolution=0.4,
    trials=64,
    label="number of layers",
)

CLAIM = Claim(
    title="A wide linear network learns as its kernel does",
    reading=(
        "In the scaling of the tangent kernel, with weights of variance one, the mean kernel of a linear network of L "
        "layers is L <x, x'> at any width, and two layers of k neurons are trained as this kernel is, up to a "
        "distance of order 1 / sqrt(k): the eigenfunctions of shortcut-spectrum are those of the network."
    ),
    statement=(NETWORK, FLOW),
    relation=Relation.TENDS_TO,
    source=Source(
        key="jacot2018", anchor="constancy of the tangent kernel, for linear networks", provenance=Provenance.KNOWN
    ),
    predictions=(DISTANCE, RATIO),
    uses=("shortcut-predictor",),
    twins=(
        Twin(
            slip="the kernel of one layer",
            predictions=(replace(DISTANCE, observable="distance from the flow of one layer"),),
        ),
        Twin(
            slip="the layers above the first have no kernel of their own",
            predictions=(replace(RATIO, value=lambda _: 1.0, role="rival"),),
        ),
    ),
    definitions={
        "{f_{t,k}(x)}": "the output at time t of a linear network with two layers of k neurons",
        "{f_{t}(x)}": "that of the flow of the kernel 2 <x, x'>",
    },
    remark=(
        "Two copies with opposite signs are trained, so that the output starts at zero; their kernel is that of one. "
        "That the distance falls like 1 / sqrt(k) is seen in the fit, at one size of data, and not proved."
    ),
)
