"""How often the claims of all pages are wrong, as a page: `make calibration`, of some alone `make calibration CLAIMS=lift`."""

from __future__ import annotations

import datetime as dt
import re
import sys
import time
from pathlib import Path

import claims_of_arms
import claims_of_churn
import claims_of_experiments
import claims_of_feedback
import claims_of_forecast
import claims_of_journey
import claims_of_offers
import claims_of_plan
import claims_of_profiling
import claims_of_road
import claims_of_segments
import claims_of_stays
import claims_of_value
from claims import SIZES, Claim, tried

SOURCE = Path(__file__).resolve().parents[1] / "src/helpers/analyses"
PAGE = Path(__file__).resolve().parents[1] / "docs/methods/calibration.md"
DRAWS = {50: 10_000, 300: 10_000, 3000: 2_000}
LEAST = 200  # draws, however much a claim costs
HEADS = ("claim", "said by", "truth", "nominal", *(f"{size:,}" for size in SIZES), "draws", "made on", "CPU s")
TOLD = re.compile(
    r"beyond chance|[Nn]o evidence|significantly|stands? out|on track|can be ruled out|not as planned|Scale it"
)
WORDS = (
    claims_of_profiling, claims_of_segments, claims_of_stays, claims_of_forecast, claims_of_churn, claims_of_experiments,
    claims_of_arms, claims_of_value, claims_of_feedback, claims_of_journey, claims_of_road, claims_of_offers, claims_of_plan,
)  # fmt: skip
CLAIMS = tuple(claim for word in WORDS for claim in word.CLAIMS)
# Modules that tell what another found, which has the line; a test sees to it that they ask it.
PASSED_ON = {
    "churn/drivers/distributions": "churn/drivers/hazards",
    "churn/forecast/chances": "churn/forecast/models",
    "feedback/service/waits_by_group": "feedback/service/waiting",
    "segmentation/portraits/cards": "segmentation/portraits/likes",
}
PLANNED = {"experiments/next_test/looks"}  # says what would count as beyond chance, of no data


def claiming() -> set[str]:
    """The modules of `analyses` whose sentences claim something."""
    return {
        str(path.relative_to(SOURCE).with_suffix("")) for path in _sources() if TOLD.search(path.read_text("utf-8"))
    }


def _sources() -> list[Path]:
    return [path for path in SOURCE.rglob("*.py") if path.stem not in ("__init__", "vocabulary")]


def drawn(claim: Claim, size: int) -> int:
    """How many draws the page rests on."""
    return max(LEAST, claim.part(DRAWS[size]))


def key(claim: Claim) -> str:
    """How the line of a claim begins: what is said, by whom, of what truth, and how often it may be wrong."""
    return f"| {claim.said} | `{claim.by}` | {claim.truth} | {100 * claim.nominal:g} |"


def line(claim: Claim) -> str:
    """What was found today at every size."""
    found = {size: tried(claim, size, drawn(claim, size)) for size in claim.sizes}
    cells = [str(found[size]) if size in found else "" for size in SIZES]
    draws = ", ".join(f"{drawn(claim, size):,}" for size in claim.sizes)
    seconds = sum(each.seconds for each in found.values())
    return f"{key(claim)} {' | '.join([*cells, draws, f'{dt.date.today()}', f'{seconds:.1f}'])} |"


def page(words: list[str], last: str) -> str:
    """The page: claims that have any of these words are tried, and all where there are none; others are as they were."""
    lines = []
    for claim in CLAIMS:
        before = next((each for each in last.splitlines() if each.startswith(key(claim))), "")
        anew = not before or not words or any(word in claim.said for word in words)
        lines.append(line(claim) if anew else before)
    seconds = sum(float(each.split("|")[-2]) for each in lines)
    table = [f"| {' | '.join(HEADS)} |", "| " + "--- | " * len(HEADS), *lines]
    return INTRODUCTION.format(seconds=seconds) + "\n".join(map(str.rstrip, table)) + "\n"


INTRODUCTION = """# How often claims are wrong

Each claim of a page beside the share of cases in which it may be wrong (nominal, %), and the share found where the truth
is known, with its 95 % bounds, at three sizes: customers of the smaller arm, or of each. Draws are those of each size
that was tried. “Not told”: at that size nothing was claimed. Money is log-normal (σ of the logarithm 1) of the tenth of
customers that buys; “a tenth held out” is one arm of a tenth beside one of nine.
A row is of one report. Any of twelve weekly reports of a year's history, nearly all of it the same, tells of something in
9.3 % where one does in 5 %, so look twice. Decisions of 04_experiments and 09_plan and what messages do to clicks hold over
twelve, as their rows say; groups of buyers are searched once, and later reports keep what was found, or that none was.
Of claims that are just as often wrong as they may be, one cell in forty has bounds above the nominal share. Such cells were
tried again on 2026-11-30, on as many other draws as are named or more of the same: a tier is served sooner, 3,000: 6.1 (5.0
to 7.5) of 1,500; requests of one group wait longer, 300: 5.7 (4.9 to 6.6) of 3,000; more leave after a dearer plan, 300: 5.2
(4.3 to 6.3) of 2,000; interval of a lift, 3,000: 5.1 of 6,000 others. Above it they stay of frequent customers' spend,
6.5 and 6.3 of 3,000 at 50 and 300, and of the trial of a forecast, 6.2 of 4,000 at 50.
Made by `make calibration`, in {seconds:,.0f} CPU s all together; `make calibration CLAIMS=lift` tries the lines that say
“lift” alone. `tests/claims.py` says how, `tests/claims_of_*.py` hold the simulations, a short form runs in `make test`.

"""


def main(words: list[str]) -> None:
    """Tries these claims, or every one, and writes the page."""
    began = time.process_time()
    PAGE.write_text(page(words, PAGE.read_text(encoding="utf-8")), encoding="utf-8")
    print(f"{PAGE.name}: {time.process_time() - began:.0f} CPU s")


if __name__ == "__main__":
    main(sys.argv[1:])
