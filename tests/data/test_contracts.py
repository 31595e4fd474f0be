"""The contract is declared once, what is printed of it is that declaration, and undated tables can be read too."""

import datetime as dt
from pathlib import Path

from helpers.data import contracts, datasets

README = Path(__file__).parents[2] / "data" / "raw" / "README.md"


def test_the_readme_prints_the_contract_as_declared():
    """To renew it: python -c "from helpers.data import contracts; print(contracts.as_markdown())"."""
    assert contracts.as_markdown() in README.read_text(encoding="utf-8")


def test_keys_facts_and_orders_name_columns_of_their_table():
    for table in contracts.TABLES.values():
        named = {*table.key, table.fact_at, *(table.not_before or ())} - {""}
        assert named <= {column.name for column in table.columns}


def test_goods_have_no_day_and_plans_only_that_on_which_they_were_made(tmp_path):
    goods = "product_id,price,sold_until,once\np1,100,2031-12-31,no\np2,50,,yes\np2,50,,yes\n"
    head = "action_key,customer_id,action,arm,planned_at,due_on,owner\n"
    plans = f"{head}k1,a,call,treat,2025-01-02,2025-06-30,Wu\nk2,b,call,holdout,2025-01-02,,Wu\nk3,c,call,?!,2025-01-02,,Wu\n"
    (tmp_path / "products.csv").write_text(goods)
    (tmp_path / "planned_actions.csv").write_text(plans)
    tables = [f"[tables.{name}]\nfile = '{name}.csv'" for name in ("products", "planned_actions")]
    (tmp_path / "dataset.toml").write_text("\n".join(tables))
    data = datasets.open(tmp_path, prepared=tmp_path / "prepared")
    assert data.as_of == dt.date(2025, 1, 2) and data.set_by == ("planned_actions.planned_at",)
    assert set(data.days["column"]) == {"planned_at"} and data.customers["customer_id"].tolist() == ["a", "b"]
    told = data.accounting.set_index(["table", "outcome", "rule"])["rows"].to_dict()
    assert told["planned_actions", "quarantined", "arm is none of: treat, holdout"] == 1
    assert told["products", "merged", "product_id repeats"] == 1
    kept = [
        data.tables[name][column].count().execute()
        for name, column in (("products", "sold_until"), ("planned_actions", "due_on"))
    ]
    assert kept == [1, 1]
