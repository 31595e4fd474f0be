"""A report by mail: the Monday page as a message, sent by SMTP or left as a file, with sums attached, no customer."""

from __future__ import annotations

import base64
import html
import re
import smtplib
import ssl
from collections.abc import Mapping
from dataclasses import dataclass
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import localtime, make_msgid
from pathlib import Path
from typing import cast
from urllib.parse import unquote, urlsplit

from helpers import parameters
from helpers.data import whole_files
from helpers.language import _
from helpers.reports import folder
from helpers.reports.exports.paper import PDF
from helpers.reports.exports.workbook import WORKBOOK

MAIL, MESSAGE = "mail.html", "report.eml"  # of each edition; in the report's folder
SERVER, PASSWORD, SENDER = "KEHU_SMTP", "KEHU_SMTP_PASSWORD", "KEHU_MAIL_FROM"  # in the environment
ATTACHED = {"pdf": (PDF, "application/pdf"),
            "xlsx": (WORKBOOK, "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet")}  # fmt: skip
ADDRESS = re.compile(r"[^\s@,;<>\"\x00-\x1f]+@[^\s@,;<>\"\x00-\x1f]+")
PICTURE = re.compile(r'src="data:image/png;base64,([^"]+)"')
BREAK = re.compile(r"</(?:p|h1|h2|li|td|tr)>|<br>")
PORTS = {"smtp": 587, "smtps": 465}
SECONDS = 60  # for the server to answer
HERE = ("localhost", "127.0.0.1", "::1")


@dataclass(frozen=True)
class Server:
    """Where mail is handed in; without a user nobody signs in."""

    is_safe: bool  # encrypted from the first word
    host: str
    port: int
    user: str = ""
    password: str = ""


@dataclass(frozen=True)
class Post:
    """Whom a report is sent to, from whom, with what, and by which server; without one it is left as a file."""

    to: tuple[str, ...]
    sender: str
    attached: tuple[str, ...] = ()  # of ATTACHED
    server: Server | None = None


def asked(to: str, attach: str, environment: Mapping[str, str]) -> Post:
    """The post that options and an environment ask for; ValueError for what cannot be."""
    addresses = tuple(each.strip() for each in to.split(",") if each.strip())
    server = _server(environment)
    sender = environment.get(SENDER, "") or (server.user if server and "@" in server.user else "kehu@localhost")
    for each in (*addresses, sender):
        if not ADDRESS.fullmatch(each):
            words = _("mail = {address!r}: write addresses such as `ann@example.org`, comma-separated.")
            raise ValueError(words.format(address=each))
    kinds = tuple(parameters.one_of("attach", each.strip(), ATTACHED) for each in attach.split(",") if each.strip())
    return Post(addresses, sender, kinds, server)


def message(report: Path, post: Post) -> EmailMessage:
    """The message that tells of the finished `report` in its main language."""
    record = folder.record(report)
    markup = (report / MAIL).read_text(encoding="utf-8")
    told: dict[str, str] = next(iter(record.get("first_page", {}).values()), {})
    mail = EmailMessage(policy=SMTP)
    mail["Subject"] = _line(f"{record.get('title', report.parent.name)} {report.name} · {told.get('verdict', '')}")
    mail["From"], mail["To"] = post.sender, ", ".join(post.to)
    mail["Date"], mail["Message-ID"] = localtime(), make_msgid(domain=post.sender.rpartition("@")[2])
    mail.set_content(_plain(markup))
    pictures: list[str] = []

    def numbered(found: re.Match[str]) -> str:
        pictures.append(found[1])
        return f'src="cid:p{len(pictures)}@kehu"'

    mail.add_alternative(PICTURE.sub(numbered, markup), subtype="html")
    page = cast(EmailMessage, list(mail.iter_parts())[-1])
    for number, picture in enumerate(pictures, 1):
        page.add_related(base64.b64decode(picture), "image", "png", cid=f"<p{number}@kehu>", disposition="inline")
    for name, kind in (ATTACHED[each] for each in post.attached):
        if (report / name).exists():
            mail.add_attachment((report / name).read_bytes(), *kind.split("/"), filename=name)
    return mail


def deliver(report: Path, post: Post) -> tuple[bool, str]:
    """Sends the report, or leaves its message as a file in its folder; whether all went well, and what was done."""
    mail = message(report, post)
    problem = _sent(mail, post.server) if post.server else ""
    if post.server and not problem:
        return True, _("Sent to {addresses}.").format(addresses=", ".join(post.to))
    with whole_files.replacing(report / MESSAGE, private=True) as beside:
        beside.write_bytes(mail.as_bytes())
    if problem:
        words = _("The mail was not sent ({problem}); it lies beside the report as {file}.")
        return False, words.format(problem=problem, file=MESSAGE)
    words = _("The mail lies beside the report as {file}; {server} names no server to send it.")
    return True, words.format(file=MESSAGE, server=SERVER)


def _server(environment: Mapping[str, str]) -> Server | None:
    """The server that the environment names; None without one."""
    address = environment.get(SERVER, "")
    if not address:
        return None
    words = _("{name}: write `smtp://user@host:587` or `smtps://user@host:465`, and the password into {password}.")
    wrong = ValueError(words.format(name=SERVER, password=PASSWORD))  # never the address, which may hold a password
    try:
        parts = urlsplit(address)
        port = parts.port or PORTS.get(parts.scheme, 0)
    except ValueError:
        raise wrong from None
    if parts.scheme not in PORTS or not parts.hostname or parts.password:
        raise wrong
    user = unquote(parts.username or "")
    return Server(parts.scheme == "smtps", parts.hostname, port, user, environment.get(PASSWORD, ""))


def _sent(mail: EmailMessage, server: Server) -> str:
    """Hands the mail in; yields why it was not taken, empty where it was."""
    safe = ssl.create_default_context()
    try:
        if server.is_safe:
            line: smtplib.SMTP = smtplib.SMTP_SSL(server.host, server.port, timeout=SECONDS, context=safe)
        else:
            line = smtplib.SMTP(server.host, server.port, timeout=SECONDS)
        with line:
            line.ehlo()
            is_here = server.host in HERE
            if not server.is_safe and not is_here and line.has_extn("starttls"):
                line.starttls(context=safe)
                line.ehlo()
            elif not server.is_safe and not is_here and server.user:
                return _("the server offers no encryption, so the password was not given to it")
            if server.user:
                line.login(server.user, server.password)
            refused = line.send_message(mail)
    except (OSError, smtplib.SMTPException) as error:
        return _line(_said(error))
    return _("not taken for {addresses}").format(addresses=", ".join(refused)) if refused else ""


def _said(error: Exception) -> str:
    if isinstance(error, smtplib.SMTPResponseException):
        told = error.smtp_error
        return f"{error.smtp_code} {told.decode('utf-8', 'replace') if isinstance(told, bytes) else told}"
    if isinstance(error, smtplib.SMTPRecipientsRefused):
        return _("not taken for {addresses}").format(addresses=", ".join(error.recipients))
    return str(error) or type(error).__name__


def _line(text: str) -> str:
    return " ".join(text.split())


def _plain(markup: str) -> str:
    """What a mail says, for programs that show no HTML."""
    body = markup[markup.index("<body") :]
    lines = html.unescape(re.sub(r"<[^>]*>", "", BREAK.sub("\n", body.replace("\n", " ")))).splitlines()
    return "\n".join(filter(None, map(_line, lines))) + "\n"
