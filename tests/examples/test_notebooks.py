"""The notebooks run from top to bottom, and are stored without outputs."""

import json
from pathlib import Path

import pytest

NOTEBOOKS = sorted((Path(__file__).resolve().parents[2] / "examples" / "notebooks").glob("*.ipynb"))


def execute(document):
    """Run a notebook in a kernel of its own; an error in a cell is raised."""
    import nbformat
    from nbclient import NotebookClient

    notebook = nbformat.reads(json.dumps(document), as_version=4)
    nbformat.validate(notebook)
    NotebookClient(notebook, timeout=120, kernel_name="python3").execute()
    return notebook


def test_there_are_notebooks():
    assert len(NOTEBOOKS) == 3


@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.stem)
def test_a_notebook_is_stored_without_outputs(path):
    cells = json.loads(path.read_text())["cells"]
    assert [cell["id"] for cell in cells if cell.get("outputs") or cell.get("execution_count")] == []
    assert sum(cell["cell_type"] == "code" for cell in cells) <= 5


@pytest.mark.slow
@pytest.mark.filterwarnings("default")  # those of Jupyter's own libraries are not ours
@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.stem)
def test_a_notebook_runs(path):
    ran = execute(json.loads(path.read_text()))
    shown = [cell for cell in ran.cells if cell.cell_type == "code" and cell.outputs]
    assert shown
    assert "error" not in {output.output_type for cell in shown for output in cell.outputs}


@pytest.mark.slow
@pytest.mark.filterwarnings("default")
def test_a_cell_that_fails_is_seen():
    from nbclient.exceptions import CellExecutionError

    document = json.loads(NOTEBOOKS[0].read_text())
    document["cells"][1]["source"] = ["1 / 0"]
    with pytest.raises(CellExecutionError, match="ZeroDivisionError"):
        execute(document)
