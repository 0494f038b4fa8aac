"""What is found is what was put there; what cannot be is refused in one line."""

import pytest

from theory import registry
from theory.activations import ALIASES, CATALOGUE, RELU
from theory.registry import activations, chosen, claims, find_activation, find_claim, identifier, own_claims
from theory.symbols import x

CLAIM = """
from theory.claim import Claim, Provenance, Source, Twin
from theory.symbols import alpha

CLAIM = Claim(
    title="one", reading="one", statement=(alpha, alpha + 1), uses={uses},
    source=Source(key="bombari2024", anchor="nowhere", provenance=Provenance.DERIVED),
    points=lambda: iter([{{alpha: 1}}]), twins=(Twin(slip="two", statement=(alpha, alpha + 2)),),
)
"""
ACTIVATION = """
from theory.activations import Activation
from theory.symbols import x

ACTIVATION = Activation(name="{name}", expr=x**2)
"""


@pytest.fixture
def folder(tmp_path):
    def make(**files):
        for stem, text in files.items():
            (tmp_path / f"{stem}.py").write_text(text)
        return tmp_path

    return make


def refused(function, folder):
    """Return the one line with which `function` refuses `folder`."""
    with pytest.raises(ValueError, match=r".") as refusal:
        function(folder)
    assert "\n" not in str(refusal.value)
    return str(refusal.value)


@pytest.mark.parametrize(
    ("stem", "expected"),
    [
        ("lemma_4_1_as_printed", "lemma-4.1-as-printed"),
        ("equation_11", "equation-11"),
        ("theorem_6_3", "theorem-6.3"),
        ("mehler", "mehler"),
        ("a_1_2_3", "a-1.2.3"),
        ("h2_norm", "h2-norm"),
    ],
)
def test_the_stem_of_a_file_is_its_identifier(stem, expected):
    assert identifier(stem) == expected


def test_a_claim_stands_after_those_it_uses():
    order = list(claims())
    assert order
    assert [(n, u) for n, c in claims().items() for u in c.uses if order.index(u) > order.index(n)] == []


def test_a_file_of_ones_own_joins_ours(folder):
    place = folder(my_claim_1_2=CLAIM.format(uses=("mehler",)), neither="x = 1")
    assert set(claims(place)) - set(claims()) == {"my-claim-1.2"}
    assert find_claim("my-claim-1.2", place).title == "one"


def test_one_file_may_hold_several_claims(folder):
    place = folder(mine=CLAIM.format(uses=("second", "mehler")) + "CLAIMS = {'second': CLAIM2, 'mine.3': CLAIM2}")
    text = (place / "mine.py").read_text()
    (place / "mine.py").write_text(CLAIM.format(uses=()).replace("CLAIM = ", "CLAIM2 = ") + text)
    assert list(own_claims(place / "mine.py")) == ["second", "mine", "mine.3"]
    assert set(claims(place)) - set(claims()) == {"mine", "second", "mine.3"}


def test_a_file_without_a_claim_is_refused_where_claims_are_asked_for(folder):
    assert "holds no claim: a .py file exposes" in refused(own_claims, folder(bent=ACTIVATION.format(name="bent")))


def test_a_file_is_run_once(folder):
    place = folder(bent=ACTIVATION.format(name="bent"))
    assert activations(place)["bent"] is activations(place)["bent"]


