"""Who is erased is in nothing that was made of the data, and a later run is as if they had never been in them."""

from __future__ import annotations

import re
import stat
from types import SimpleNamespace

import pandas as pd
import pytest
from typer.testing import CliRunner

from helpers import cli
from helpers.data import datasets, privacy, tombstones
from helpers.data import shelf as shelves
from helpers.data.intake.feeds import COPIES
from helpers.data.intake.wording.plans import Plan
from helpers.findings import declarations, load, save
from helpers.reports import erasure, exports, records

WHO = "C-4711"
DAY = "2025-06-30"
TOML = """title = "A shop"
[tables.customers]
file = "customers.csv"
[tables.orders]
file = "orders.csv"
[tables.order_items]
file = "order_items.csv"
[tables.tickets]
file = "tickets.csv"
"""
FILES = {
    "customers.csv": ["customer_id,created_at,referred_by", "C-1,2024-01-01,", f"{WHO},2024-01-02,C-1", f"C-3,2024-01-03,{WHO}"],
    "orders.csv": ["order_id,customer_id,ordered_at,amount", "o1,C-1,2025-01-02,5", f"o2,{WHO},2025-01-03,6", "o3,C-3,2025-06-30,7"],
    "order_items.csv": ["order_id,product,quantity,amount", "o1,p,1,5", "o2,q,1,6", "o3,p,1,7"],
    "tickets.csv": ["ticket_id,customer_id,opened_at,category", "t1,C-1,2025-02-01,late", f"t2,{WHO},2025-02-02,lost"],
}  # fmt: skip


def shop(folder, without=()):
    """A data set in `folder`; the lines that hold one of the words `without` are left out."""
    folder.mkdir()
    (folder / "dataset.toml").write_text(TOML)
    for name, lines in FILES.items():
        kept = [line for line in lines if not any(word in line for word in without) or "referred" in line]
        (folder / name).write_text("\n".join(kept) + "\n")
    return folder


@pytest.fixture
def made(tmp_path, monkeypatch):
    """A prepared data set and two reports of it that tell of a customer everywhere a report can."""
    prepared = tmp_path / "prepared"
    monkeypatch.setattr(datasets, "PREPARED", prepared)
    monkeypatch.setattr(datasets.open, "__kwdefaults__", datasets.open.__kwdefaults__ | {"prepared": prepared})
    monkeypatch.setattr(privacy, "KEY_FILE", tmp_path / "pseudonym.key")
    home = shop(tmp_path / "shop")
    datasets.open(home)
    out = tmp_path / "reports"
    (alias,) = privacy.pseudonyms([WHO])
    rows = pd.DataFrame({"customer_id": ["C-1", WHO], "pseudonym": [*privacy.pseudonyms(["C-1"]), alias], "n": [1, 2]})
    names = ("action", "script", "offer_good", "action_key", "owner", "reason_1", "segment")
    actions = rows.assign(
        **dict.fromkeys(names, "a"), arm="treat", due_on=pd.Timestamp(DAY), channel="企业微信", priority=1
    )
    for day in ("2025-05-31", DAY):
        report = out / "shop" / day
        save(rows, report / "tables", "advocates")
        save(actions, report / "tables", "actions")
        (report / "notebooks").mkdir()
        (report / "index.html").write_text("<p>5,000 customers</p>", encoding="utf-8")
        (report / "feedback.html").write_text(f"<td>{alias}</td><td>{WHO}</td><td>x{WHO}</td>", encoding="utf-8")
        (report / "notebooks" / "feedback.ipynb").write_text(f'{{"text": "{alias} told"}}', encoding="utf-8")
    plan = Plan()
    exports.write(load(report / "tables", "actions"), plan, report / "exports", ("fxiaoke", "wecom"))
    rows.to_parquet(out / "shop" / "plan_history.parquet")
    return SimpleNamespace(home=home, out=out, prepared=prepared, alias=alias)


def test_a_table_keeps_what_is_declared_of_it_and_a_list_that_was_withheld_does_not_come_back(made):
    tables = made.out / "shop" / DAY / "tables"
    save(records.snapshot(pd.DataFrame({"customer_id": ["C-1", WHO]}), 5), tables, "snapshot")
    (tables / "snapshot.csv").unlink()
    erasure.erase(str(made.home), "", [WHO], made.out)
    assert load(tables, "snapshot")["customer_id"].tolist() == ["C-1"]
    assert declarations.read(tables / "snapshot.parquet").is_a_list and not (tables / "snapshot.csv").exists()
    assert {stat.S_IMODE(path.stat().st_mode) for path in tables.glob("advocates.*")} == {0o600}


