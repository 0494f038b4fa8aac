"""Leaving one sample out moves the output everywhere in proportion to the feature alignment."""

from collections.abc import Iterator

import sympy as sp

from theory import interpolation as i
from theory.activations import RELU, TANH
from theory.claim import Claim, Prediction, Provenance, Source, Step, Test, Twin
from theory.hypotheses import INTERPOLATION
from theory.setting import Kernel, Query, Setting

TOLERANCE = 1e-10
"""Relative; refits of condition below 1e4 in double precision leave four digits to spare."""


def _instance(kernel: Kernel, data: str, query: Query) -> Setting:
    d, d_y = (144, 80) if data == "digits" else (30, 12)
    activation = RELU if query is Query.RESAMPLE else TANH
    return Setting(
        kernel=kernel,
        activation=activation,
        d=d,
        d_y=d_y,
        n=40,
        width=300 if kernel is Kernel.RF else 20,
        data=data,
        query=query,
    )


INSTANCES = tuple(
    _instance(kernel, data, query)
    for kernel in (Kernel.RF, Kernel.NTK)
    for data in ("sphere", "gaussian", "digits")
    for query in Query
)


def derivation() -> Iterator[Step]:
    """Show that the change of the parameters points along the complement, and measure its length at z_1."""
    direction = i.complement * i.v * (i.v.T * i.complement * i.v).inv()
    yield Step(
        left=i.others * i.shift,
        right=sp.ZeroMatrix(i.n - 1, 1),
        because="both fits interpolate the other samples, so their difference vanishes on them",
    )
    yield Step(
        left=i.complement * i.shift,
        right=i.shift,
        because="a vector that vanishes on the other samples lies in the orthogonal complement of their span",
    )
    yield Step(
        left=i.shift,
        right=direction * i.self_stability,
        because="both fits move from theta_0 within the span of their samples, so the shift is along Q varphi(z_1)",
    )
    yield Step(
        left=i.stability,
        right=i.alignment(i.complement) * i.self_stability,
        because="multiply by varphi(z)^T",
    )


CLAIM = Claim(
    title="Lemma 4.1: stability is alignment times self-stability",
    reading=(
        "Leaving z_1 out of the training set changes the output at any z by F(z, z_1) times the change at z_1 itself; "
        "F uses the projector onto the orthogonal complement of the other samples' features."
    ),
    statement=(i.stability, i.alignment(i.complement) * i.self_stability),
    source=Source(
        key="bombari2024", anchor="Lemma 4.1, with the projector of erratum E1 put right", provenance=Provenance.DERIVED
    ),
    hypotheses=(INTERPOLATION,),
    points=i.instances,
    derivation=derivation,
    predictions=(
        Prediction(
            about="explicit refits against one Cholesky factorisation: RF and NTK, sphere, Gaussian and digits",
            observable="lemma error",
            test=Test.IDENTITY,
            settings=INSTANCES,
            value=lambda _: TOLERANCE,
            resolution=TOLERANCE,
            trials=2,
            label="tolerance",
        ),
    ),
    twins=(
        Twin(
            slip="the projector onto the span in place of its complement",
            statement=(i.stability, i.alignment(i.span) * i.self_stability),
        ),
        Twin(
            slip="98/97 times the alignment",
            statement=(i.stability, sp.Rational(98, 97) * i.alignment(i.complement) * i.self_stability),
        ),
    ),
    definitions=i.DEFINITIONS,
)
