from fractions import Fraction

import numpy as np
import pytest

from numerics.shortcut_kernel import MOST_ROWS, homogeneous, kernel_matrix
from theory.activations import ABS, GELU, RELU, SIGN, TANH, Activation, leaky_relu
from theory.setting import Kernel
from theory.symbols import x as argument


@pytest.fixture
def rows():
    """Rows of lengths that differ by more than ten."""
    rng = np.random.default_rng(4)
    return rng.standard_normal((7, 5)) * np.geomspace(0.3, 5, 7)[:, None]


def arc_cosine(rows, at):
    """Return the tangent kernel of two layers of ReLU, both trained, by its textbook formula."""
    lengths, others = (np.linalg.norm(part, axis=1) for part in (rows, at))
    inner = rows @ at.T
    theta = np.arccos(np.clip(inner / np.outer(lengths, others), -1, 1))
    zeroth = (np.pi - theta) / np.pi
    first = np.outer(lengths, others) * (np.sin(theta) + (np.pi - theta) * np.cos(theta)) / np.pi
    return (first + inner * zeroth) / rows.shape[1]


def test_the_kernel_of_two_layers_of_relu_is_the_textbook_one(rows):
    assert np.allclose(kernel_matrix(rows, activation=RELU), arc_cosine(rows, rows), rtol=1e-7, atol=1e-9)
    at = rows[::-1] * 3 + 1
    assert np.allclose(kernel_matrix(rows, at, activation=RELU), arc_cosine(rows, at), rtol=1e-7, atol=1e-9)
    assert not np.allclose(
        kernel_matrix(rows, activation=leaky_relu(Fraction(1, 2))), arc_cosine(rows, rows), rtol=0.05
    )


@pytest.mark.parametrize(("kernel", "activation"), [(Kernel.RF, RELU), (Kernel.RF, GELU), (Kernel.NTK, TANH)])
def test_a_kernel_of_features_is_the_mean_over_neurons_for_rows_of_any_length(rows, kernel, activation):
    from numerics.elementwise import vectorise

    phi = vectorise(activation.expr if kernel is Kernel.RF else activation.derivative.expr)
    features = phi(rows @ np.random.default_rng(1).standard_normal((5, 400_000)) / np.sqrt(5))
    expected = features @ features.T / features.shape[1]
    if kernel is Kernel.NTK:
        expected *= rows @ rows.T / 5
    found = kernel_matrix(rows, activation=activation, kernel=kernel, depth=None)
    assert np.allclose(found, expected, rtol=0.02, atol=0.02 * np.diag(expected).min())


def test_without_an_activation_the_kernel_is_linear(rows):
    assert np.allclose(kernel_matrix(rows), rows @ rows.T / 5)
    assert np.allclose(kernel_matrix(rows, rows[:2]), rows @ rows[:2].T / 5)


def test_lines_through_the_origin_are_homogeneous_and_nothing_else_is():
    assert all(map(homogeneous, (RELU, ABS, leaky_relu(Fraction(1, 10)))))
    shifted = Activation(name="shifted", expr=argument + 1)
    assert not any(map(homogeneous, (GELU, TANH, SIGN, shifted)))


def test_what_has_no_kernel_is_refused_in_one_line(rows):
    with pytest.raises(ValueError, match="x holds zeros alone at row 2: it has no direction"):
        kernel_matrix(rows * (np.arange(7) != 2)[:, None], activation=RELU)
    with pytest.raises(ValueError, match=r"ntk-deep of tanh supposes \|x\|\^2 = 5 for every row of 5 columns"):
        kernel_matrix(rows, activation=TANH)
    with pytest.raises(ValueError, match="x has one column"):
        kernel_matrix(rows[:, :1], activation=RELU)
    with pytest.raises(ValueError, match=f"{MOST_ROWS + 1} samples: at most {MOST_ROWS}"):
        kernel_matrix(np.ones((MOST_ROWS + 1, 2)), activation=RELU)


def test_rows_on_the_sphere_have_every_kernel_of_depth(rows):
    from numerics.spheres import to_sphere

    z = to_sphere(rows)
    gram = kernel_matrix(z, activation=TANH, kernel=Kernel.NTK_DEEP, depth=2)
    assert np.linalg.eigvalsh(gram).min() > 0
    assert np.allclose(gram, gram.T)
