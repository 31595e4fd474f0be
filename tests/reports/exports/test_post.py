"""A report goes to an inbox: with pictures that mail programs show, sums attached, and nobody's rows."""

from __future__ import annotations

import email
import json
import socket
import ssl
import subprocess
from email.policy import default

import pytest
from aiosmtpd.controller import Controller
from aiosmtpd.smtp import AuthResult

from helpers.reports.exports import post
from helpers.reports.exports.pictures import of_lines

PICTURE = of_lines([[(0, 0), (9, 9)]], (10, 10))
MAIL = f'<html><head><title>t</title></head><body><h1>营收持平。</h1><p>a &amp; b</p><img src="{PICTURE}"><img src="{PICTURE}"></body></html>'


@pytest.fixture
def report(tmp_path):
    folder = tmp_path / "toy" / "2025-06-30"
    (folder / "tables").mkdir(parents=True)
    (folder / "tables" / "actions.csv").write_text("customer_id\nC-4711\n")
    (folder / "mail.html").write_text(MAIL, encoding="utf-8")
    for name in ("report.pdf", "report.xlsx"):
        (folder / name).write_bytes(name.encode())
    record = {"title": "A\r\nBcc: all@example.org shop", "first_page": {"zh": {"verdict": "营收持平。"}}}
    (folder / "manifest.json").write_text(json.dumps(record), encoding="utf-8")
    return folder


class Inbox:
    """A server on this machine: what it took, and who may hand in."""

    def __init__(self):
        self.taken = []

    async def handle_RCPT(self, server, session, envelope, address, options):
        if address.startswith("nobody"):
            return "550 no such user"
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server, session, envelope):
        self.taken.append((session.login_data, envelope.mail_from, envelope.rcpt_tos, envelope.content))
        return "250 OK"


def served(**words):
    inbox = Inbox()
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    controller = Controller(inbox, hostname="127.0.0.1", port=port, **words)
    controller.start()
    return inbox, controller


@pytest.fixture
def inbox():
    inbox, controller = served()
    inbox.address = f"smtp://127.0.0.1:{controller.port}"
    yield inbox
    controller.stop()


def parts(content):
    mail = email.message_from_bytes(content, policy=default)
    return mail, {(part.get_content_type(), part.get_filename()): part for part in mail.walk()}


def test_a_report_arrives_with_its_pictures_and_what_is_to_be_attached(inbox, report):
    given = post.asked("ann@example.org, bob@example.org", "pdf,xlsx", {"KEHU_SMTP": inbox.address})
    went_well, said = post.deliver(report, given)
    assert went_well and said == "Sent to ann@example.org, bob@example.org." and not (report / "report.eml").exists()
    ((_login, sender, to, content),) = inbox.taken
    assert sender == "kehu@localhost" and to == ["ann@example.org", "bob@example.org"]
    mail, found = parts(content)
    assert mail["Subject"] == "A Bcc: all@example.org shop 2025-06-30 · 营收持平。" and mail["Bcc"] is None
    assert found["text/plain", None].get_content().splitlines() == ["营收持平。", "a & b"]
    page = found["text/html", None].get_content()
    named = [part["Content-ID"] for part in mail.walk() if part.get_content_type() == "image/png"]
    assert named == ["<p1@kehu>", "<p2@kehu>"] and 'src="cid:p1@kehu"' in page and "data:" not in page
    assert found["application/pdf", "report.pdf"].get_content() == b"report.pdf"
    assert {name for _kind, name in found if name} == {"report.pdf", "report.xlsx"}
    assert b"C-4711" not in content


def test_who_signs_in_does_so_with_the_password_of_the_environment(report):
    known = {}

    def check(server, session, envelope, mechanism, data):
        known[data.login] = data.password
        return AuthResult(success=data.password == b"hush", handled=False)

    inbox, controller = served(authenticator=check, auth_require_tls=False, auth_exclude_mechanism=["LOGIN"])
    port = controller.port
    address = f"smtp://ann%40example.org@127.0.0.1:{port}"
    try:
        given = post.asked("bob@example.org", "", {"KEHU_SMTP": address, "KEHU_SMTP_PASSWORD": "hush"})
        assert post.deliver(report, given)[0] and known == {b"ann@example.org": b"hush"}
        assert inbox.taken[0][1] == "ann@example.org"
        wrong = post.asked("bob@example.org", "", {"KEHU_SMTP": address, "KEHU_SMTP_PASSWORD": "no"})
        went_well, said = post.deliver(report, wrong)
        assert not went_well and "535" in said and "hush" not in said
    finally:
        controller.stop()


