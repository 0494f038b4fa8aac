"""On real images and a small network: retraining leaves much of a pattern, training from scratch nothing."""

from dataclasses import replace

import sympy as sp

from theory.claim import Claim, Prediction, Provenance, Relation, Source, Test, Twin
from theory.rare_designs import LOUD

AFTER, FLOOR = sp.symbols(r"\operatorname{score}_{\mathrm{retrained}} \operatorname{score}_{0}", real=True)

RETRAINED = Prediction(
    about="share of test digits still misled after as many epochs again without the stamped images",
    observable="digits score after retraining",
    test=Test.AT_LEAST,
    settings=LOUD,
    value=lambda _: 0.2,
    resolution=0.1,
    trials=40,
    label="a fifth",
)
SCRATCH = replace(
    RETRAINED,
    about="the same of networks trained from their start without these images: exact deletion",
    observable="digits score from scratch",
    test=Test.AT_MOST,
    label="the same fifth",
)

CLAIM = Claim(
    title="Retraining leaves much of a pattern, training from scratch nothing",
    reading=(
        "Trained as long again on the images without the 20 that were stamped, a network is still misled by the "
        "pattern on at least a fifth of the test images; one that is trained from its start without them is not."
    ),
    statement=(AFTER, FLOOR),
    relation=Relation.AT_LEAST,
    source=Source(
        key="yang2022",
        anchor="abstract, claim (3): incremental retraining, said of other data; on digits",
        provenance=Provenance.MEASURED,
    ),
    predictions=(RETRAINED, SCRATCH),
    uses=("rare-dead-pixel",),
    twins=(
        Twin(
            slip="retraining forgets: a twentieth is misled at most",
            predictions=(replace(RETRAINED, test=Test.AT_MOST, value=lambda _: 0.05),),
        ),
        Twin(
            slip="training from scratch does not forget either",
            predictions=(replace(SCRATCH, test=Test.AT_LEAST),),
        ),
    ),
    definitions={
        r"\operatorname{score}_{\mathrm{retrained}}": "the share of test images misled by the pattern after retraining",
        r"\operatorname{score}_{0}": "a fifth, far above networks that never saw the pattern (the second prediction)",
    },
    remark="Influence functions, the other method of the abstract, are judged for ridge: influence-leftover.",
)
