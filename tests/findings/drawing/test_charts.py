from __future__ import annotations

from itertools import pairwise

import matplotlib as mpl
import matplotlib.pyplot as plt
import numpy as np
import pandas as pd
import pytest
from matplotlib.colors import to_hex

from helpers import language
from helpers.findings import Column, Kind
from helpers.findings.drawing import axes, charts
from helpers.findings.drawing.ink import COLOURS
from helpers.findings.vocabulary import CUSTOMER_SHARE, CUSTOMERS, REVENUE_SHARE

CHANGE = Column("change", Kind.NUMBER, "")
HAZARD_RATIO = Column("hazard_ratio", Kind.NUMBER, "")
LEAVE_RATE = Column("leave_rate", Kind.SHARE, "")
LEFT_SHARE = Column("left_share", Kind.SHARE, "")
RATE = Column("rate", Kind.SHARE, "")
SURVIVAL = Column("survival", Kind.SHARE, "")
TENURE_DAYS = Column("tenure_days", Kind.DAYS, "")
VALUE = Column("value", Kind.NUMBER, "")
X = Column("x", Kind.NUMBER, "")
Y = Column("y", Kind.NUMBER, "")

TIMES = np.array([0, 10, 20])
PLANS = pd.DataFrame(
    {
        "plan": ["年付"] * 3 + ["月付"] * 3,
        "tenure_days": np.tile(TIMES, 2),
        "survival": [1, 0.9, 0.8, 1, 0.6, 0.3],
        "lower": [1, 0.8, 0.7, 1, 0.5, 0.2],
        "upper": [1, 0.95, 0.9, 1, 0.7, 0.4],
        "at_risk": [100, 80, 60, 2000, 900, 20],
    }
)
ODDS = pd.DataFrame({"what": ["b", "a"], "hazard_ratio": [2.0, 0.5], "lower": [1.5, 0.2], "upper": [3.0, 1.2]})
LEVELS = pd.DataFrame({"level": ["gold", "iron"], "customers": [3000, 10], "share": [0.997, 0.003]})
PAIRS = pd.DataFrame({"level": ["b", "b", "a"], "month": [2, 1, 2], "rate": [0.1, 0.2, 0.4]})
CURVE = pd.DataFrame({"customer_share": [0, 0.5, 1], "revenue_share": [0, 0.1, 1]})
SHARES = pd.DataFrame({"reason": ["价格", "价格", "服务"], "tenure_days": [0, 20, 10], "left_share": [0.1, 0.3, 0.2]})

EVERY_CHART = {
    "bars": lambda ax: charts.bars(LEVELS, value=CUSTOMERS, label="level", share="share", ax=ax),
    "stacked_steps": lambda ax: charts.stacked_steps(SHARES, x=TENURE_DAYS, y=LEFT_SHARE, part="reason", ax=ax),
    "stacked_bars": lambda ax: charts.stacked_bars(PAIRS, value=RATE, label="level", part="month", ax=ax),
    "grouped_bars": lambda ax: charts.grouped_bars(PAIRS, value=RATE, label="level", group="month", ax=ax),
    "line": lambda ax: charts.line(PLANS, x=TENURE_DAYS, y=SURVIVAL, group="plan", ax=ax),
    "steps": lambda ax: charts.steps(PLANS, x=TENURE_DAYS, y=SURVIVAL, group="plan", at_risk=PLANS, ax=ax),
    "forest": lambda ax: charts.forest(ODDS, estimate=HAZARD_RATIO, label="what", reference=1, log=True, ax=ax),
    "concentration": lambda ax: charts.concentration(CURVE, x=CUSTOMER_SHARE, y=REVENUE_SHARE, ax=ax),
    "heat_map": lambda ax: charts.heat_map(PAIRS, row="level", column="month", value=RATE, ax=ax),
}


@pytest.fixture(autouse=True)
def house_style():
    with mpl.rc_context():
        charts.style()
        yield
    plt.close("all")


def texts(ax) -> list[str]:
    return [text.get_text() for text in ax.texts]


def ticks(axis) -> list[str]:
    axis.get_figure().canvas.draw()
    return [tick.get_text() for tick in axis.get_ticklabels()]


@pytest.mark.parametrize("name", EVERY_CHART)
def test_every_chart_draws_on_the_axes_it_is_given_or_on_new_ones(name):
    _, given = plt.subplots()
    assert EVERY_CHART[name](given) is given
    assert given.has_data() or given.patches
    assert EVERY_CHART[name](None) is not given


def test_every_chart_is_tried_above():
    assert {*EVERY_CHART, "style"} == set(charts.__all__)


def test_tables_are_left_as_they_were():
    tables = [PLANS, ODDS, LEVELS, PAIRS, CURVE]
    before = [table.copy() for table in tables]
    for draw in EVERY_CHART.values():
        draw(None)
    for table, copy in zip(tables, before, strict=True):
        pd.testing.assert_frame_equal(table, copy)


