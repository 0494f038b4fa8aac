"""Judge every mutant of the catalogue at normal effort, print what came out, and record it with `--record`."""

import sys

from numerics.experiment import Effort
from numerics.mutants import mutants
from reports.campaigns import conclude
from reports.commands_mutants import campaign, summary

if __name__ == "__main__":
    found = mutants((), seed=0, effort=Effort.NORMAL, progress=lambda name: print(name, file=sys.stderr))
    print(summary(found))
    sys.exit(conclude("mutants", campaign(found), keep="--record" in sys.argv))
