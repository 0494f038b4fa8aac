"""In a browser: nothing wider than the page, every formula set, every link with its end, nothing to complain about."""

import html
import json
import re
import shutil
import subprocess

import pytest

from reports.collect import collect
from reports.envelope import provenance
from reports.outline import outline
from reports.render_html import render

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
FLAGS = (
    "--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-sync",
    "--disable-background-networking", "--disable-component-update", "--virtual-time-budget=3000", "--dump-dom",
    "--enable-logging=stderr",
)  # fmt: skip
PROBE = """<script>
window.onload = () => {
  const root = document.documentElement, box = (element) => element.getBoundingClientRect();
  const boxed = (element) => element.closest('.wide, .statement, .formula, pre, dt, .skip');
  const closed = (element) => element.closest('details:not([open])');
  const all = (selector) => [...document.querySelectorAll(selector)];
  const found = {
    width: root.clientWidth,
    scrolls: root.scrollWidth > root.clientWidth,
    beyond: all('main *, header *, nav *').filter((e) => box(e).right > root.clientWidth + 1 && !boxed(e)).length,
    formulas: all('math').length,
    unset: all('math').filter((e) => !closed(e) && !(box(e).width > 0 && box(e).height > 0)).length,
    raw: all('code.latex').length,
    dead: all('a[href^="#"]').filter((a) => !document.getElementById(a.getAttribute('href').slice(1))).length,
    unnamed: all('svg[role=img]').filter((e) => !e.querySelector('title').textContent).length,
    headings: all('h1, h2, h3, h4, h5').map((e) => +e.tagName[1]),
    shown: all('.filtered tbody tr').filter((e) => box(e).height > 0).length,
  };
  const told = parent.document.createElement('pre');
  told.id = 'found';
  told.textContent = JSON.stringify(found);
  parent.document.body.append(told);
};
</script>"""

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(CHROMIUM is None, reason="no browser: install chromium to see the page as a reader does"),
]


@pytest.fixture
def page(every):
    *every, _ = every  # less the hostile one, whose formula is shown as it was typed
    return render(outline(collect(every, effort="quick", provenance=provenance(["verify", "--quick"], 5))))


def seen(text: str, width: int, folder) -> dict:
    """Return what a browser of that width finds of a page; a frame, since a window is never narrower than 500."""
    text = re.sub(r'<meta http-equiv="Content-Security-Policy"[^>]*>', "", text)  # it would refuse the probe
    inner = html.escape(text.replace("</body>", f"{PROBE}</body>"))
    frame = f'<iframe srcdoc="{inner}" style="border: 0; width: {width}px; height: 900px"></iframe>'
    path = folder / "frame.html"
    path.write_text(f'<!DOCTYPE html><meta charset="utf-8"><body style="margin: 0">{frame}</body>')
    command = [CHROMIUM, *FLAGS, f"--user-data-dir={folder / 'profile'}", "--window-size=1400,1000", f"file://{path}"]
    done = subprocess.run(command, capture_output=True, text=True, timeout=120, check=True)
    found = re.search(r'<pre id="found">(.*?)</pre>', done.stdout, flags=re.DOTALL)
    assert found is not None, done.stdout[:500]
    return {**json.loads(html.unescape(found[1])), "console": re.findall(r"CONSOLE.*", done.stderr)}


@pytest.mark.parametrize("width", [360, 1280])
def test_a_reader_sees_the_whole_page(page, width, tmp_path):
    found = seen(page, width, tmp_path)
    assert found["width"] in (width, width - 15)  # less a scroll bar
    assert found["formulas"] > 20
    steps = [b - a for a, b in zip(found["headings"], found["headings"][1:], strict=False)]
    assert (found["headings"][0], found["headings"].count(1)) == (1, 1)
    assert max(steps) == 1
    wrong = {name: found[name] for name in ("scrolls", "beyond", "unset", "raw", "dead", "unnamed", "console")}
    assert wrong == dict.fromkeys(wrong, 0) | {"scrolls": False, "console": []}


def test_the_table_of_verdicts_is_filtered(page, tmp_path):
    everything = seen(page, 1280, tmp_path)["shown"]
    refuted = page.replace(' value="all" checked>', ' value="all">').replace(
        'value="REFUTED">', 'value="REFUTED" checked>'
    )
    assert (everything, seen(refuted, 1280, tmp_path)["shown"]) == (6, 2)


@pytest.mark.parametrize(
    ("planted", "name"),
    [
        ('<p style="width: 1500px">wide</p>', "beyond"),
        ('<a href="#nowhere">dead</a>', "dead"),
        ("<math><mi></mi></math>", "unset"),
        ('<code class="latex">x</code>', "raw"),
        ("<script>console.error('planted')</script>", "console"),
    ],
)
def test_what_is_wrong_is_seen(page, planted, name, tmp_path):
    assert seen(page.replace("</main>", f"{planted}</main>"), 1280, tmp_path)[name]
