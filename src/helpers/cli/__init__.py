"""The command line: `kehu report`, `kehu check`, `kehu init` and `kehu lab`.

`application` has the commands, `reporting` the one that makes reports, of past days by `backfill`, `options` what they
share; `progress` tells how a run gets on, `accounts` what it reads and wrote, in a `log`, `results` what became of it,
which `hooks` pass on; `endings` has exit codes and sentences for errors; `check_page` is what `kehu check`
prints, `doctor` what `kehu doctor` finds.
"""

from helpers.cli.application import app

__all__ = ["app"]
