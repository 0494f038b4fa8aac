"""The README says what the checks find, and its commands are commands."""

import json
import re
import shlex
from pathlib import Path

import pytest

from reports.arguments import parser
from reports.campaigns import recorded, rows

ROOT = Path(__file__).resolve().parents[2]
README = (ROOT / "README.md").read_text()


def commands() -> list[list[str]]:
    found = re.findall(r"^ +(?:\.venv/bin/|uv run )?(gammaphi .*)$", README, flags=re.MULTILINE)
    return [shlex.split(line)[1:] for line in dict.fromkeys(found)]


@pytest.mark.parametrize("argv", commands(), ids=" ".join)
def test_every_command_of_the_readme_is_understood(argv):
    assert parser().parse_args(argv).command == argv[0]


def test_a_command_that_does_not_exist_would_be_refused():
    with pytest.raises(ValueError, match="invalid choice"):
        parser().parse_args(["prove", "relu"])


def test_the_table_of_verdicts_is_the_golden_one():
    block = README.split("<!-- verdicts -->")[1].split("<!-- /verdicts -->")[0]
    shown = dict(re.findall(r"^\| `([^`]+)` \| ([A-Z]+) \|", block, flags=re.MULTILINE))
    golden = json.loads((ROOT / "tests" / "golden" / "claims.json").read_text())["claims"]
    assert shown == {name: claim["verdict"] for name, claim in golden.items()}


def test_the_table_of_campaigns_is_what_was_recorded():
    block = README.split("<!-- campaigns -->")[1].split("<!-- /campaigns -->")[0]
    assert block.strip() == rows(recorded())


def test_the_python_of_the_readme_runs(capsys):
    block = re.search(r"```python\n(.*?)```", README, flags=re.DOTALL)
    assert block is not None
    exec(compile(block[1], "README.md", "exec"), {})  # noqa: S102  (our own README)
    dual, value = capsys.readouterr().out.splitlines()
    assert "asin(rho/2)" in dual
    assert value.startswith("0.2241118641119560")
