"""The days of past reports that a range asks for: in order, so that each knows the one before."""

from __future__ import annotations

import calendar
import datetime as dt
import traceback
from collections.abc import Callable, Iterator, Sequence

import typer

from helpers import parameters
from helpers.cli import log
from helpers.cli.endings import INTERRUPTED
from helpers.language import _

RANGE = ".."  # between its first day and the last one possible
DAYS = {"day": 1, "week": 7}
MONTHS = {"month": 1, "quarter": 3}
EVERY = (*DAYS, *MONTHS)


def days(as_of: str, every: str) -> list[str]:
    """The days that `as_of` asks for: of a range its first one, and on from it at each step; else itself.

    Steps of months keep the day of the month, or the month's last where it is shorter; a first day that ends its month
    stands for ends of months. Raises ValueError for a range that cannot be.
    """
    if RANGE not in as_of:
        if every:
            raise ValueError(
                _("every = {every!r}: it parts a range. Give --as-of FIRST..LAST too.").format(every=every)
            )
        return [as_of]
    first, last = (parameters.date("as_of", end.strip()) for end in as_of.split(RANGE, 1))
    if first is None or last is None or first > last:
        raise ValueError(_("as_of = {as_of!r}: write FIRST..LAST, the earlier day first.").format(as_of=as_of))
    parameters.one_of("every", every, EVERY)
    found = []
    for day in _steps(first, every):
        if day > last:
            break
        found.append(str(day))
    return found


def each(days: Sequence[str], make: Callable[[str], None]) -> None:
    """Makes the reports of the days one after the other, and says how far it is; one that fails does not end the rest.

    `make` says by itself what fails, and raises typer.Exit; of a fault of ours the traceback is shown. An
    interrupt ends all.
    """
    for place, day in enumerate(days, 1):
        if len(days) > 1:
            log.say(_("Report {place} of {days}: {day}").format(place=place, days=len(days), day=day))
        try:
            make(day)
        except typer.Exit as ended:
            if ended.exit_code == INTERRUPTED:
                raise
        except Exception:
            if len(days) == 1:
                raise
            traceback.print_exc()


def _steps(first: dt.date, every: str) -> Iterator[dt.date]:
    """The first day and those after it, without an end but that of the calendar."""
    is_end = first.day == _length(first.year, first.month)
    for step in range(dt.date.max.toordinal() - first.toordinal()):
        if every in DAYS:
            yield first + dt.timedelta(days=step * DAYS[every])
            continue
        year, month = divmod(first.year * 12 + first.month - 1 + step * MONTHS[every], 12)
        length = _length(year, month + 1)
        yield dt.date(year, month + 1, length if is_end else min(first.day, length))


def _length(year: int, month: int) -> int:
    return calendar.monthrange(year, month)[1]
