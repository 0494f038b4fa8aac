"""Synthetic judgements, one for each way in which a claim can come out, and the layers below replaced by them."""

import sys
from fractions import Fraction
from types import SimpleNamespace

import pytest
import sympy as sp

from theory.activations import RELU
from theory.claim import Claim, Hypothesis, Provenance, Relation, Source, Status, Step, Twin
from theory.evidence import Curve, Evidence, Picture, Verdict
from theory.judgement import HypothesisFinding, Judgement, StepFinding, TwinFinding
from theory.portrait import Certified, Formula, HermiteRow, Portrait
from theory.symbols import alpha, ell, rho, x

HOSTILE = '<script>alert("x")</script> & \'"'


def evidence(verdict, *, about="both sides", picture=None):
    return Evidence(
        about=about,
        method="exact arithmetic, then 40 digits",
        finding="largest difference 0",
        verdict=verdict,
        points=0 if verdict is Verdict.UNDECIDED else 12,
        seed="seed 0, trials 0 to 11",
        picture=picture,
    )


def picture(title="Alignment against sample size", label="sampled"):
    sizes = (0.5, 1.0, 2.0, 4.0, 8.0, 16.0)
    law = (0.2865, 0.2710, 0.2544, 0.2420, 0.2351, 0.2302)
    return Picture(
        title=title,
        x_label="N / d" if label == "sampled" else label,
        y_label="alignment" if label == "sampled" else label,
        curves=(
            Curve(label=label, x=sizes, y=tuple(v + 0.001 for v in law), error=(0.004,) * 6),
            Curve(label="predicted", role="law", x=sizes, y=law),
            Curve(label="Theorem 6.3", role="paper", x=sizes, y=(0.225,) * 6),
            Curve(label="degrees from 3", role="rival", x=sizes, y=(0.21,) * 6),
        ),
        log_x=True,
    )


def claim(**changes):
    mu = sp.Function("mu")
    gamma = sp.Sum(mu(ell) ** 2 * alpha**ell, (ell, 2, sp.oo)) / sp.Sum(mu(ell) ** 2, (ell, 1, sp.oo))
    fields = {
        "title": "Dual activation of erf",
        "reading": "The dual of `erf` is an arcsine of $\\rho$.",
        "statement": (sp.Function("kappa")(rho), 2 * sp.asin(2 * rho / 3) / sp.pi),
        "source": Source(key="williams1997", anchor="equation (10)", provenance=Provenance.KNOWN),
        "points": lambda: iter([{rho: sp.Rational(1, 3)}]),
        "twins": (
            Twin(slip="98/97 of the right side", statement=(sp.Function("kappa")(rho), sp.asin(rho))),
            Twin(slip="the arcsine of half the argument", statement=(sp.Function("kappa")(rho), sp.asin(rho / 2))),
        ),
        "definitions": {r"\kappa(\rho)": "dual activation", r"\gamma_{\mathrm{RF}}": "limit of the alignment"},
        "hypotheses": (
            Hypothesis(text="$|\\rho| \\leq 1$", examine=lambda _: (Status.HOLDS, "")),
            Hypothesis(text="`N > d`", examine=lambda _: (Status.VIOLATED, "")),
            Hypothesis(text="N log^3 N = o(k)", examine=lambda _: (Status.ASYMPTOTIC, "")),
        ),
        "derivation": lambda: iter(
            [
                Step(
                    left=sp.Function("kappa")(rho).diff(rho),
                    right=sp.Integral(4 / (sp.pi * sp.sqrt(9 - 4 * x**2)), (x, 0, rho)).diff(rho),
                    because="Price's theorem",
                ),
                Step(
                    left=sp.Integral(4 / (sp.pi * sp.sqrt(9 - 4 * x**2)), (x, 0, rho)).diff(rho),
                    right=gamma,
                    because="a known result",
                    grounds=Provenance.KNOWN,
                    relation=Relation.AT_MOST,
                ),
                Step(
                    left=sp.Max(x, 0),
                    right=sp.Piecewise((x, x > 0), (0, True)),
                    because="the replica trick",
                    grounds=Provenance.HEURISTIC,
                ),
            ]
        ),
    } | changes
    return Claim(**fields)


def judged(name, verdict, *, twin=Verdict.REFUTED, drawn=None, **changes):
    stated = claim(**changes)
    statuses = [HypothesisFinding(hypothesis=h, status=h.examine(None)[0], figure="N/d = 3") for h in stated.hypotheses]
    steps = [
        StepFinding(step=s, evidence=evidence(Verdict.EXACT) if s.grounds is Provenance.DERIVED else None)
        for s in stated.derivation()
    ]
    return Judgement(
        id=name,
        claim=stated,
        verdict=verdict,
        hypotheses=tuple(statuses),
        steps=tuple(steps),
        evidence=(evidence(Verdict.EXACT, about="a first check"), evidence(verdict, picture=drawn)),
        twins=tuple(TwinFinding(twin=t, evidence=(evidence(twin),)) for t in stated.twins),
    )


def misprint(name="e1_projector", verdict=Verdict.REFUTED):
    return judged(
        name,
        verdict,
        title="Lemma 4.1 with the projector as printed",
        source=Source(key="page", anchor="Lemma 4.1", provenance=Provenance.SOURCE_TEXT),
        expected=Verdict.REFUTED,
        remark="The complement is meant.",
        twins=(),
    )


