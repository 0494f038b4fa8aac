"""The figures of the mutation campaign, in words for readers."""

from collections.abc import Sequence

from scipy.stats import binomtest

from reports.campaigns import Campaign, Figure, Listing

from .mutation_results import Result, explanation

KILLED = 0.9
WORDS = """\
The tests are tested by changing the code: a number by one, a sign, an operator, a comparison, a condition turned \
round, a decorator dropped, a loop that never runs. A change is *killed* if a test that passed before fails, or \
takes several times its time. The changes are those of `cosmic-ray`, less some that flatter: shifts, bits, \
remainders and identity in place of arithmetic and order, which die at the first call; and without those of \
caches, which change the cost alone. Each meets only tests that were seen to run the changed statement, of \
constants those that name the module, and at last the others of the module's own file, twenty seconds of them at \
most; a test that was not selected might have killed a survivor, so the share killed is understated rather than \
overstated. Each survivor is explained below; explained is not killed, and it counts as \
surviving. The statements of the claims are left out here, for their changes are statements, which the checks \
themselves must refuse. A killed change shows that the tests would have noticed it, not that the code is right."""


def campaign(
    core: Sequence[Result], sample: Sequence[Result], unchanged: Sequence[Result], *, seed: int, places: int
) -> Campaign:
    """Return the figures: the core, the sample with its interval, survivors unexplained, trials without a change."""
    survivors = [result for result in (*core, *sample) if result.survived]
    silent = [result for result in survivors if not explanation(result)]
    figures = (
        _killed("killed in the leave-one-out core, every change", core),
        _killed(
            f"killed in `theory/`, {len(sample)} changes drawn at {places} places (seed {seed})", sample, drawn=True
        ),
        Figure(
            what="survivors that are not explained",
            measured=f"{len(silent)} of {len(survivors)}",
            target="none",
            met=not silent,
        ),
        Figure(
            what="files without a change, refused in the same kind of trial",
            measured=f"{sum(not result.survived for result in unchanged)} of {len(unchanged)}",
            target="none",
            met=all(result.survived for result in unchanged),
        ),
    )
    rows = tuple((f"{each.path}:{each.line}", each.before, each.after, explanation(each)) for each in survivors)
    return Campaign(
        title="Changes to the code that the tests must notice",
        words=WORDS,
        command="make mutation",
        figures=figures,
        listings=(Listing(title="Survivors, and why they live", head=("where", "before", "after", "why"), rows=rows),),
    )


def _killed(what: str, results: Sequence[Result], *, drawn: bool = False) -> Figure:
    """Return the share killed, for a sample with its exact 95 % interval (Clopper and Pearson)."""
    killed, of = sum(not result.survived for result in results), len(results)
    found = binomtest(killed, of).proportion_ci(0.95, method="exact")
    within = f"; exact 95 % interval {found.low:.1%} to {found.high:.1%}" if drawn else ""
    return Figure(
        what=what,
        measured=f"{killed} of {of} ({killed / of:.1%}{within})",
        target=f"at least {KILLED:.0%}",
        met=killed >= KILLED * of,
    )
