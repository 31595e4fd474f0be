"""Sets of places as bits, beside Python's own."""

import hashlib
import pickle

import ibis
import numpy as np
import pandas as pd

from helpers.data import engine


def test_every_place_of_a_64_bit_number_is_set_and_read_by_itself():
    rows = ibis.memtable(pd.DataFrame({"place": range(engine.PLACES)}))
    each = rows.group_by("place").agg(bits=engine.bits(rows.place)).execute().set_index("place")["bits"]
    assert each.to_dict() == {place: 1 << place for place in range(63)}
    assert int(engine.bits(rows.place).execute()) == 2**63 - 1
    shifted = rows.select("place", rest=engine.bits_from(ibis.literal(2**62 + 5, "int64"), rows.place)).execute()
    assert shifted["rest"].to_list() == [(2**62 + 5) >> place for place in shifted["place"]]


def test_a_place_of_several_rows_is_set_once():
    rows = ibis.memtable(pd.DataFrame({"place": [3, 62, 3, 0, 62]}))
    assert int(engine.bits(rows.place).execute()) == 2**62 + 2**3 + 1


def test_places_where_nothing_holds_have_no_bits():
    rows = ibis.memtable(pd.DataFrame({"place": [3, 40]}))
    assert pd.isna(engine.bits(rows.place, where=rows.place > 50).execute())
    assert engine.bits(rows.place, where=rows.place > 30).execute() == 2**40


def test_a_bucket_hangs_on_the_text_of_a_key_alone_and_all_are_used():
    keys = [*(f"客户-{number}" for number in range(2_000)), "7"]
    rows = ibis.memtable(pd.DataFrame({"key": keys}))
    found = rows.select(bucket=engine.bucket(rows.key, 62)).execute()["bucket"]
    assert found.to_list() == [int(hashlib.md5(key.encode()).hexdigest()[:2], 16) % 62 for key in keys]
    assert found.nunique() == 62 and np.bincount(found).max() < 3 * len(keys) / 62
    numbers = ibis.memtable(pd.DataFrame({"key": [7]}))
    assert int(numbers.select(bucket=engine.bucket(numbers.key, 62)).execute()["bucket"][0]) == found.iloc[-1]


def test_an_expression_comes_back_from_a_pickle():
    table = ibis.table({"place": "int64"}, name="rows")
    expression = table.aggregate(there=engine.bits(table.place))
    assert pickle.loads(pickle.dumps(expression)).equals(expression)
