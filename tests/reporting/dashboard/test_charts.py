"""Drawings: where a number lands."""

from reporting.dashboard import charts
from reporting.dashboard.charts import BOTTOM, HEIGHT, LEFT, RIGHT, TOP, WIDTH


def test_shares_stand_between_the_edges_of_the_plot():
    assert charts.share_y(0) == HEIGHT - BOTTOM
    assert charts.share_y(1) == charts.share_y(1.2) == TOP
    assert charts.share_y(-0.1) == HEIGHT - BOTTOM


def test_a_month_without_referrals_is_a_gap_in_the_line():
    chart = charts.shares_over(["Jan", "Feb", "Mar"], [("Closed", "css", [0.5, None, 1.0])])
    (line,) = chart.lines
    assert line.path.count("M") == 2
    assert len(line.dots) == 2
    assert (chart.x[0].at, chart.x[-1].at) == (LEFT, WIDTH - RIGHT)


def test_a_single_month_is_drawn_too():
    chart = charts.shares_over(["Jan"], [("Closed", "css", [0.5])])
    assert chart.lines[0].dots == ((LEFT, charts.share_y(0.5)),)


def test_a_step_curve_goes_flat_to_the_last_day_and_no_further():
    chart = charts.steps_over_days([("This", "css", [(10, 0.4), (95, 0.9)], 90)], days=90, every=30)
    path = chart.lines[0].path
    assert path.endswith(f"H{WIDTH - RIGHT}.0")
    assert str(charts.share_y(0.9)) not in path
    assert [tick.label for tick in chart.x] == ["0", "30", "60", "90"]


def test_a_curve_ends_where_nothing_was_watched_so_long():
    path = charts.steps_over_days([("This", "css", [(10, 0.4)], 20)], days=90, every=30).lines[0].path
    assert path.endswith(f"H{charts.day_x(20, 90)}")


def test_a_curve_without_points_draws_nothing():
    assert charts.steps_over_days([("This", "css", [], 90)], days=90, every=30).lines[0].path == ""


def test_whatever_counts_anything_is_seen():
    assert charts.width_of(0, 500) == charts.width_of(0, 0) == 0
    assert charts.width_of(1, 5000) == 1
    assert charts.width_of(5000, 5000) == 100