def test_what_is_not_taken_is_told_and_lies_beside_the_report(inbox, report):
    given = post.asked("nobody@example.org", "", {"KEHU_SMTP": inbox.address})
    went_well, said = post.deliver(report, given)
    assert not went_well and said == (
        "The mail was not sent (not taken for nobody@example.org); it lies beside the report as report.eml."
    )
    assert (report / "report.eml").stat().st_mode & 0o777 == 0o600
    given = post.asked("ann@example.org", "", {"KEHU_SMTP": "smtp://127.0.0.1:9"})
    assert "Connection refused" in post.deliver(report, given)[1]


def test_a_password_is_given_to_no_server_without_encryption(inbox, report, monkeypatch):
    monkeypatch.setattr(post, "HERE", ())
    address = inbox.address.replace("//", "//ann@")
    given = post.asked("bob@example.org", "", {"KEHU_SMTP": address, "KEHU_SMTP_PASSWORD": "hush"})
    assert "the server offers no encryption" in post.deliver(report, given)[1] and inbox.taken == []


@pytest.fixture(scope="module")
def certified(tmp_path_factory):
    """A certificate of this machine that its owner made, and the key to it."""
    home = tmp_path_factory.mktemp("certificate")
    words = ("req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2", "-subj", "/CN=localhost",
             "-addext", "subjectAltName=IP:127.0.0.1", "-keyout", home / "key.pem", "-out", home / "cert.pem")  # fmt: skip
    subprocess.run(["openssl", *map(str, words)], check=True, capture_output=True)
    return home / "cert.pem", home / "key.pem"


@pytest.mark.parametrize("kind", ["smtp", "smtps"])
def test_a_password_goes_over_a_way_that_is_encrypted_to_a_server_that_proves_itself(
    report, certified, monkeypatch, kind
):
    monkeypatch.setattr(post, "HERE", ())  # as one elsewhere
    known, taken = {}, []

    def check(server, session, envelope, mechanism, data):
        known[data.login] = (data.password, session.ssl is not None)
        return AuthResult(success=data.password == b"hush", handled=False)

    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    context.load_cert_chain(*certified)
    words = {"authenticator": check, "auth_required": True}
    words |= {"tls_context": context, "require_starttls": True} if kind == "smtp" else {"ssl_context": context, "auth_require_tls": False}  # fmt: skip
    inbox, controller = served(**words)
    given = post.asked(
        "bob@example.org", "", {"KEHU_SMTP": f"{kind}://ann@127.0.0.1:{controller.port}", "KEHU_SMTP_PASSWORD": "hush"}
    )
    try:
        went_well, said = post.deliver(report, given)
        assert not went_well and "certificate" in said and known == {} and "hush" not in said  # nobody vouches for it
        monkeypatch.setenv("SSL_CERT_FILE", str(certified[0]))
        assert post.deliver(report, given) == (True, "Sent to bob@example.org.")
        taken = inbox.taken
    finally:
        controller.stop()
    assert [each[2] for each in taken] == [["bob@example.org"]]
    assert known.keys() == {b"ann"} and known[b"ann"][0] == b"hush"


def test_without_a_server_the_message_is_a_file(report):
    given = post.asked("ann@example.org", "xlsx", {"KEHU_MAIL_FROM": "kehu@example.org"})
    assert post.deliver(report, given) == (
        True, "The mail lies beside the report as report.eml; KEHU_SMTP names no server to send it.",
    )  # fmt: skip
    mail, found = parts((report / "report.eml").read_bytes())
    assert mail["From"] == "kehu@example.org" and ("image/png", None) in found
    assert mail["Message-ID"].endswith("@example.org>")  # and not this machine's name


@pytest.mark.parametrize(
    "to",
    [
        "ann",
        "ann@",
        "a b@example.org",
        "ann@example.org;bob@example.org",
        "<ann@example.org>",
        "ann@example.org\nBcc:x@y",
    ],
)
def test_an_address_that_is_none_is_told(to):
    with pytest.raises(ValueError, match="write addresses such as `ann@example.org`"):
        post.asked(to, "", {})


@pytest.mark.parametrize(
    "address",
    [
        "example.org",
        "http://example.org",
        "smtp://",
        "smtp://ann:hush@example.org",
        "smtp://example.org:port",
        "smtps://[::1",
    ],
)
def test_a_server_that_is_none_is_told_without_its_password(address):
    with pytest.raises(ValueError, match="KEHU_SMTP: write `smtp://user@host:587`") as told:
        post.asked("ann@example.org", "", {"KEHU_SMTP": address})
    assert "hush" not in str(told.value)


def test_only_sums_can_be_attached():
    with pytest.raises(ValueError, match="attach = 'actions.csv': choose one of pdf, xlsx"):
        post.asked("ann@example.org", "actions.csv", {})


def test_ports_are_those_of_mail():
    servers = [
        post.asked("a@b", "", {"KEHU_SMTP": address}).server for address in ("smtp://h", "smtps://h", "smtps://h:4650")
    ]
    assert [(each.port, each.is_safe) for each in servers] == [(587, False), (465, True), (4650, True)]
