"""The terminal tells in words whatever it tells in colour, and leaves no number out."""

import pytest

from reports.text import derived, plain, verdicts


def test_the_terminal_says_what_the_colour_says(every):
    plain = verdicts(every, effort="normal", seed=0, paint=lambda text, _: text)
    tones = verdicts(every, effort="normal", seed=0, paint=lambda text, tone: f"<{tone}>{text}")
    assert "<good>REFUTED, as it should be" in tones
    assert "<bad>FAILED: this statement was to hold" in tones
    assert "REFUTED, as it should be" in plain
    assert "wrong twin '98/97 of the right side' was accepted" in plain


def test_a_closed_form_that_is_zero_is_shown_and_a_missing_one_is_not(portrait):
    none, zero = (line.split() for line in derived(portrait).splitlines() if line.startswith(("3 ", "5 ")))
    assert none[-1] == "ENCLOSED"
    assert zero[-1] == "0"


@pytest.mark.parametrize(
    ("latex", "shown"),
    [
        (r"{\varphi}(z).T*\theta^{*}_{-1}", "varphi(z).T*theta^*_-1"),
        (r"F_{\mathrm{NTK}}(z_1^{s}, z_1)", "F_NTK(z_1^s, z_1)"),
        (r"\operatorname{Cov}\left(f, g_{1}\right)", "Cov(f, g_1)"),
        (r"\mu^{\prime}[ell]", "mu'[ell]"),
        ("alpha*Max(0, x)", "alpha*Max(0, x)"),
    ],
)
def test_a_symbol_named_in_latex_is_told_without_it(latex, shown):
    assert plain(latex) == shown
