"""Every claim comes out as it says, every wrong twin is refused, and neither changes unseen."""

import json
import re
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
import sympy as sp

from numerics.experiment import Effort
from numerics.verification import verify
from reports.formulas import relation_latex
from theory.claim import Claim, Provenance
from theory.evidence import Evidence, Verdict
from theory.judgement import Judgement
from theory.registry import claims

CLAIMS = claims()
TWINS = [(name, twin.slip) for name, claim in CLAIMS.items() for twin in claim.twins]
FALSE = {
    "lemma-4.1-as-printed": Provenance.SOURCE_TEXT,
    "theorem-6.3-as-printed": Provenance.SOURCE_TEXT,
    "dominant-degree": Provenance.SOURCE_TEXT,
    "rare-notebook-score": Provenance.CODE,
    "rare-notebook-spread": Provenance.CODE,
    "contamination-nonlinear-core": Provenance.DERIVED,
}
"""The statements that are here to be seen refused, and who says them."""
GOLDEN = Path(__file__).resolve().parents[1] / "golden" / "claims.json"
HOW = "python -m pytest tests/contracts --regenerate"
SEED = 0


@pytest.fixture(scope="module")
def judged() -> dict[str, Judgement]:
    """Judge all claims once, at quick effort."""
    return {judgement.id: judgement for judgement in verify([], seed=SEED, effort=Effort.QUICK)}


def sides(claim: Claim) -> Iterator[sp.Basic]:
    """Yield every expression that a claim states: its own sides, those of its steps and of its twins."""
    yield from claim.statement
    for step in claim.derivation():
        yield from (step.left, step.right)
    for twin in claim.twins:
        yield from twin.statement or ()


def entry(judgement: Judgement) -> dict[str, str]:
    """Return what the golden file holds of one claim."""
    claim = judgement.claim
    return {
        "statement": relation_latex(claim.statement[0], claim.relation, claim.statement[1]),
        "source": str(claim.source),
        "expected": judgement.expected,
        "verdict": judgement.verdict.name,
    }


def text(judged: dict[str, Judgement]) -> str:
    """Return the golden file that belongs to `judged`."""
    document = {
        "made by": HOW,
        "effort": Effort.QUICK.value,
        "seed": SEED,
        "claims": {name: entry(judged[name]) for name in sorted(judged)},
    }
    return json.dumps(document, indent=2, ensure_ascii=False) + "\n"


@pytest.mark.parametrize("name", CLAIMS)
def test_a_claim_comes_out_as_expected(judged, name):
    judgement = judged[name]
    expected = {"holds": judgement.verdict.holds, "refuted": judgement.verdict is Verdict.REFUTED}
    assert expected[judgement.expected], [(e.verdict.name, e.finding) for e in judgement.evidence]


@pytest.mark.parametrize(("name", "slip"), TWINS, ids=[f"{name}: {slip}" for name, slip in TWINS])
def test_a_wrong_twin_is_refused(judged, name, slip):
    (twin,) = [t for t in judged[name].twins if t.twin.slip == slip]
    assert twin.killed, [(e.verdict.name, e.finding) for e in twin.evidence]


@pytest.mark.parametrize("name", CLAIMS)
def test_every_judged_step_of_a_derivation_holds(judged, name):
    steps = judged[name].steps
    assert [s.evidence.finding for s in steps if s.evidence is not None and not s.evidence.verdict.holds] == []
    assert judged[name].verdict <= min((s.evidence.verdict for s in steps if s.evidence), default=5)


def test_the_projector_as_printed_is_refuted_exactly_and_by_refits(judged):
    exact, refits = judged["lemma-4.1-as-printed"].evidence
    assert exact.verdict is refits.verdict is Verdict.REFUTED
    assert "different rational matrices" in exact.finding
    assert min(curve(refits, "sampled")) > 0.1  # the bound is 1e-10