def test_bars_keep_the_order_given_from_the_top_and_say_value_and_share():
    ax = EVERY_CHART["bars"](None)
    assert [bar.get_width() for bar in ax.patches] == [3000, 10]
    assert [label.get_text() for label in ax.get_yticklabels()] == ["gold", "iron"]
    assert ax.yaxis_inverted()
    assert ax.get_xlabel() == "Customers"
    assert texts(ax) == ["3,000  (99.7%)", "10  (0.30%)"]


def test_bars_write_the_value_of_a_negative_bar_on_its_left_and_of_a_missing_one_as_missing():
    ax = charts.bars(pd.DataFrame({"level": ["a", "b"], "change": [-5.0, np.nan]}), value=CHANGE, label="level")
    assert texts(ax) == ["−5", "–"]
    assert ax.texts[0].get_ha() == "right"


def test_bars_of_one_name_stay_apart():
    ax = charts.bars(
        pd.DataFrame({"level": ["a", "a"], "change": [1.0, 3.0]}, index=[7, 7]), value=CHANGE, label="level"
    )
    assert [bar.get_width() for bar in ax.patches] == [1, 3]


def test_bars_that_are_all_missing_are_told_from_a_drawing():
    ax = charts.bars(pd.DataFrame({"level": ["a", "b"], "change": [np.nan] * 2}), value=CHANGE, label="level")
    assert axes.is_empty(ax)


def nothing(table):
    """The table without a row that is known."""
    return table.iloc[:0]


@pytest.mark.filterwarnings("error")
@pytest.mark.parametrize(
    "draw",
    [
        lambda: charts.forest(nothing(ODDS), estimate=HAZARD_RATIO, label="what", log=True),
        lambda: charts.heat_map(PAIRS.assign(rate=np.nan), row="level", column="month", value=RATE),
        lambda: charts.heat_map(nothing(PAIRS), row="level", column="month", value=RATE),
    ],
    ids=["a forest of no row", "a heat map of missing values", "a heat map of no row"],
)
def test_a_drawing_of_nothing_is_empty_and_warns_of_nothing(draw):
    assert axes.is_empty(draw())


@pytest.mark.filterwarnings("error")
def test_numbers_at_risk_beyond_the_end_of_a_curve_have_room():
    known = PLANS.assign(survival=PLANS["survival"].where(PLANS["tenure_days"] < 20))
    ax = charts.steps(known.dropna(), x=TENURE_DAYS, y=SURVIVAL, group="plan", at_risk=PLANS)
    ax.get_figure().draw_without_rendering()
    assert ax.get_xlim()[1] >= 20


@pytest.mark.filterwarnings("error")
def test_very_long_names_leave_room_for_the_drawing():
    named = PAIRS.assign(level=["long " * 2_000, "long " * 2_000, "line\r\nfeed"], month=["month " * 300, "a", "b"])
    ax = charts.heat_map(named, row="level", column="month", value=RATE)
    ax.get_figure().draw_without_rendering()
    assert max(len(label.get_text()) for label in (*ax.get_yticklabels(), *ax.get_xticklabels())) <= 60


def test_a_line_has_a_gap_where_its_value_is_missing():
    table = pd.DataFrame({"tenure_days": [0, 10, 20], "survival": [1.0, np.nan, 0.5]})
    np.testing.assert_array_equal(charts.line(table, x=TENURE_DAYS, y=SURVIVAL).lines[0].get_ydata(), [1, np.nan, 0.5])


def test_an_interval_without_end_is_drawn_to_beyond_all_others():
    odds = ODDS.assign(upper=[np.inf, 1.2])
    ax = charts.forest(odds, estimate=HAZARD_RATIO, label="what")
    (endless, known) = ax.collections[0].get_segments()
    assert endless[1, 0] > odds["lower"].max() and np.isfinite(endless).all()
    assert known[:, 0].tolist() == [0.2, 1.2]


def test_stacked_parts_begin_where_the_one_before_ends():
    ax = EVERY_CHART["stacked_bars"](None)
    drawn = [(bar.get_x(), bar.get_width()) for bar in ax.patches]
    assert drawn == pytest.approx(np.array([(0, 0.1), (0, 0.4), (0.1, 0.2), (0.4, 0.0)]))
    assert [text.get_text() for text in ax.get_legend().get_texts()] == ["2", "1"]


def test_stacked_bars_below_zero_go_to_the_left_of_it():
    table = pd.DataFrame({"month": ["1"] * 3, "stage": ["new", "back", "gone"], "customers": [3, 2, -4]})
    ax = charts.stacked_bars(table, value=CUSTOMERS, label="month", part="stage")
    drawn = [(bar.get_x(), bar.get_width()) for bar in ax.patches]
    assert drawn == [(0, 3), (3, 2), (0, -4)]


