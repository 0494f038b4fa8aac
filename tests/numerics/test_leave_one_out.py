import re

import numpy as np
import pytest

from numerics import refit, symmetric
from numerics.data import draw
from numerics.kernels import kernels
from numerics.leave_one_out import alignments_at, leave_one_out, require_finite
from numerics.randomness import Purpose, Streams
from numerics.symmetric import SMALL
from theory.setting import Kernel


@pytest.fixture(params=[Kernel.RF, Kernel.NTK])
def problem(small, request):
    """The fast solution and the explicit features of one small instance."""
    setting = small(kernel=request.param)
    streams = Streams(seed=9, cell="loo", trial=0)
    drawn = draw(setting, streams=streams, tests=5)
    rows = [drawn.train.z, drawn.queries(setting.query), drawn.test.z]
    found = kernels(setting, rows[0], rows[1:], seeds=[streams.seeds(Purpose.WEIGHTS)])
    phi = refit.features(setting, np.vstack(rows), seeds=streams.seeds(Purpose.WEIGHTS))
    fast = leave_one_out(
        found.gram, queries=found.cross[0], tests=found.cross[1], labels=drawn.train.g, parameters=setting.parameters
    )
    return fast, drawn.train.g, phi[:12], phi[12:24], phi[24:], found


# Both sides lose digits with the condition number, below 1e5 here: 1e5 eps is 2e-11.
DIGITS = 1e-10


def test_alignments_are_those_of_the_definition(problem):
    fast, _, phi, queries, _, _ = problem
    slow = [refit.alignment(phi, of=i, at=queries[i : i + 1])[0] for i in range(12)]
    assert np.abs(fast.alignments - slow).max() < DIGITS


def test_alignments_anywhere_are_those_of_the_definition(problem):
    _, _, phi, _, tests, found = problem
    slow = np.array([refit.alignment(phi, of=i, at=tests) for i in range(12)])
    assert np.abs(alignments_at(found.gram, found.cross[1], parameters=60) - slow).max() < DIGITS


def test_the_printed_projector_gives_something_else(problem):
    fast, _, phi, queries, _, _ = problem
    printed = [refit.alignment_as_printed(phi, of=i, at=queries[i : i + 1])[0] for i in range(12)]
    assert np.abs(fast.alignments - printed).max() > 0.01


def test_stabilities_are_those_of_a_refit(problem):
    fast, g, phi, _, tests, _ = problem
    zero = np.zeros(phi.shape[1])
    slow = [refit.stability(phi, g, zero, without=i, at=phi[i : i + 1])[0] for i in range(12)]
    assert np.abs(fast.stabilities - slow).max() < DIGITS
    full = tests @ refit.minimum_norm_fit(phi, g, zero)
    without = [full - refit.stability(phi, g, zero, without=i, at=tests) for i in range(12)]
    assert np.abs(fast.tests_without - without).max() < DIGITS
    assert np.abs(fast.on_tests - full).max() < DIGITS


def test_the_fit_interpolates(problem):
    fast, g, phi, queries, _, _ = problem
    assert fast.training_residual < DIGITS
    assert np.abs(fast.on_queries - queries @ refit.minimum_norm_fit(phi, g, np.zeros(phi.shape[1]))).max() < DIGITS


@pytest.mark.parametrize("n", [10, SMALL + 1])
def test_the_spectrum_is_that_of_the_matrix(n):
    # Above `SMALL` the dense eigenvalues give way to Lanczos, which is asked for three digits.
    factor = np.random.default_rng(1).normal(size=(n, 2 * n))
    gram = factor @ factor.T
    cross = np.ones((n, n))
    found = leave_one_out(gram, queries=cross, tests=cross, labels=np.ones(n), parameters=np.inf).spectrum
    exact = np.linalg.eigvalsh(gram)
    assert np.isclose(found.smallest, exact[0], rtol=1e-3)
    assert np.isclose(found.condition, exact[-1] / exact[0], rtol=1e-3)


def _solve(gram, parameters=np.inf, **changes):
    n = len(gram)
    given = {"queries": np.ones((n, n)), "tests": np.ones((n, 2)), "labels": np.ones(n)} | changes
    return leave_one_out(gram, parameters=parameters, **given)