def test_more_samples_than_dimensions_are_seen_not_to_give_the_constant_of_theorem_6_3(judged):
    (evidence,) = judged["theorem-6.3-as-printed"].evidence
    estimate, stated = map(float, re.search(r": ([\d.]+) \S+ [\d.]+ against = ([\d.]+)", evidence.finding).groups())
    law = next(c.y for c in evidence.picture.curves if "law" in c.label)
    assert evidence.verdict is Verdict.REFUTED
    assert stated == 0.25
    assert law == pytest.approx([0.30810203] * 4, abs=1e-8)
    assert abs(estimate - law[0]) < 0.01  # against a distance of .058 between the two


def curve(evidence: Evidence, label: str) -> tuple[float, ...]:
    """Return the values of one curve of the picture."""
    return next(c.y for c in evidence.picture.curves if c.label == label)


def test_the_golden_file_is_what_is_produced(judged, regenerate):
    produced = text(judged)
    if regenerate:
        GOLDEN.parent.mkdir(exist_ok=True)
        GOLDEN.write_text(produced)
    assert GOLDEN.read_text() == produced, f"review the change, then: {HOW}"


def test_a_changed_statement_or_verdict_would_change_the_golden_file(judged):
    name, other = "mehler", "price"
    judgement = judged[name]
    lowered = replace(judgement, verdict=Verdict.SAMPLED)
    reworded = replace(judgement, claim=replace(judgement.claim, statement=CLAIMS[other].statement))
    texts = {text(judged | {name: j}) for j in (judgement, lowered, reworded)}
    assert len(texts) == 3


def test_the_golden_file_holds_every_claim_and_no_other():
    assert list(json.loads(GOLDEN.read_text())["claims"]) == sorted(CLAIMS)


@pytest.mark.parametrize("name", CLAIMS)
def test_a_claim_says_where_it_comes_from(name):
    source = CLAIMS[name].source
    assert source.key
    assert source.anchor
    assert source.provenance is FALSE.get(name, source.provenance)


def test_only_these_are_expected_to_be_refuted():
    assert {name for name, claim in CLAIMS.items() if claim.expected is Verdict.REFUTED} == set(FALSE)


@pytest.mark.parametrize("name", CLAIMS)
def test_a_claim_states_exact_numbers(name):
    assert [side for side in sides(CLAIMS[name]) if side.atoms(sp.Float)] == []


def test_a_float_in_a_statement_is_seen():
    stated = replace(CLAIMS["mehler"], statement=(sp.Symbol("a"), sp.Float("0.5") * sp.Symbol("b")))
    assert [side for side in sides(stated) if side.atoms(sp.Float)]


@pytest.mark.parametrize("name", CLAIMS)
def test_every_step_gives_its_reason(name):
    assert [step for step in CLAIMS[name].derivation() if not step.because.strip()] == []
    assert CLAIMS[name].reading.strip()


def cut_by_sympy(name: str) -> bool:
    """Say whether SymPy takes a name such as `F(z_1^s, z_1)` for a letter with indices: braces stop it."""
    return "(" in name and bool(re.search("[_^]", name)) and "{" not in name


@pytest.mark.parametrize("name", CLAIMS)
def test_a_name_is_printed_as_it_is_written(name):
    named = {symbol.name for side in CLAIMS[name].statement for symbol in side.atoms(sp.Symbol, sp.MatrixSymbol)}
    assert not list(filter(cut_by_sympy, named))


def test_a_name_that_would_be_cut_is_seen():
    assert cut_by_sympy("F(z_1^s, z_1)")
    assert not cut_by_sympy("{F(z_1^s, z_1)}")
    assert not cut_by_sympy("lambda_max")


def idle(steps):
    """Return the steps that say that an expression is itself."""
    return [step for step in steps if step.left == step.right]


@pytest.mark.parametrize("name", CLAIMS)
def test_a_step_says_something(name):
    assert not idle(CLAIMS[name].derivation())


def test_a_step_that_says_nothing_is_seen():
    first, *others = CLAIMS["mehler"].derivation()
    assert idle([replace(first, right=first.left), *others])
