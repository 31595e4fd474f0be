"""The roof: a run in, a dated folder of pages and tables out.

`run` does what an `order` asks: `notebooks` finds them, `schedule` puts them in order, `kernels` runs them, `pages` are
printed, `records` lets out what may leave of the raw data, `editions` hold what there is once a language, `manifest`
keeps the record with the `content` that all is made of, `folder` swaps it in whole. A `predecessor` of the same day
gives pages that stay, reports of the `past` what is no news; `exports` are files for others, `erasure` takes customers
out of all of it, `pruning` removes old reports.
"""