@pytest.mark.parametrize(
    ("files", "line"),
    [
        ({"mehler": CLAIM.format(uses=())}, "two claims are called mehler"),
        ({"a": CLAIM.format(uses=("nowhere",))}, "a uses 'nowhere', which is no claim"),
        ({"a": CLAIM.format(uses=("a",))}, "claims use each other in a circle: a -> a"),
        (
            {"a": CLAIM.format(uses=("b",)), "b": CLAIM.format(uses=("c",)), "c": CLAIM.format(uses=("a",))},
            "claims use each other in a circle: a -> b -> c -> a",
        ),
        ({"a": "CLAIM = 1"}, "a: CLAIM is a int, not a Claim"),
        ({"a": "CLAIMS = [1]"}, "a: CLAIMS is a list, not a dictionary from identifiers to claims"),
        ({"a": "CLAIMS = {'one': 1}"}, "a: CLAIMS['one'] is a int, not a Claim"),
        ({"a": "CLAIMS = {'one two': 1}"}, "a: CLAIMS names 'one two'; an identifier has letters, digits"),
        ({"one": CLAIM.format(uses=()) + "CLAIMS = {'one': CLAIM}"}, "two claims are called one"),
        ({"a": "1/0"}, "a.py does not run: ZeroDivisionError: division by zero"),
        ({"a": "import nothing_of_the_kind"}, "a.py does not run: ModuleNotFoundError"),
        ({"a": "def f(:"}, "a.py does not run: SyntaxError"),
        ({"a": "raise ValueError('two\\nlines')"}, "a.py does not run: ValueError: two lines"),
        ({"a": "raise SystemExit(0)"}, "a.py does not run: ValueError: a.py: it ends the program while it is read"),
        ({"mehIer": CLAIM.format(uses=())}, "mehIer reads like mehler; give the claim a name of its own"),
        ({"Lemma_4_1": CLAIM.format(uses=())}, "Lemma-4.1 reads like lemma-4.1; give the claim a name of its own"),
        (
            {"a b": CLAIM.format(uses=())},
            "'a b' names a claim; the name of its file has letters, digits and _ . - only",
        ),
        (
            {"a": CLAIM.format(uses=()) + "class Mine(Claim): pass\nCLAIM = Mine(**vars(CLAIM))"},
            "a: CLAIM is a Mine, not a Claim",
        ),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_a_claim_that_cannot_stand_is_refused(folder, files, line):
    assert refused(claims, folder(**files)).startswith(line)


@pytest.mark.parametrize(
    ("files", "line"),
    [
        ({"a": ACTIVATION.format(name="relu")}, "two activations are called relu"),
        (
            {"a": ACTIVATION.format(name="bent"), "b": ACTIVATION.format(name="bent")},
            "two activations are called bent",
        ),
        ({"a": "ACTIVATION = 'x'"}, "a: ACTIVATION is a str, not an Activation"),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_an_activation_that_cannot_stand_is_refused(folder, files, line):
    assert refused(activations, folder(**files)) == line


def test_a_folder_that_is_none_is_refused(tmp_path):
    (tmp_path / "own.txt").write_text("")
    for name in ("nowhere", "nowhere.py", "nowhere.toml", "own.txt"):
        assert refused(claims, tmp_path / name).endswith("is neither a folder nor a .py or .toml file")
        assert refused(activations, tmp_path / name).endswith("is neither a folder nor a .py or .toml file")


def test_one_file_alone_is_enough(folder):
    place = folder(bent=ACTIVATION.format(name="bent"), flat=ACTIVATION.format(name="flat"))
    (place / "own.toml").write_text('[activations]\nsoft = "softplus(x, 5)"\n')
    own = {path: set(activations(path)) - set(activations()) for path in (place / "bent.py", place / "own.toml", place)}
    assert list(own.values()) == [{"bent"}, {"soft"}, {"bent", "flat", "soft"}]
    assert claims(place / "own.toml") == claims()


def test_a_name_taken_by_two_files_is_refused(folder):
    place = folder(bent=ACTIVATION.format(name="bent"))
    (place / "own.toml").write_text('[activations]\nbent = "x**2"\n')
    assert refused(activations, place) == "two activations are called bent"


def test_a_pattern_names_several_claims_in_the_order_they_rest_on_each_other():
    assert set(chosen(["theorem-?.?"])) == {"theorem-5.4", "theorem-6.3"}
    assert chosen([]) == tuple(claims())
    assert chosen(["lemma-4.1", "lemma*"]) == tuple(name for name in claims() if name.startswith("lemma"))
    with pytest.raises(ValueError, match=r"^no claim is called 'lemme-\*'"):
        chosen(["lemma-4.1", "lemme-*"])


def test_a_near_miss_is_told_the_nearest_name():
    with pytest.raises(ValueError, match=r"^no claim is called 'lemma-4\.2'; did you mean 'lemma-4\.1'\?$"):
        find_claim("lemma-4.2")
    with pytest.raises(ValueError, match=r"^no activation is called 'relo'; did you mean 'relu'\?$"):
        find_activation("relo")
    with pytest.raises(ValueError, match="there are relu, leaky_relu, "):
        find_activation("qqqqqqqq")


def test_the_catalogue_is_found_by_name():
    assert [find_activation(a.name) for a in CATALOGUE] == list(CATALOGUE)


def test_an_alias_finds_the_activation_of_the_catalogue():
    assert find_activation("swish") is find_activation("silu")
    assert find_activation("heaviside") is find_activation("step")
    assert set(ALIASES.values()) <= set(activations())
    assert not set(ALIASES) & set(activations())


def test_an_expression_becomes_an_activation():
    made = find_activation("max(x, 0) - x/2")
    assert made.name == "max(x, 0) - x/2"
    assert made.expr == RELU.expr - x / 2


@pytest.mark.parametrize("text", ["x.__class__", "__import__('os')", "x**", "", "tan(x)"])
def test_what_is_no_expression_is_refused(text):
    assert refused(find_activation, text)


def test_the_claims_of_the_package_hold_one_file_each():
    assert len(claims()) == sum(1 for _ in registry._ours())
