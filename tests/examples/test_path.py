"""A new user's path, as the documents tell it: every file of `docs/adding.md` is written, every command is run."""

import os
import re
import shlex
import subprocess
import sys
from pathlib import Path

import pytest

from reports.command_line import main

ROOT = Path(__file__).resolve().parents[2]
ADDING = (ROOT / "docs" / "adding.md").read_text()
COMMANDS = [shlex.split(line)[1:] for line in re.findall(r"^    (gammaphi .*)$", ADDING, flags=re.MULTILINE)]


def files() -> dict[str, str]:
    """Return the code blocks by the path in their first line."""
    blocks = re.findall(r"```(?:python|toml)\n(.*?)```", ADDING, flags=re.DOTALL)
    return {block.split("\n", 1)[0].removeprefix("# "): block for block in blocks}


@pytest.fixture(scope="module")
def home(tmp_path_factory):
    """Return a folder that holds the files, and nothing else."""
    folder = tmp_path_factory.mktemp("home")
    for name, text in files().items():
        (folder / name).parent.mkdir(exist_ok=True)
        (folder / name).write_text(text)
    return folder


def test_there_are_files_and_commands_to_try():
    assert set(files()) == {"own.toml", "DIR/bent.py", "DIR/quadratic_below_alpha.py"}
    assert {argv[0] for argv in COMMANDS} == {"derive", "verify", "freeze"}


@pytest.mark.parametrize("argv", COMMANDS, ids=" ".join)
def test_a_command_of_the_document_does_what_it_says(home, monkeypatch, capsys, argv):
    monkeypatch.chdir(home)
    assert main([*argv, "-q"]) == 0, capsys.readouterr().err
    written = [argv[i + 1] for i, word in enumerate(argv) if word in ("--out", "--report")]
    assert [name for name in written if not (home / name).exists()] == []


def test_a_command_that_fails_would_be_seen(home, monkeypatch):
    monkeypatch.chdir(home)
    assert main(["derive", "bent"]) == 2


def test_a_new_user_gets_from_a_formula_to_a_golden_file(tmp_path):
    gammaphi, python = Path(sys.executable).with_name("gammaphi"), sys.executable
    (tmp_path / "own.toml").write_text(files()["own.toml"])
    (tmp_path / "my_claims.py").write_text(files()["DIR/quadratic_below_alpha.py"])
    for command in (
        [gammaphi, "derive", "bent", "--with", "own.toml", "--digits", "10"],
        [gammaphi, "verify", "--claims", "my_claims.py"],
        [gammaphi, "freeze", "soft_relu", "--with", "own.toml", "--digits", "10", "--out", "own.gammaphi.json"],
        [python, "-m", "pytest", "-q", "-p", "no:cacheprovider"],
    ):
        done = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, check=False, env=os.environ)
        assert done.returncode == 0, (command, done.stdout, done.stderr)
    assert "2 passed" in done.stdout
    own = tmp_path / "own.toml"
    own.write_text(own.read_text().replace("softplus(x, 5)", "softplus(x, 4)"))
    done = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, check=False)
    assert done.returncode == 1
    assert "soft_relu: the activation itself: frozen log(exp(5*x) + 1)/5, now log(exp(4*x) + 1)/4" in done.stdout