def telling(made):
    """The files under reports and prepared data that tell of the customer, whatever their kind."""
    found = []
    for path in [*made.out.rglob("*"), *made.prepared.rglob("*")]:
        if not path.is_file() or path.is_symlink():
            continue
        if path.suffix == ".parquet":
            text = pd.read_parquet(path).to_csv()
        elif path.suffix == ".xlsx":
            text = pd.read_excel(path, engine="calamine").to_csv()
        else:
            text = path.read_bytes().decode("utf-8", "replace")
        if re.search(rf"(?<!x){WHO}|{made.alias}|\bo2\b", text):
            found.append(path.name)
    return found


def test_nothing_that_was_made_tells_of_who_was_erased(made):
    assert {"advocates.csv", "actions.parquet", "feedback.html", "feedback.ipynb", "wecom.csv", "fxiaoke_accounts.xlsx",
            "plan_history.parquet", "orders.parquet"} <= set(telling(made))  # fmt: skip
    changes = erasure.erase(str(made.home), "", [WHO], made.out)
    assert telling(made) == []
    assert {change.path.name: change.rows for change in changes if change.rows} == {
        "advocates.parquet": 1, "actions.parquet": 1, "plan_history.parquet": 1,
    }  # fmt: skip
    assert load(made.out / "shop" / DAY / "tables", "advocates")["customer_id"].tolist() == ["C-1"]
    assert f"x{WHO}" in (made.out / "shop" / DAY / "feedback.html").read_text(encoding="utf-8")  # another's
    assert not telling(made)


def test_a_later_run_is_as_if_they_had_never_been_in_the_files(made, tmp_path):
    erasure.erase(str(made.home), "", [WHO], made.out)
    after = datasets.open(made.home)
    (tmp_path / "other").mkdir()
    same = shop(tmp_path / "other" / "shop", without=[f"{WHO},", "o2"])
    lines = (same / "customers.csv").read_text().replace(WHO, "")
    (same / "customers.csv").write_text(lines)
    never = datasets.open(same, prepared=tmp_path / "elsewhere")
    for name, table in never.tables.items():
        pd.testing.assert_frame_equal(after.tables[name].execute(), table.execute())
    pd.testing.assert_frame_equal(after.accounting, never.accounting)
    pd.testing.assert_frame_equal(after.customers, never.customers)
    assert telling(made) == []


def test_another_data_set_keeps_its_customer_of_that_number(made, tmp_path):
    erasure.erase(str(made.home), "", [WHO], made.out)
    other = datasets.open(shop(tmp_path / "shop-2"))
    assert WHO in set(other.customers["customer_id"])


def test_what_is_being_read_is_not_taken_away_and_who_is_erased_is_remembered(made):
    reading = datasets.open(made.home)
    with pytest.raises(ValueError, match=r"it is being read\. Close the notebooks"):
        erasure.erase(str(made.home), "", [WHO], made.out)
    assert tombstones.of(made.prepared, "shop").digests and reading.customers is not None


def test_a_short_number_is_blanked_in_tables_and_not_on_pages(made):
    page = made.out / "shop" / DAY / "index.html"
    page.write_text("<p>1001 customers</p>", encoding="utf-8")
    save(pd.DataFrame({"customer_id": ["1001", "1002"]}), page.parent / "tables", "value")
    erasure.erase(str(made.home), "", ["1001"], made.out)
    assert page.read_text(encoding="utf-8") == "<p>1001 customers</p>"
    assert load(page.parent / "tables", "value")["customer_id"].tolist() == ["1002"]


def test_the_command_prints_what_it_changed_and_reads_a_file(made, tmp_path):
    (tmp_path / "asked.txt").write_text(f"{WHO}\n\n", encoding="utf-8")
    words = ["--dataset", str(made.home), "--out", str(made.out), "--language", "en"]
    done = CliRunner().invoke(cli.app, ["erase", "--file", str(tmp_path / "asked.txt"), *words])
    assert done.exit_code == 0, done.output
    assert "advocates.parquet: rows removed: 1\n" in done.stdout and "places blanked: 2" in done.stdout
    assert done.stdout.endswith("Customers kept out of later runs: 1. Raw files stay as they are.\n")
    assert CliRunner().invoke(cli.app, ["erase", *words]).exit_code == 2


def test_rows_that_were_copied_from_a_database_go_too(made, tmp_path):
    (shelf,) = shelves.of("shop", tmp_path / "prepared")
    copy = shelf.path / COPIES / "orders-1a2b" / "rows.parquet"
    copy.parent.mkdir(parents=True)
    copy.write_bytes(WHO.encode())
    erasure.erase(str(tmp_path / "shop"), "", [WHO], tmp_path / "reports")
    assert not copy.exists()
