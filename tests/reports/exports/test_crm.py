"""Files for CRMs hold what is to be done, never those held out; they appear whole, and their owner alone reads them."""

from __future__ import annotations

import stat
import zipfile

import pandas as pd
import pytest
import python_calamine

from helpers.analyses import plan
from helpers.analyses.plan.past.execution import with_results
from helpers.analyses.plan.past.memory import typed
from helpers.data import datasets
from helpers.data.intake.wording.plans import Plan
from helpers.findings import save
from helpers.reports import exports
from helpers.reports.exports import crm

KINDS = ("generic", "zoho", "fxiaoke", "wecom")
SETTINGS = Plan(campaign_id="77", fields={"band": "Health"})


def listed(n=6):
    return pd.DataFrame(
        {
            "action_key": [f"k{place}" for place in range(n)], "customer_id": [f"c{place}" for place in range(n)],
            "action": "save_call", "arm": ["treat", "holdout"] * (n // 2), "plan_on": pd.Timestamp("2025-07-07"),
            "due_on": pd.Timestamp("2025-07-08"), "channel": ["call", "call", "企业微信", "企业微信", "SMS", "SMS"][:n],
            "owner": "=ann", "priority": range(1, n + 1), "reason_1": "Health: <red>|", "reason_2": "", "offer_good": "",
            "script": "Hi", "value_at_stake": 10.0, "expected_gain": 2.0, "cost": 1.0, "segment": "Champions",
            "tier": None, "band": "red", "health": 12.5, "leave_90d_rate": 0.25,
        }
    )  # fmt: skip


def read(path):
    if path.suffix == ".xlsx":
        head, *rows = python_calamine.CalamineWorkbook.from_path(path).get_sheet_by_index(0).to_python()
        return pd.DataFrame(rows, columns=head)
    return pd.read_csv(path, dtype=str, encoding="utf-8-sig", keep_default_na=False)


@pytest.fixture
def files(tmp_path):
    return {path.name: path for path in exports.write(listed(), SETTINGS, tmp_path / "exports", KINDS)}


def test_nobody_who_is_held_out_is_in_a_file(files):
    for path in files.values():
        text = path.read_bytes() if path.suffix == ".csv" else read(path).to_string().encode()
        assert not any(f"{letter}{held}".encode() in text for held in (1, 3, 5) for letter in "ck"), path.name


def test_their_owner_alone_reads_them(files):
    assert {stat.S_IMODE(path.stat().st_mode) for path in files.values()} == {0o600}
    assert stat.S_IMODE(next(iter(files.values())).parent.stat().st_mode) == 0o700


def test_a_csv_begins_with_the_mark_of_excel_and_runs_nothing(files):
    assert files["generic.csv"].read_bytes().startswith(b"\xef\xbb\xbf")
    assert set(read(files["generic.csv"])["owner"]) == {"'=ann"}


def test_zoho_gets_tasks_contacts_and_members(files):
    tasks = read(files["zoho_tasks.csv"])
    assert list(tasks) == ["Subject", "Due_Date", "Status", "Priority", "Who_Id", "Description", "Action_Key"]
    assert tasks["Priority"].tolist() == ["High", "Normal", "Normal"] and tasks["Due_Date"][0] == "2025-07-08"
    assert not tasks.map(lambda cell: any(letter in cell for letter in '|<>"')).any(axis=None)
    contacts = read(files["zoho_contacts.csv"])
    assert list(contacts) == ["id", "Segment", "Health", "Health_Score", "Leave_Risk"]
    members = read(files["zoho_campaign_members.csv"])
    assert members["Member Id"].tolist() == ["c2", "c4"] and set(members["Campaign Id"]) == {"77"}


def test_scores_and_chances_have_the_digits_that_fields_of_a_crm_take(tmp_path):
    exact = listed().assign(health=49.081469381, leave_90d_rate=0.21537835089561874, expected_gain=22.270286423339822)
    exports.write(exact, SETTINGS, tmp_path / "exports", ("zoho", "generic"))
    assert set(read(tmp_path / "exports" / "generic.csv")["expected_gain"]) == {"22.27"}
    told = read(tmp_path / "exports" / "zoho_contacts.csv")
    assert told.loc[0, ["Health_Score", "Leave_Risk"]].tolist() == ["49.1", "0.2154"]


def test_contacts_are_parted_where_zoho_takes_no_more(tmp_path, monkeypatch):
    monkeypatch.setattr(crm, "MOST_ROWS", 2)
    names = [path.name for path in exports.write(listed(), SETTINGS, tmp_path / "exports", ("zoho",))]
    assert names == ["zoho_tasks.csv", "zoho_contacts.csv", "zoho_contacts_2.csv", "zoho_campaign_members.csv"]


def test_fxiaoke_gets_texts_and_milliseconds(files):
    accounts = read(files["fxiaoke_accounts.xlsx"])
    assert accounts["_id"].tolist() == ["c0", "c2", "c4"]
    assert accounts["plan_due__c"][0] == str(int(pd.Timestamp("2025-07-08").timestamp() * 1000))
    assert accounts["Health"].tolist() == ["red"] * 3


def test_employees_get_what_they_send(files):
    assert read(files["wecom.csv"])["customer_id"].tolist() == ["c2"]


def test_an_empty_list_gives_files_with_headings_alone(tmp_path):
    written = exports.write(listed(0), Plan(), tmp_path / "exports", KINDS)
    assert all(read(path).empty for path in written) and len(written) == 7


def test_they_are_written_again_beside_others_or_not_at_all(tmp_path, monkeypatch):
    report = tmp_path / "2025-06-30"
    save(listed(), report / "tables", "actions")
    (report / "index.html").touch()
    exports.again(report, SETTINGS, ("generic",))
    before = (report / "exports" / "generic.csv").read_bytes()
    paths = exports.again(report, SETTINGS, ("wecom",))
    assert sorted(path.name for path in paths[0].parent.iterdir()) == ["generic.csv", "generic.xlsx", "wecom.csv"]

    def killed(*_rows):
        raise KeyboardInterrupt

    monkeypatch.setitem(crm.KINDS, "zoho", killed)
    with pytest.raises(KeyboardInterrupt):
        exports.again(report, SETTINGS, ("generic", "zoho"))
    assert sorted(path.name for path in (report / "exports").iterdir()) == ["generic.csv", "generic.xlsx", "wecom.csv"]
    assert (report / "exports" / "generic.csv").read_bytes() == before


def test_a_report_without_a_list_says_so(tmp_path):
    with pytest.raises(ValueError, match="there is no report"):
        exports.again(tmp_path, Plan(), ("generic",))
    (tmp_path / "index.html").touch()
    with pytest.raises(ValueError, match="no list of actions"):
        exports.again(tmp_path, Plan(), ("generic",))


def test_what_a_team_marks_as_done_comes_back(tmp_path):
    """A round trip without a CRM: export, mark, put back, and the next report sees who got it."""
    exports.write(listed(), SETTINGS, tmp_path / "exports", ("generic",))
    marked = read(tmp_path / "exports" / "generic.csv").assign(status=["done", "", "refused"])
    marked["done_at"] = ["2025-07-09", "", "2025-07-09"]
    folder = tmp_path / "shop"
    folder.mkdir()
    marked.to_csv(folder / "results.csv", index=False)
    (folder / "orders.csv").write_text("order_id,customer_id,ordered_at,amount\n1,c0,2025-07-20,5\n2,c1,2025-07-21,7\n")
    (folder / "dataset.toml").write_text(
        "[tables.orders]\nfile = 'orders.csv'\n[tables.action_results]\nfile = 'results.csv'\n"
    )
    data = datasets.open(folder, "2025-07-31", prepared=tmp_path / "prepared")
    history = plan.History(typed(listed().assign(planned_on=pd.Timestamp("2025-06-30"), family="keep", season="s")))
    found = with_results(data, history).set_index("customer_id")
    assert found.index[found["done"]].tolist() == ["c0"] and found.loc["c4", "status"] == "refused"


def test_ids_come_back_whole_from_a_workbook_and_a_list_for_no_hand_has_none(tmp_path, monkeypatch):
    """As a CSV a spreadsheet would round them."""
    long = listed().assign(customer_id=[f"2088{place}0123456789123" for place in range(6)])
    exports.write(long, SETTINGS, tmp_path / "a", ("generic",))
    assert read(tmp_path / "a" / "generic.xlsx")["customer_id"].tolist() == long["customer_id"][::2].tolist()
    monkeypatch.setattr(crm, "MOST_BY_HAND", 2)
    assert [path.name for path in exports.write(long, SETTINGS, tmp_path / "b", ("generic",))] == ["generic.csv"]


def test_a_team_is_offered_the_words_of_a_status_and_nothing_stands_where_nothing_is_known(tmp_path):
    """Other words may stand there too: they are read as people write them."""
    path = exports.write(listed().assign(owner=None), SETTINGS, tmp_path / "exports", ("generic",))[1]
    assert (read(path)["owner"] == "").all() and (read(path)["status"] == "").all()
    with zipfile.ZipFile(path) as book:
        sheet = book.read("xl/worksheets/sheet1.xml").decode()
    assert "done,failed,refused,dropped,open" in sheet and 'errorStyle="information"' in sheet and "<pane" in sheet
    assert 'orientation="landscape"' in sheet and 'fitToHeight="0"' in sheet  # on paper a row is in one piece


def test_a_workbook_holds_texts_alone_and_is_the_same_to_the_byte(tmp_path):
    rows = listed().assign(segment="=1+1", tier="x\x07y", band=" two ")
    first, second = (exports.write(rows, SETTINGS, tmp_path / name / "exports", ("fxiaoke",))[0] for name in ("a", "b"))
    read_back = read(first)
    assert set(read_back["segment__c"]) == {"=1+1"} and set(read_back["value_tier__c"]) == {"xy"}
    assert set(read_back["Health"]) == {" two "}
    assert first.read_bytes() == second.read_bytes()


def test_files_tell_the_hours_in_which_customers_may_be_contacted(files, tmp_path):
    assert (
        set(read(files["generic.csv"])["contact_hours"])
        == {"09:00–21:00"}
        == set(read(files["wecom.csv"])["contact_hours"])
    )
    assert read(files["zoho_tasks.csv"])["Description"].str.endswith("; 09:00–21:00").all()
    always = exports.write(listed(), Plan(quiet_hours=[0, 0]), tmp_path / "always", ("generic", "zoho"))
    assert set(read(always[0])["contact_hours"]) == {""}
    assert not read(always[2])["Description"].str.contains("09:00").any()
