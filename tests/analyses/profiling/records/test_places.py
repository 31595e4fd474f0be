"""Tables, columns and readings as sentences name them in either language."""

from __future__ import annotations

import pandas as pd

from helpers import language
from helpers.analyses.profiling.records import places
from helpers.analyses.profiling.vocabulary import IN_TABLE
from helpers.data import contracts


def test_every_table_of_the_contract_has_a_name():
    assert set(IN_TABLE.words) == set(contracts.TABLES)


def test_columns_and_readings_are_named_in_the_language_spoken():
    named = [
        places.column_of("orders", "paid_at"),
        places.Reading("decimal comma, €"),
    ]
    assert [str(each) for each in named] == ["“Paid at” of the orders", "decimal comma, €"]
    with language.spoken("zh"):
        assert [str(each) for each in named] == ["订单表的“支付时间”", "小数逗号, €"]


def test_a_figure_names_a_column_with_its_table_in_the_language_spoken():
    tables, columns = pd.Series(["orders", "order_items"]), pd.Series(["paid_at", "own_word"])
    assert places.drawn(tables, columns).to_list() == ["orders · Paid at", "order items · Own word"]
    with language.spoken("zh"):
        assert places.drawn(tables, columns).to_list() == ["订单 · 支付时间", "订单明细 · Own word"]
