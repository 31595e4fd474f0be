"""The roof: a run in, a dated folder of pages and tables out.

`run` does what an `order` asks. In its `production` `notebooks` finds them, `schedule` puts them in order, `kernels`
runs them, forked from one `fork_server`, `pages` are printed, `records` lets out what may leave, `editions` hold what
there is once a language, and `manifest` keeps the record with the `content` and other `dependencies` of all pages;
`folder` swaps it in whole. A `predecessor` of the same day gives pages that stay, with their `outputs`; reports of the
`past` what is no news; `exports` are files for others, `erasure` takes customers out of all of it, `pruning` removes
old reports.
"""
