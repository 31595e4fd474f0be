"""What `kehu doctor` finds: whether this machine has what a report needs, and how the last reports ended."""

from __future__ import annotations

import os
import platform
import shutil
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from importlib import metadata
from pathlib import Path

from packaging.requirements import Requirement

from helpers.cli.endings import FULL, of_the_system
from helpers.language import _

OK, NOTE, STOP = "ok", "note", "stop"  # what stops a report is told as such
GIGABYTE = 1 << 30
LEAST, SCARCE = GIGABYTE // 2, 3 * GIGABYTE  # room on a disk: for one report, for many
PROBE = 1 << 20  # bytes, that are written to see whether one can


@dataclass(frozen=True)
class Line:
    """One thing that was looked at: how it stands, and the remedy where it does not stand well."""

    state: str
    told: str
    remedy: str = ""

    def __str__(self) -> str:
        """The line in the language that is spoken."""
        if self.remedy:
            return _("{state}: {told}. {remedy}").format(state=word(self.state), told=self.told, remedy=self.remedy)
        return _("{state}: {told}").format(state=word(self.state), told=self.told)


def lines(out: Path) -> Iterator[Line]:
    """All that was looked at, in order; the reports are those under `out`."""
    from helpers.data import datasets

    yield from _packages()
    yield from _typefaces()
    yield _browser()
    temporary = Path(tempfile.gettempdir())
    places = {out: _("reports"), datasets.PREPARED: _("prepared data"), temporary: _("temporary files")}
    for folder, name in places.items():
        yield from _place(folder, name)
    yield from _last_runs(out)


def word(state: str) -> str:
    """How a state is called, in the language that is spoken."""
    return {OK: _("ok"), NOTE: _("note"), STOP: _("STOPS A REPORT")}[state]


def _packages() -> Iterator[Line]:
    from helpers.reports.manifest import commit

    version = {"kehu": metadata.version("kehu"), "commit": (commit() or "–")[:12], "python": platform.python_version()}
    yield Line(OK, _("Kehu {kehu} ({commit}), Python {python}").format(**version))
    asked = [Requirement(line) for line in metadata.requires("kehu") or []]
    wrong = [f"{each.name} {_installed(each.name) or '–'}" for each in asked if not _is_met(each)]
    if wrong:
        words = _("packages that are missing or of another version: {packages}")
        yield Line(STOP, words.format(packages=", ".join(wrong)), _("Install what uv.lock holds: run make report."))
    else:
        yield Line(OK, _("packages: all {number} as asked for").format(number=len(asked)))


def _is_met(asked: Requirement) -> bool:
    if asked.marker and not asked.marker.evaluate({"extra": ""}):
        return True
    return asked.specifier.contains(_installed(asked.name) or "0", prereleases=True)


def _installed(name: str) -> str:
    try:
        return metadata.version(name)
    except metadata.PackageNotFoundError:
        return ""


def _typefaces() -> Iterator[Line]:
    """The typefaces that pages carry; those of the machine are needed by nothing."""
    from helpers.findings.drawing import typeface

    for name, font in ((_("Chinese typeface"), typeface.han_font), (_("typeface of figures"), typeface.figure_font)):
        try:
            is_there = font().is_file()
        except ModuleNotFoundError:
            is_there = False
        if is_there:
            yield Line(OK, _("{typeface}: pages carry it, this machine needs none").format(typeface=name))
        else:
            remedy = _("Install what uv.lock holds: run make report.")
            yield Line(STOP, _("{typeface}: its package is missing").format(typeface=name), remedy)


def _browser() -> Line:
    from helpers.reports.exports import browsers

    program = browsers.found()
    if program and (version := browsers.version(program)):
        return Line(OK, version)
    remedy = _("Only --pdf needs it. Install it, or say where it is with KEHU_CHROMIUM.")
    return Line(NOTE, _("Chromium: not there, or it does not run"), remedy)


def _place(folder: Path, name: str) -> Iterator[Line]:
    """Whether one can write in a folder, or make it, and how much room there is."""
    there = next(path for path in (folder, *folder.absolute().parents) if path.exists())
    shown = os.path.relpath(folder) if folder.absolute().is_relative_to(Path.cwd()) else str(folder)
    try:
        with tempfile.TemporaryFile(dir=there) as probe:
            probe.write(bytes(PROBE))
            probe.flush()
            os.fsync(probe.fileno())
    except OSError as error:
        error.filename = str(folder)
        told = _("{name}: nothing can be written to {folder}").format(name=name, folder=shown)
        full = _("The disk is full. Make room: kehu prune removes old reports.")
        yield Line(STOP, told, full if error.errno in FULL else of_the_system(error))
        return
    free = shutil.disk_usage(there).free
    room = _("{name}: {folder} can be written to, {free:,.1f} GB free").format(
        name=name, folder=shown, free=free / GIGABYTE
    )
    state = STOP if free < LEAST else NOTE if free < SCARCE else OK
    yield Line(state, room, "" if state == OK else _("Make room; kehu prune removes old reports."))


def _last_runs(out: Path) -> Iterator[Line]:
    """How the newest report of each data set ended."""
    from helpers.reports import folder

    there = folder.reports(out) if out.is_dir() else {}
    for name, days in there.items():
        record = folder.record(out / name / days[-1])
        pages = record.get("notebooks", {})
        failed = [word for word, page in pages.items() if page.get("status") != "completed" or "renewal" in page]
        known = {
            "name": name, "day": days[-1], "reports": len(days), "at": record.get("started_at", "–"),
            "seconds": record.get("seconds", 0), "whole": len(pages) - len(failed), "pages": len(pages),
        }  # fmt: skip
        words = _(
            "{name}: {reports} reports, the newest of {day}, made at {at} in {seconds:,.0f} s: {whole} of {pages} pages"
        )
        remedy = _("Its pages say why: {pages}.").format(pages=", ".join(failed)) if failed else ""
        yield Line(NOTE if failed else OK, words.format(**known), remedy)
    if not there:
        yield Line(NOTE, _("reports: none yet"), _("Make one: kehu report."))