@pytest.mark.parametrize("n", [12, SMALL + 1])
def test_duplicate_rows_are_refused_with_the_eigenvalue(small, n):
    setting = small(n=n, width=2 * n)
    z = draw(setting, streams=Streams(seed=1, cell="d", trial=0), tests=1).train.z
    z[5] = z[3]
    gram = kernels(setting, z, (), seeds=[np.random.SeedSequence(0)]).gram
    with pytest.raises(ValueError, match=r"singular; its smallest eigenvalue is -?\d\.\d\de-\d+, .* of the largest"):
        _solve(gram)


def test_an_indefinite_kernel_is_refused():
    with pytest.raises(ValueError, match=r"smallest eigenvalue is -1\.00e\+00"):
        _solve(np.diag([1.0, -1.0]))


def test_as_many_samples_as_parameters_are_refused():
    with pytest.raises(
        ValueError, match=r"need more than 3 parameters, and the model has 3: .*; its smallest eigenvalue is 1"
    ):
        _solve(np.eye(3), parameters=3)
    assert _solve(np.eye(3), parameters=4).spectrum.condition == 1


@pytest.mark.parametrize("name", ["queries", "tests", "labels"])
def test_nan_is_refused(name):
    shapes = {"queries": (3, 3), "tests": (3, 2), "labels": (3,)}
    with pytest.raises(ValueError, match="NaN"):
        _solve(np.eye(3), **{name: np.full(shapes[name], np.nan)})


@pytest.mark.parametrize("n", [7, 1100])
@pytest.mark.parametrize("overwrite", [True, False])
def test_working_in_place_is_the_inverse(n, overwrite):
    # 1100 rows are more than one tile.
    rng = np.random.default_rng(4)
    factor = rng.normal(size=(n, 2 * n))
    gram, queries, tests, g = factor @ factor.T / n, rng.normal(size=(n, n)), rng.normal(size=(n, 3)), np.ones(n)
    kept, inverse = gram.copy(), np.linalg.inv(gram)
    found = leave_one_out(gram, queries=queries, tests=tests, labels=g, parameters=np.inf, overwrite=overwrite)
    assert np.allclose(found.alignments, np.diag(inverse @ queries), atol=1e-10)
    assert np.allclose(found.stabilities, inverse @ g / np.diag(inverse), atol=1e-10)
    assert np.isclose(found.sensitivity, np.linalg.norm(inverse, axis=0).max(), rtol=1e-10)
    without = tests.T @ inverse @ g - (inverse @ tests) * found.stabilities[:, None]
    assert np.allclose(found.tests_without, without, atol=1e-9)
    assert np.array_equal(gram, kept) is not overwrite


def test_more_samples_than_parameters_are_refused():
    with pytest.raises(ValueError, match=r"N = 3 samples need more than 3 parameters, and the model has 2:"):
        _solve(np.eye(3), parameters=2)


def test_a_residual_is_relative_to_the_labels():
    # A power of two changes no digit, so the relative residual is the same to the last one.
    factor = np.random.default_rng(7).normal(size=(30, 40))
    residuals = {_solve(factor @ factor.T, labels=2.0**power * np.ones(30)).training_residual for power in (-40, 0, 40)}
    assert len(residuals) == 1
    assert 0 < residuals.pop() < 1e-10
    assert _solve(np.eye(3), labels=np.zeros(3)).training_residual == 0


