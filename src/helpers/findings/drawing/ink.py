"""The house style of figures: fonts, colours that hold on light and dark paper, and SVG that takes the page's ink."""

from __future__ import annotations

import io
import re
import sys
from typing import Any

import matplotlib as mpl
from cycler import cycler
from matplotlib import font_manager
from matplotlib.backends.backend_svg import FigureCanvasSVG
from matplotlib.figure import Figure

from helpers.findings.drawing import shorthand, typeface

# Okabe & Ito (2008), Color universal design. Yellow and black are left out and the order is ours: the first four
# have a contrast of at least 3:1 (WCAG 1.4.11) on white and on dark paper alike.
COLOURS = ("#0072B2", "#D55E00", "#009E73", "#CC79A7", "#E69F00", "#56B4E9")

# Colours that stand for a role. In a page each becomes a CSS variable, so that figures follow light and dark;
# the second variable is JupyterLab's, for the same figure inside a notebook.
INK = "#23272f"
SOFT_INK = "#5b6470"
GRID = "#d9dde3"
PAPER = "#fdfdfc"
ROLES = {
    INK: f"var(--kehu-ink, var(--jp-content-font-color1, {INK}))",
    SOFT_INK: f"var(--kehu-soft-ink, var(--jp-content-font-color2, {SOFT_INK}))",
    GRID: f"var(--kehu-grid, var(--jp-border-color2, {GRID}))",
    PAPER: f"var(--kehu-paper, var(--jp-layout-color0, {PAPER}))",
    **{colour.lower(): f"var(--kehu-{place}, {colour})" for place, colour in enumerate(COLOURS, 1)},
}
NAMES = {colour: f"--ink-{place}" for place, colour in enumerate(ROLES)}  # by which a figure's parts call them

FAMILIES = "'DejaVu Sans', 'Noto Sans SC'"  # as matplotlib writes those of RULES
FONT = f"font-family: '{typeface.FIGURE}', '{typeface.HAN}', {FAMILIES}, sans-serif"
MARKS = re.compile(r"<style\b.*?</style>|<[^<>]+>", re.DOTALL)  # what of a markup is no word
WIDTH_INCHES = 5.6  # narrow, so that 10 points stay legible where the figure shrinks to a phone


def style() -> None:
    """Sets the house style for every figure drawn after it; a notebook's import cell calls it once.

    Inside IPython, figures also become SVG.
    """
    _register_chinese()
    _look_up_once()
    mpl.rcParams.update(RULES)  # type: ignore[arg-type]  # the names of all rules as one literal, which no dict here is
    if "IPython" in sys.modules and sys.modules["IPython"].get_ipython() is not None:
        from matplotlib_inline.backend_inline import set_matplotlib_formats

        set_matplotlib_formats("svg")


def svg(figure: Figure, prefix: str) -> str:
    """`figure` as an `<svg>` element for a page: same figure, same bytes; its ids all begin with `prefix`."""
    paper = io.StringIO()
    undated = dict.fromkeys(("Creator", "Date", "Format", "Type"))
    with mpl.rc_context({"svg.hashsalt": prefix, "svg.fonttype": "none"}):
        # savefig would draw once more before, to learn what a backend of pixels has to know
        FigureCanvasSVG(figure).print_svg(paper, metadata=undated)
    return adapted(paper.getvalue(), prefix)


def adapted(drawing: str, prefix: str) -> str:
    """An SVG document of matplotlib's as an element that scales, takes the page's ink and keeps its ids to itself."""
    head, body = drawing[drawing.index("<svg") :].strip().split(">", 1)
    body = re.sub(r"<metadata>.*?</metadata>|<!--.*?-->", "", body, flags=re.DOTALL)
    body = shorthand.shortened(body.replace(f"font-family: {FAMILIES}; ", ""), prefix)
    inks = [f"{name}: {ROLES[colour]}" for colour, name in NAMES.items() if colour in body]
    body = re.sub("|".join(ROLES), lambda found: f"var({NAMES[found.group()]})", body)
    own = f' style="{"; ".join([FONT, *inks])}" aria-hidden="true" focusable="false"'
    head = re.sub(r'\s(?:width|height)="[^"]*"', "", head) + own
    return with_own_ids(f"{head}>{body}", prefix)


def with_own_ids(markup: str, prefix: str) -> str:
    """`markup` with `prefix` before every id in it and before every reference to one; its words stay."""
    ids = set(re.findall(r'\bid="([^"]+)"', "".join(MARKS.findall(markup))))

    def own(mark: str) -> str:
        mark = re.sub(r'\bid="([^"]+)"', rf'id="{prefix}-\1"', mark)
        return re.sub(r"#([\w.:-]+)", lambda at: f"#{prefix}-{at[1]}" if at[1] in ids else at[0], mark)

    return MARKS.sub(lambda mark: own(mark[0]), markup)


def _register_chinese() -> None:
    """Tells matplotlib of the typeface of the pages, unless the machine has it."""
    if "Noto Sans SC" not in font_manager.get_font_names():
        font_manager.fontManager.addfont(typeface.han_font())


def _look_up_once() -> None:
    """Has matplotlib look up the file of a named typeface once: else it does for every word of every figure."""
    fonts, found = font_manager.fontManager, dict[object, Any]()
    if "findfont" in vars(fonts):  # it has been told already
        return
    look_up = fonts.findfont

    def findfont(prop: Any, *how: Any, **words: Any) -> Any:
        if isinstance(prop, str) or font_manager.font_family_aliases & set(prop.get_family()):
            return look_up(prop, *how, **words)  # which one “serif” is, is set elsewhere, and may change
        key = (hash(prop), how, *words.items())
        if key not in found:
            found[key] = look_up(prop, *how, **words)
        return found[key]

    fonts.findfont = findfont  # type: ignore[method-assign]  # the one place through which all go


RULES = {
    "figure.figsize": (WIDTH_INCHES, 3.4),
    "figure.facecolor": "none",
    "figure.constrained_layout.use": True,
    "savefig.facecolor": "none",
    "font.family": ["DejaVu Sans", "Noto Sans SC"],
    "font.size": 10,
    "text.color": INK,
    "text.parse_math": False,  # a price is not a formula
    "axes.facecolor": "none",
    "axes.edgecolor": SOFT_INK,
    "axes.labelcolor": SOFT_INK,
    "axes.titlesize": 10,
    "axes.titlelocation": "left",
    "axes.unicode_minus": True,
    "axes.spines.top": False,
    "axes.spines.right": False,
    "axes.axisbelow": True,
    "axes.prop_cycle": cycler(color=COLOURS),
    "grid.color": GRID,
    "grid.linewidth": 0.8,
    "lines.linewidth": 1.8,
    "xtick.color": SOFT_INK,
    "ytick.color": SOFT_INK,
    "xtick.labelcolor": INK,
    "ytick.labelcolor": INK,
    "legend.frameon": False,
    "patch.edgecolor": PAPER,
    "svg.fonttype": "none",
}
