"""The list of a plan as files that a CRM takes in: only what is to be done, never those held out."""

from __future__ import annotations

import os
import re
import shutil
from collections.abc import Callable, Mapping
from pathlib import Path

import pandas as pd

from helpers.data.contracts import TABLES, TREAT
from helpers.data.intake.wording.plans import Plan
from helpers.findings import load
from helpers.findings.spreadsheets import write_csv
from helpers.language import _
from helpers.reports.exports import books
from helpers.reports.folder import building

FOLDER = "exports"  # of a report
MOST_ROWS = 20_000  # of a file of Zoho contacts
UNTAKEN = re.compile(r'[|<>"]')  # letters that Zoho does not take
ZOHO_FIELDS = {
    "action_key": "Action_Key", "segment": "Segment", "tier": "Value_Tier", "band": "Health_Band",
    "health": "Health_Score", "leave_90d_rate": "Leave_Risk",
}  # fmt: skip
FXIAOKE_FIELDS = {
    "action": "plan_action__c", "due_on": "plan_due__c", "reason_1": "plan_reason__c", "segment": "segment__c",
    "tier": "value_tier__c", "band": "health_band__c", "action_key": "action_key__c",
}  # fmt: skip
GENERIC = (
    "action_key", "customer_id", "action", "planned_at", "due_on", "contact_hours", "channel", "owner", "priority",
    "reason_1", "reason_2", "offer_good", "script", "value_at_stake", "expected_gain", "cost",
)  # fmt: skip
STATUS = next(column for column in TABLES["action_results"].columns if column.name == "status")
MEASURED, WIDEST = 200, 40  # rows by which a column's width is set, and letters that it has at most
MOST_BY_HAND = 50_000  # rows of a workbook that a team marks
CALL = "call"
DIGITS = {"health": 1, "leave_90d_rate": 4, "value_at_stake": 2, "expected_gain": 2}  # that fields of a CRM take
FIRST_THIRD = 3  # of the places by value, which have a high priority

Files = Mapping[str, pd.DataFrame]


def again(report: Path, plan: Plan, kinds: tuple[str, ...]) -> list[Path]:
    """The files of these `kinds` written anew from the list of a finished `report`, in place of those that are there.

    Other kinds in its folder stay. They appear together or not at all. Raises ValueError where there is no such report,
    or it has no list.
    """
    if not (report / "index.html").exists():
        raise ValueError(_("{report}: there is no report. Make one first: kehu report.").format(report=report.name))
    actions = load(report / "tables", "actions")
    if actions is None:
        raise ValueError(
            _("{report}: it has no list of actions. Make the report with its page plan first.").format(
                report=report.name
            )
        )
    target = report / FOLDER
    with building(target) as draft:
        if target.exists():
            shutil.copytree(target, draft, dirs_exist_ok=True)
        written = write(actions, plan, draft, kinds)
    return [target / path.name for path in written]


def write(actions: pd.DataFrame, plan: Plan, folder: Path, kinds: tuple[str, ...]) -> list[Path]:
    """The files of these `kinds` (generic, zoho, fxiaoke, wecom) in `folder`, readable by their owner alone.

    CSV is UTF-8 with a byte order mark, and no cell can be run as a formula. The caller makes `folder` appear whole.
    """
    folder.mkdir(parents=True, exist_ok=True)
    os.chmod(folder, 0o700)
    rows = actions[actions["arm"] == TREAT].reset_index(drop=True).round(DIGITS)
    written = []
    for kind in kinds:
        for name, table in KINDS[kind](rows, plan).items():
            path = folder / name
            if path.suffix == ".xlsx":
                _write_workbook(table, path)
            else:
                write_csv(table, path)
            os.chmod(path, 0o600)
            written.append(path)
    return written


def generic(rows: pd.DataFrame, plan: Plan) -> Files:
    """All that a team needs, with columns for what became of it: given back, it is a file of `action_results`.

    As a workbook too, whose cells are texts: a spreadsheet rounds the long ids of a CSV. A list too long to be marked
    by hand has none.
    """
    table = rows.assign(
        planned_at=_days(rows["plan_on"]), due_on=_days(rows["due_on"]), contact_hours=contact_hours(plan)
    )
    whole = table[list(GENERIC)].assign(status="", done_at="")
    return {"generic.csv": whole} | ({"generic.xlsx": whole} if len(whole) <= MOST_BY_HAND else {})