@pytest.mark.parametrize("n", [12, 40])
def test_a_kernel_is_singular_where_rounding_could_have_made_it_so(n):
    # A factorisation moves eigenvalues by about N eps lambda_max; a diagonal matrix is factorised exactly.
    least = n * np.finfo(float).eps * 5
    diagonal = np.full(n, 5.0)
    diagonal[n // 2] = 1.01 * least
    assert np.isclose(_solve(np.diag(diagonal)).spectrum.condition, 5 / (1.01 * least))
    diagonal[n // 2] = 0.99 * least
    with pytest.raises(ValueError, match=f"smallest eigenvalue is {0.99 * least:.2e}, which is {0.99 * least / 5:.1e}"):
        _solve(np.diag(diagonal))


def test_a_kernel_of_nothing_is_refused_in_the_same_words():
    with pytest.raises(ValueError, match=r"its smallest eigenvalue is 0\.00e\+00, which is 0\.0e\+00 of the largest"):
        _solve(np.zeros((4, 4)))


@pytest.mark.parametrize("n", [SMALL - 30, SMALL + 30])
def test_an_indefinite_kernel_is_refused_with_its_own_eigenvalue(n):
    # Large ones are put together again from what the factorisation left.
    rotated = np.linalg.qr(np.random.default_rng(2).normal(size=(n, n)))[0]
    gram = rotated @ np.diag(np.r_[-2.0, np.linspace(1, 8, n - 1)]) @ rotated.T
    with pytest.raises(ValueError, match=r"smallest eigenvalue is -2\.00e\+00, which is -2\.5e-01 of the largest"):
        _solve((gram + gram.T) / 2)


@pytest.mark.parametrize("size", [9, 10, 11])
def test_all_eigenvalues_are_computed_of_small_kernels_only(monkeypatch, size):
    monkeypatch.setattr("numerics.symmetric.SMALL", 10)
    seen, dense = [], symmetric.dense_spectrum
    monkeypatch.setattr("numerics.symmetric.dense_spectrum", lambda gram: seen.append(len(gram)) or dense(gram))
    found = _solve(np.diag(np.arange(1.0, size + 1))).spectrum
    assert seen == ([size] if size <= 10 else [])
    assert np.isclose(found.condition, size, rtol=2e-3)


def test_a_large_kernel_that_is_factorised_and_yet_singular_is_refused_with_its_eigenvalue(monkeypatch):
    monkeypatch.setattr("numerics.symmetric.SMALL", 10)
    least = 30 * np.finfo(float).eps * 0.5
    with pytest.raises(ValueError, match=f"^the kernel is singular; its smallest eigenvalue is {least:.2e}, which is"):
        _solve(np.diag([least] + [1.0] * 29))


def test_an_eigenvalue_at_the_limit_is_none():
    least = 8 * np.finfo(float).eps * 4  # powers of two, so that nothing is rounded
    with pytest.raises(ValueError, match="singular"):
        _solve(np.diag([least] + [4.0] * 7))
    assert _solve(np.diag([least * (1 + 1e-15)] + [4.0] * 7)).spectrum.largest == 4


def test_a_negative_kernel_has_no_share_of_its_largest_eigenvalue():
    with pytest.raises(ValueError, match=r"eigenvalue is -3\.00e\+00, which is 0\.0e\+00 of the largest"):
        _solve(-np.diag([1.0, 2.0, 3.0]))


@pytest.mark.parametrize(("size", "refused"), [(10.0**e, abs(e) > 120) for e in (-150, -121, -119, 119, 121, 150)])
def test_a_kernel_near_the_ends_of_the_doubles_is_refused(size, refused):
    gram = size * np.array([[1.0, -0.5], [-0.5, 1.0]])
    if refused:
        where = f"the largest entry of the kernel is {size:.1e}, outside"
        with pytest.raises(ValueError, match=re.escape(where)):
            _solve(gram)
        with pytest.raises(ValueError, match=re.escape(where)):
            _solve(size * np.array([[0.5, -1.0], [-1.0, 0.5]]))
    else:
        assert np.isclose(_solve(gram).spectrum.condition, 3)


def test_only_a_kernel_beyond_the_ends_is_refused():
    """Of several, the first beyond is named; zero is left to the factorisation, which calls it singular."""
    within = np.array([0.0, 1e-120, -1e-120, 1.0, 1e120]).reshape(-1, 1, 1) * np.array([[0.5, 1.0], [1.0, 0.25]])
    rest = (np.ones((2, 1)), np.ones((2, 1)), np.ones(2))
    require_finite(within, *rest)
    for outside in (np.nextafter(1e-120, 0), np.nextafter(1e120, np.inf), -9e-121):
        said = f"the largest entry of the kernel is {abs(outside):.1e}, outside 1e-120 to 1e+120, where squares"
        with pytest.raises(ValueError, match=re.escape(said)):
            require_finite(np.concatenate([within, np.full((1, 2, 2), outside), np.full((1, 2, 2), 1e-140)]), *rest)


def test_alignments_anywhere_are_refused_where_all_are():
    with pytest.raises(ValueError, match="singular"):
        alignments_at(np.diag([1.0, 1e-20]), np.ones((2, 1)), parameters=np.inf)
    with pytest.raises(ValueError, match="need more than 2 parameters"):
        alignments_at(np.eye(2), np.ones((2, 1)), parameters=2)
