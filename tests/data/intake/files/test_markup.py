"""Tables of pages are read, whatever the page is called."""

import pytest

from helpers.data.intake.files import markup

ORDERS = (
    "<table><tr><th>订单</th><th>金额</th></tr><tr><td>1</td><td>9.50</td></tr><tr><td>2</td><td>7</td></tr></table>"
)
READ = (["订单", "金额"], [["1", "9.50"], ["2", "7"]])


def page(body, head=""):
    return f"<!DOCTYPE html>\n<html><head>{head}</head><body>{body}</body></html>"


@pytest.mark.parametrize(
    "content",
    [
        ORDERS.encode(),
        page(ORDERS).encode("utf-8-sig"),
        page(ORDERS).encode("utf-16"),
        page(ORDERS, "<meta charset=gb2312>").encode("gb18030"),
        page(ORDERS, '<meta http-equiv="Content-Type" content="text/html; charset=GBK">').encode("gb18030"),
        page(ORDERS, "<meta charset='no-such-encoding'>").encode(),
        page(ORDERS, "<meta charset='utf-8'>").encode("gb18030"),
        page(ORDERS.replace("</td>", "").replace("</th>", "").replace("</tr>", "")).encode(),
        page(ORDERS.upper().replace("TABLE>", "TABLE BORDER=1>", 1)).encode(),
        page(f"<table><tr><td>menu</td></tr><tr><td>{ORDERS}</td></tr></table>").encode(),
        page(f"<table><tr><td>a</td><td>b</td></tr></table>{ORDERS}<table><tr><td>end</td></tr></table>").encode(),
    ],
)
@pytest.mark.parametrize("name", ["orders.xls", "orders.html", "orders.csv"])
def test_the_table_with_the_most_rows_is_read(read, content, name):
    assert read(name, content) == READ


def test_cells_are_the_texts_that_a_browser_shows(read):
    cells = "<td>a &amp; b</td><td>&#20013;&nbsp; x</td><td> two\n  words </td><td>one<br>two</td><td><b>1</b>,<i>5</i></td>"
    head = "".join(f"<th>{name}</th>" for name in "abcde")
    assert read("a.xls", f"<table><tr>{head}</tr><tr>{cells}</tr></table>")[1] == [
        ["a & b", "中 x", "two words", "one two", "1,5"]
    ]


def test_cells_over_several_columns_or_rows_keep_the_others_in_their_places(read):
    rows = "<tr><td rowspan=2>北京</td><td colspan='2'>1</td><td>x</td></tr><tr><td>2</td><td>3</td><td>y</td></tr>"
    head = "".join(f"<th>{name}</th>" for name in "abcd")
    assert read("a.xls", f"<table><tr>{head}</tr>{rows}</table>")[1] == [
        ["北京", "1", "", "x"],
        ["北京", "2", "3", "y"],
    ]


def test_the_xml_of_excel_2003_is_read(read):
    def row(*cells, more=""):
        return f"<Row{more}>{''.join(cells)}</Row>"

    def cell(text, more=""):
        return f'<Cell{more}><Data ss:Type="String">{text}</Data></Cell>'

    rows = row(cell("id"), cell("name"), cell("on")) + row(cell("1"), cell("2024-01-05T00:00:00.000", ' ss:Index="3"'))
    content = (
        '<?xml version="1.0"?>\n<?mso-application progid="Excel.Sheet"?>\n'
        '<Workbook xmlns="urn:schemas-microsoft-com:office:spreadsheet" xmlns:ss="x"><Styles><Style/></Styles>'
        f'<Worksheet ss:Name="订单"><Table>{rows}</Table></Worksheet></Workbook>'
    )
    assert read("a.xls", content) == (["id", "name", "on"], [["1", "", "2024-01-05T00:00:00.000"]])


@pytest.mark.parametrize("body", ["", "<p>Please log in</p>", "<table></table>", "<table><tr></tr></table>"])
def test_a_page_without_a_table_is_told(read, body):
    with pytest.raises(ValueError, match=r"^orders\.csv: (it is a web page without a table|no cell of it is filled)"):
        read("orders.csv", page(body))


def test_spans_are_bounded(read):
    wide = "<tr><th>a</th><th>b</th></tr><tr><td colspan='999999999'>1</td><td rowspan='9999999999'>2</td></tr>"
    headers, rows = read("a.xls", f"<table>{wide}</table>")
    assert len(headers) == markup.WIDEST + 1 and len(rows) == 1
