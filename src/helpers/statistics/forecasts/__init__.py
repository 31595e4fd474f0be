"""What is to come of a daily sum, with how far such forecasts were off before.

    period_sum(daily, ahead=0, length=90).total

`period_sums` forecasts the sum of some days to come from the days there are, and draws its interval from its own past.
"""

from helpers.statistics.forecasts.period_sums import Forecast, Method, period_sum

__all__ = ["Forecast", "Method", "period_sum"]
