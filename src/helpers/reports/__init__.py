"""The roof: a run in, a dated folder of pages and tables out.

`run` does what an `order` asks: `notebooks` finds them, `schedule` puts them in order, `kernels` runs them, `proof` and
`publish` print them, `prose` speaks what their authors wrote, `anchors` names the places that links lead to,
`downloads` offers saved tables, `search` finds words on all pages, `disclosure` lets out what may leave, `manifest`
keeps the record, `folder` swaps it in whole.
"""