def test_stacked_steps_hold_until_their_next_row_and_start_at_nothing():
    ax = EVERY_CHART["stacked_steps"](None)
    lower, upper = ({tuple(point) for point in area.get_paths()[0].vertices.round(9)} for area in ax.collections)
    assert {(0, 0.1), (10, 0.1), (20, 0.3)} <= lower
    assert {(10, 0.1), (10, 0.3), (20, 0.3), (20, 0.5)} <= upper


def test_grouped_bars_do_not_overlap():
    ax = EVERY_CHART["grouped_bars"](None)
    spans = sorted((bar.get_y(), bar.get_y() + bar.get_height()) for bar in ax.patches)
    assert all(end <= start + 1e-9 for (_, end), (start, _) in zip(spans, spans[1:], strict=False))


def test_steps_hold_their_value_and_groups_have_their_own_colour():
    ax = EVERY_CHART["steps"](None)
    assert [line.get_drawstyle() for line in ax.lines] == ["steps-post"] * 2
    assert [line.get_color() for line in ax.lines] == list(COLOURS[:2])
    np.testing.assert_array_equal(ax.lines[1].get_ydata(), [1, 0.6, 0.3])
    assert ax.get_ylim()[0] == 0


def test_the_band_is_drawn_between_its_limits():
    ax = charts.line(PLANS[:3], x=TENURE_DAYS, y=SURVIVAL, band=("lower", "upper"))
    corners = ax.collections[0].get_paths()[0].vertices
    assert corners[:, 1].min() == 0.7
    assert {(10, 0.8), (10, 0.95)} <= set(map(tuple, corners))


def test_a_value_between_gaps_is_a_point_and_has_a_band_where_it_is_known_only():
    rows = pd.DataFrame({"x": range(5), "y": [1, np.nan, 3, np.nan, 5], "lower": range(5), "upper": range(2, 7)})
    ax = charts.line(rows, x=X, y=Y, band=("lower", "upper"))
    assert [*ax.lines[1].get_xdata()] == [0, 2, 4]
    assert sum(len(path.vertices) > 0 for path in ax.collections[0].get_paths()) == 3


@pytest.mark.parametrize(("groups", "bands"), [(4, 4), (5, 0)])
@pytest.mark.parametrize("chart", [charts.line, charts.steps])
def test_more_than_four_groups_have_no_bands_which_would_lie_on_one_another(chart, groups, bands):
    rows = PLANS.head(3)
    many = pd.concat([rows.assign(plan=str(n)) for n in range(groups)])
    ax = chart(many, x=TENURE_DAYS, y=SURVIVAL, group="plan", band=("lower", "upper"))
    assert len(ax.collections) == bands


def test_the_numbers_at_risk_stand_beneath_their_times_in_their_group_s_line():
    ax = EVERY_CHART["steps"](None)
    assert texts(ax) == ["At risk", "年付", "100", "80", "60", "月付", "2,000", "900", "20"]
    places = {text.get_text(): (text.xy[0], text.xyann[1]) for text in ax.texts}
    assert [places[count][0] for count in ("2,000", "900", "20")] == [0, 10, 20]
    assert places["月付"][1] == places["900"][1] < places["80"][1]
    assert ax.get_xticks().tolist() == [0, 10, 20]


def test_what_a_chart_draws_of_its_own_is_said_in_the_language_spoken():
    with language.spoken("zh"):
        assert texts(EVERY_CHART["steps"](None))[0] == "仍在观察"


def test_a_survival_axis_is_in_percent():
    assert "100%" in ticks(EVERY_CHART["steps"](None).yaxis)


def test_forest_rows_read_from_the_top_with_their_intervals_on_a_log_scale_of_plain_numbers():
    ax = EVERY_CHART["forest"](None)
    intervals = [segment.tolist() for segment in ax.collections[0].get_segments()]
    assert intervals == [[[1.5, 0], [3.0, 0]], [[0.2, 1], [1.2, 1]]]
    assert ax.get_xscale() == "log"
    assert {"0.5", "1", "2"} <= set(ticks(ax.xaxis))
    assert ax.lines[0].get_xdata() == [1, 1]


def test_a_forest_has_no_row_for_what_is_not_shown():
    rows = pd.DataFrame({"group": ["a", "b", "c"], "rate": [0.2, np.nan, 0.3], "lower": 0.1, "upper": 0.4})
    ax = charts.forest(rows.assign(lower=rows["lower"].where(rows["rate"].notna())), estimate=RATE, label="group")
    assert [label.get_text() for label in ax.get_yticklabels()] == ["a", "c"]
    assert axes.is_empty(charts.forest(rows.assign(rate=np.nan), estimate=RATE, label="group"))


