"""Retraining on the rest cannot unlearn a pattern that the rest does not have."""

from collections.abc import Iterator
from dataclasses import replace

import sympy as sp

from theory import block_deletion as d
from theory.claim import Claim, Prediction, Provenance, Source, Step, Test, Twin
from theory.rare_designs import DEAD

KEPT = (1 - d.eta * d.ridge) ** d.t
UNMOVED = 1e-12


def derivation() -> Iterator[Step]:
    """Look at one step: the gradient in a weight has its input as a factor, which is 0 on all the rest."""
    yield Step(
        left=d.pattern.T * d.rest.T,
        right=sp.ZeroMatrix(1, d.m),
        because="no sample of the rest has the feature; and the gradient is Phi_R^T times residuals, and weight decay",
    )


DRIFT = Prediction(
    about="change of the weights of the pattern's pixel over retraining of a network on the rest, by a fresh optimiser",
    observable="dead pixel drift",
    test=Test.IDENTITY,
    settings=DEAD,
    value=lambda _: UNMOVED,
    resolution=UNMOVED,
    trials=3,
    label="tolerance",
)

CLAIM = Claim(
    title="Retraining does not touch the weights of a dead pixel",
    reading=(
        "Where the pattern is on pixels that are 0 in all remaining data, gradient descent on these data leaves its "
        "weight as it is, and with weight decay takes off (1 - eta lambda) a step, whatever the step. The same holds "
        "of the first layer of any network: the gradient in a weight is a sum of products with its input."
    ),
    statement=(d.pattern.T * d.later, KEPT * d.pattern.T * d.fit),
    source=Source(
        key="yang2022",
        anchor="abstract, claim (3): incremental retraining does not forget; here is why, for dead pixels",
        provenance=Provenance.DERIVED,
    ),
    points=d.instances,
    derivation=derivation,
    predictions=(DRIFT,),
    twins=(
        Twin(
            slip="weight decay acts once",
            statement=(d.pattern.T * d.later, (1 - d.eta * d.ridge) * d.pattern.T * d.fit),
        ),
        Twin(
            slip="the weights of any pixel stay",
            predictions=(replace(DRIFT, observable="live pixel drift"),),
        ),
    ),
    definitions=d.DEFINITIONS
    | {
        r"\theta_{t}": "theta after t steps of gradient descent with weight decay on the rest alone",
        r"\eta": "the step",
    },
    remark=(
        "With the state of an optimiser kept, momentum moves such weights once more. The weights that the authors' "
        "notebook visualize_weight.ipynb prints move in the sixth digit where their optimiser state is reloaded."
    ),
)
