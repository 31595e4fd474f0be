"""The command line: `kehu report`, `kehu check`, `kehu init` and `kehu lab`.

`application` has the commands; `progress` tells how a run gets on, `accounts` what it reads and wrote; `endings` has
exit codes and sentences for errors; `check_page` is what `kehu check` prints.
"""

from helpers.cli.application import app

__all__ = ["app"]
