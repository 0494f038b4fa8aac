"""The terminal tells in words whatever it tells in colour, and leaves no number out."""

from reports.text import derived, verdicts


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
