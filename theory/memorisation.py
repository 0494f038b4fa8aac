"""The memorisation bound, equations (11) and (27): one statement, for random and for tangent features."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import sympy as sp

from . import interpolation as i
from .claim import Claim, Hypothesis, Prediction, Provenance, Relation, Source, Step, Test, Twin
from .hypotheses import INTERPOLATION
from .setting import Setting
from .statements import ERROR, GAMMA, MEMORISATION, VARIANCE


def memorisation_bound(
    *,
    title: str,
    reading: str,
    anchor: str,
    settings: tuple[Setting, ...],
    hypotheses: tuple[Hypothesis, ...],
    concentration: str,
    remark: str,
    limit_fails: bool = False,
) -> Claim:
    """Return the claim `Cov(f(z_1^s, theta*), g_1) <= gamma sqrt(R) sqrt(Var g_1)` for one kind of features."""
    bound = _slack(
        settings,
        "memorisation slack",
        "covariance of f(z_i^s) and g_i over the training set, less F sqrt(R Var g), F and R of the same trial",
    )
    return Claim(
        title=title,
        reading=reading,
        statement=(MEMORISATION, GAMMA * sp.sqrt(ERROR) * sp.sqrt(VARIANCE)),
        relation=Relation.AT_MOST,
        source=Source(key="sourcetext", anchor=anchor, provenance=Provenance.SOURCE_TEXT),
        hypotheses=(INTERPOLATION, *hypotheses),
        derivation=lambda: _derivation(concentration),
        predictions=(bound,),
        uses=("lemma-4.1", "equation-6", concentration),
        twins=(
            Twin(
                slip="gamma squared",
                statement=(MEMORISATION, GAMMA**2 * sp.sqrt(ERROR) * sp.sqrt(VARIANCE)),
                predictions=(
                    replace(bound, observable="memorisation slack squared gamma", about="the same with gamma^2"),
                ),
            ),
            *((_limit_in_place(bound, settings[:2]),) if limit_fails else ()),
        ),
        definitions=DEFINITIONS,
        remark=remark,
    )


DEFINITIONS = {
    r"\gamma_{\varphi}": "the value around which F(z_1^s, z_1) concentrates at this size: its mean over the trial",
    r"R_{Z_{-1}}": "the generalisation error of the model trained without z_1",
    "z_1^{s}": "[x, y_1] with a fresh x: the resampled query",
    "g_{1}": "the label of z_1",
    **i.DEFINITIONS,
}


def _limit_in_place(bound: Prediction, settings: tuple[Setting, ...]) -> Twin:
    """Return the twin with the constant of Theorem 6.3 for gamma: false while N/d is of order one."""
    return Twin(
        slip="the limit of theorem-6.3 in place of the alignment at this size",
        predictions=(
            replace(
                bound,
                observable="memorisation slack at the limit",
                settings=tuple(replace(setting, n=setting.d) for setting in settings),
                about="the same with gamma_NTK of theorem-6.3, at N = d",
            ),
        ),
    )


def _derivation(concentration: str) -> Iterator[Step]:
    """Isolate the part of the output that depends on g_1, and bound its covariance with g_1."""
    yield Step(
        left=i.u.T * i.fit,
        right=i.u.T * i.fit_without + i.alignment(i.complement) * i.self_stability,
        because="lemma-4.1 at z = z_1^s; f(z, theta*_{-1}) does not depend on g_1, so its covariance with g_1 is 0",
        points=i.instances,
    )
    stability = sp.Symbol("S_{z_1}(z_1)", real=True)
    yield Step(
        left=sp.Symbol(r"\operatorname{Cov}\left(\gamma_{\varphi} S_{z_1}(z_1), g_1\right)", real=True),
        right=GAMMA * sp.sqrt(sp.Symbol(rf"\mathbb{{E}}\left[{stability}^2\right]", nonnegative=True) * VARIANCE),
        because=f"F concentrates to gamma ({concentration}); then Cauchy and Schwarz; equation-6 gives the mean square",
        relation=Relation.AT_MOST,
        grounds=Provenance.KNOWN,
    )


def _slack(settings: tuple[Setting, ...], observable: str, about: str) -> Prediction:
    return Prediction(
        about=about,
        observable=observable,
        test=Test.AT_MOST,
        settings=settings,
        value=lambda _: 0.0,
        resolution=0.02,
        trials=240,
        label="bound",
        role="paper",
    )