def test_forest_groups_stand_one_below_the_other_at_their_row():
    both = pd.concat([ODDS.assign(view="rate"), ODDS.assign(view="share")])
    ax = charts.forest(both, estimate=HAZARD_RATIO, label="what", group="view")
    heights = [list(collection.get_segments()[row][0])[1] for row in (0, 1) for collection in ax.collections]
    assert heights == sorted(heights)
    assert [round(height) for height in heights] == [0, 0, 1, 1]
    assert ticks(ax.yaxis) == list(ODDS["what"])
    assert [text.get_text() for text in ax.get_legend().get_texts()] == ["rate", "share"]


def test_a_line_of_ratios_may_have_a_log_scale_of_plain_numbers():
    drift = pd.DataFrame({"tenure_days": [0, 100, 200], "hazard_ratio": [0.2, 1.0, 5.0]})
    ax = charts.line(drift, x=TENURE_DAYS, y=HAZARD_RATIO, log=True)
    assert ax.get_yscale() == "log"
    assert {"0.5", "1", "2"} <= set(ticks(ax.yaxis))
    assert ax.get_ylabel() == HAZARD_RATIO.above()
    assert charts.line(drift, x=TENURE_DAYS, y=HAZARD_RATIO).get_yscale() == "linear"


def test_a_narrow_log_scale_still_has_several_ticks():
    near = pd.DataFrame({"what": ["a"], "hazard_ratio": [1.1], "lower": [0.9], "upper": [1.3]})
    ax = charts.forest(near, estimate=HAZARD_RATIO, label="what", log=True)
    low, high = ax.get_xlim()
    assert sum(low <= tick <= high for tick in ax.get_xticks()) >= 3


def test_concentration_is_drawn_against_the_diagonal():
    diagonal, curve = EVERY_CHART["concentration"](None).lines
    assert list(diagonal.get_xdata()) == list(diagonal.get_ydata()) == [0, 1]
    np.testing.assert_array_equal(curve.get_ydata(), CURVE["revenue_share"])


def test_heat_map_cells_deepen_with_their_value_and_missing_pairs_stay_empty():
    ax = EVERY_CHART["heat_map"](None)
    assert texts(ax) == ["10.0%", "20.0%", "40.0%"]
    (cells,) = ax.collections
    values = cells.get_array().ravel()
    depth = cells.to_rgba(values[~values.mask])[:, 3]
    assert sorted(set(depth)) == list(depth) and len(depth) == 3
    assert max(depth) <= charts.DEEPEST_ALPHA
    assert [text.get_position() for text in ax.texts] == [(0.5, 0.5), (1.5, 0.5), (0.5, 1.5)]


def test_one_group_needs_no_legend():
    assert charts.line(PLANS[:3], x=TENURE_DAYS, y=SURVIVAL).get_legend() is None


def test_more_groups_than_colours_differ_by_their_dashes():
    many = pd.DataFrame({"g": np.repeat(np.arange(8), 2), "x": [0, 1] * 8, "y": np.arange(16)})
    ax = charts.line(many, x=X, y=Y, group="g")
    looks = {(to_hex(line.get_color()), line.get_linestyle()) for line in ax.lines}
    assert len(looks) == 8


def test_names_beneath_a_grid_are_broken_at_their_spaces_to_the_width_of_a_cell():
    tiers = ["Rubies 钻石会员", "Jade 金卡会员", "2025-01", "view_item", "4"]
    table = pd.DataFrame({"row": "a", "column": tiers, "value": range(5)})
    ax = charts.heat_map(table, row="row", column="column", value=VALUE)
    shown = [label.get_text() for label in ax.get_xticklabels()]
    assert shown == ["Rubies\n钻石会员", "Jade\n金卡会员", "2025-01", "view_item", "4"]


def test_names_of_two_lines_beside_rows_have_room():
    names = [f"Frequent, small baskets 一般价值客户 {n}" for n in range(5)]
    ax = charts.bars(pd.DataFrame({"segment": names, "customers": 5}), value=CUSTOMERS, label="segment")
    ax.get_figure().draw_without_rendering()
    boxes = [name.get_window_extent() for name in ax.get_yticklabels()]
    assert all(lower.y1 <= upper.y0 for upper, lower in pairwise(boxes))


def test_names_beneath_a_grid_do_not_touch():
    quarters = [f"{year} Q{quarter}" for year in (2024, 2025) for quarter in (1, 2, 3, 4)]
    table = pd.DataFrame({"cohort": "2024 Q1", "period": quarters, "leave_rate": 0.1})
    ax = charts.heat_map(table, row="cohort", column="period", value=LEAVE_RATE)
    ax.get_figure().draw_without_rendering()
    boxes = [name.get_window_extent() for name in ax.get_xticklabels()]
    assert all(after.x0 - before.x1 > 5 for before, after in pairwise(boxes))