def zoho(rows: pd.DataFrame, plan: Plan) -> Files:
    """Tasks, which Zoho inserts, fields of contacts by their record id, and members of a campaign."""
    fields = ZOHO_FIELDS | plan.fields
    high = rows["priority"] <= len(rows) / FIRST_THIRD
    told = rows["reason_1"] + rows["reason_2"].map(lambda reason: f"; {reason}" if reason else "")
    told += f"; {contact_hours(plan)}" if contact_hours(plan) else ""
    tasks = pd.DataFrame(
        {
            "Subject": rows["action"], "Due_Date": _days(rows["due_on"]), "Status": "Not Started",
            "Priority": high.map({True: "High", False: "Normal"}), "Who_Id": rows["customer_id"],
            "Description": told, fields["action_key"]: rows["action_key"],
        }
    )  # fmt: skip
    known = [name for name in fields if name in rows and name != "action_key" and rows[name].notna().any()]
    contacts = (
        rows[["customer_id", *known]].drop_duplicates("customer_id").rename(columns={"customer_id": "id"} | fields)
    )
    mailed = rows[rows["channel"] != CALL]
    members = pd.DataFrame(
        {
            "Member Id": mailed["customer_id"],
            "Campaign Id": plan.campaign_id,
            "Member Type": "Contact",
            "Status": "Planned",
        }
    )
    parts = range(0, max(1, len(contacts)), MOST_ROWS)
    named = {
        _numbered("zoho_contacts", place): contacts[start : start + MOST_ROWS] for place, start in enumerate(parts)
    }
    whole = {"zoho_tasks.csv": tasks, **named, "zoho_campaign_members.csv": members}
    return {name: table.map(_taken) for name, table in whole.items()}


def fxiaoke(rows: pd.DataFrame, plan: Plan) -> Files:
    """Accounts by _id with the tenant's own fields: numbers as texts, days in milliseconds."""
    fields = FXIAOKE_FIELDS | plan.fields
    known = [name for name in fields if name in rows and rows[name].notna().any()]
    table = rows[["customer_id", *known]].copy()
    for name in known:
        if pd.api.types.is_datetime64_any_dtype(table[name]):
            table[name] = table[name].map(lambda day: "" if pd.isna(day) else str(int(day.timestamp() * 1000)))
        elif pd.api.types.is_numeric_dtype(table[name]):
            table[name] = table[name].map(lambda number: "" if pd.isna(number) else f"{number:.15g}")
    return {"fxiaoke_accounts.xlsx": table.rename(columns={"customer_id": "_id"} | fields)}


def wecom(rows: pd.DataFrame, plan: Plan) -> Files:
    """What each employee sends to whom by when."""
    sent = rows[rows["channel"] == "企业微信"]
    names = ["owner", "customer_id", "action", "script", "offer_good", "action_key"]
    return {"wecom.csv": sent[names].assign(due_on=_days(sent["due_on"]), contact_hours=contact_hours(plan))}


def contact_hours(plan: Plan) -> str:
    """The hours in which customers may be contacted, such as 09:00–21:00; empty where all are."""
    start, end = plan.quiet_hours
    return f"{end:02}:00–{start:02}:00" if start != end else ""


KINDS: Mapping[str, Callable[[pd.DataFrame, Plan], Files]] = {
    "generic": generic, "zoho": zoho, "fxiaoke": fxiaoke, "wecom": wecom,
}  # fmt: skip


def _write_workbook(table: pd.DataFrame, path: Path) -> None:
    """A workbook of one sheet whose cells are all texts: what looks like a formula or a number is neither.

    Columns are as wide as their first rows, headings stay in sight, on paper too, and a status is offered in the
    contract's words.
    """
    table = table.astype(object).where(table.notna(), "")
    with books.book(path) as book:
        sheet = book.add_worksheet("plan")
        sheet.freeze_panes(1, 0)
        sheet.set_landscape()
        sheet.fit_to_pages(1, 0)  # as wide as a sheet of paper, as long as it takes
        sheet.repeat_rows(0)
        for place, name in enumerate(table.columns):
            longest = max(len(books.text(cell)) for cell in [name, *table[name].head(MEASURED)])
            sheet.set_column(place, place, min(longest + 2, WIDEST))
            if name == STATUS.name:
                offered = {"validate": "list", "source": list(STATUS.choices), "error_type": "information"}
                sheet.data_validation(1, place, max(len(table), 1), place, offered)
        for row, cells in enumerate([list(table.columns), *table.itertuples(index=False, name=None)]):
            for place, cell in enumerate(cells):
                sheet.write_string(row, place, books.text(cell))


def _days(moments: pd.Series) -> pd.Series:
    return pd.to_datetime(moments).dt.strftime("%Y-%m-%d")


def _numbered(name: str, place: int) -> str:
    return f"{name}_{place + 1}.csv" if place else f"{name}.csv"


def _taken(value: object) -> object:
    return UNTAKEN.sub(" ", value) if isinstance(value, str) else value