@pytest.fixture
def exact():
    return judged("erf_dual", Verdict.EXACT)


@pytest.fixture
def refuted():
    return misprint()


@pytest.fixture
def failed():
    return judged("broken", Verdict.REFUTED, title="A statement that was to hold")


@pytest.fixture
def undecided():
    return judged("open", Verdict.UNDECIDED, title="A statement too weakly checked", uses=("erf_dual", "elsewhere"))


@pytest.fixture
def survivor():
    return judged("blind", Verdict.EXACT, twin=Verdict.NUMERIC)


@pytest.fixture
def sampled():
    return judged("law", Verdict.SAMPLED, title="The law at any size", drawn=picture(), uses=("erf_dual",))


@pytest.fixture
def hostile():
    return judged(
        HOSTILE,
        Verdict.SAMPLED,
        title=HOSTILE,
        source=Source(key=HOSTILE, anchor=HOSTILE, provenance=Provenance.PAPER),
        definitions={HOSTILE: HOSTILE},
        uses=(HOSTILE, f"{HOSTILE}2"),
        reading=f"{HOSTILE} `{HOSTILE}` $\\text{{{HOSTILE}}}$",
        remark=HOSTILE,
        drawn=picture(HOSTILE, HOSTILE),
        statement=(sp.Symbol("<script>"), sp.Symbol(r"\href{javascript:alert(1)}{x}")),
    )


@pytest.fixture
def every(request):
    names = ("exact", "refuted", "failed", "undecided", "survivor", "sampled", "hostile")
    return [request.getfixturevalue(name) for name in names]


@pytest.fixture
def portrait():
    certified = Certified(value="0.398942280401432677939946059934", radius="1e-30", verdict=Verdict.ENCLOSED)
    return Portrait(
        activation=RELU,
        hermite=(
            HermiteRow(degree=0, value=certified, closed_form=1 / sp.sqrt(2 * sp.pi)),
            HermiteRow(degree=3, value=certified, closed_form=None),
            HermiteRow(degree=5, value=certified, closed_form=sp.Integer(0)),
        ),
        dual=Formula(meaning="E[phi(u) phi(v)]", expr=(sp.sqrt(1 - rho**2) + rho * (sp.pi - sp.acos(rho))) / 2 / sp.pi),
        degrees=None,
        formulas={
            "gamma_ntk": Formula(meaning="Theorem 6.3", expr=2 * alpha * sp.asin(alpha) / sp.pi),
            "gamma_rf_lower": Formula(meaning="Theorem 5.4", expr=None, note="the series is the answer"),
            "gamma_rf_upper": Formula(meaning="small N / d", expr=alpha),
        },
        at={Fraction(1, 4): {"gamma_ntk": certified, "gamma_rf_lower": certified, "gamma_rf_upper": certified}},
    )


@pytest.fixture
def lower(monkeypatch, exact, refuted, portrait):
    """Replace the layers below: what they were asked lies in `asked`, what they answer can be set."""
    below = SimpleNamespace(judgements=[exact, refuted], asked={}, portrait=portrait, residual=1e-12, error_bound=1e-11)

    def verify(names, **how):
        below.asked = {"names": names, **how}
        if "nowhere" in names:
            raise ValueError("no claim is called 'nowhere';\ndid you mean 'law'?")
        sys.stdout.write("a claim that prints")
        return below.judgements

    def find_activation(text, extra):
        below.asked = {"text": text, "extra": extra}
        if text == "relo":
            raise ValueError("no activation is called 'relo'; did you mean 'relu'?")
        return RELU

    def draw(activation, at, **how):
        below.asked |= {"activation": activation, "at": at, **how}
        return below.portrait

    numbers = {"gamma": 0.25, "sd": 0.1, "test_accuracy": 0.9, "spurious_accuracy": float("nan"), "test_mse": 0.2}
    numbers |= {f"{key}_se": 0.01 for key in tuple(numbers)}
    numbers |= {"training_residual": 1e-12, "smallest_eigenvalue": 0.5, "condition": 9.0, "trials": 20}
    numbers |= {"precision": "double", "precision_error": 0.0, "error_bound": 1e-11}

    def measure(setting, *, trials, seed, tests, engine):
        below.asked = {"setting": setting, "trials": trials, "seed": seed, "tests": tests, "engine": engine}
        return SimpleNamespace(
            to_dict=lambda: numbers,
            worst_training_residual=below.residual,
            error_bound=below.error_bound,
            blurred=below.error_bound > 1e-2,
            worst_condition=9.0,
        )

    registry = SimpleNamespace(
        claims=lambda _: {j.id: j.claim for j in below.judgements},
        activations=lambda _: {"relu": RELU},
        find_activation=find_activation,
        find_claim=lambda name, _: {j.id: j.claim for j in below.judgements}[name],
        chosen=lambda names, _: tuple({j.id: j.claim for j in below.judgements}[name] and name for name in names),
    )
    monkeypatch.setitem(sys.modules, "theory.registry", registry)
    monkeypatch.setattr("theory.portrait.portrait", draw)
    monkeypatch.setitem(sys.modules, "numerics.verification", SimpleNamespace(verify=verify))
    monkeypatch.setitem(sys.modules, "numerics.measurement", SimpleNamespace(measure=measure))
    return below
