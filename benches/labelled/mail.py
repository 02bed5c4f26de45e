"""Messages: a record of somebody named in the body, of the sender, or in an attachment."""

import base64
import quopri

import tables
import writers as W
from prose import FILLER, FIRMS, STAFF, TYPES, compose, hard_wrapped, sentence, value, wrap
from share import Planted
from writers import kit


def asks(rng, person):
    """What somebody writes of a number of their own: its kind, the number, and the sentence."""
    kind = rng.choice(["ssn", "account", "dl", "card"])
    written, raw = value(rng, person, kind)
    ask = {
        "ssn": "my social security number is {v}",
        "account": "please use my checking account {v}, routing {r}",
        "dl": "my driver's license number is {v}",
        "card": "my card number is {v}, exp 04/27",
    }[kind].format(v=written, r=person.routing)
    return kind, raw, ask


def mail_file(share, rng, folder, crew):
    """A message: a record in the body, of somebody named there or of the sender, or in an attachment."""
    style = rng.choices(["body", "sender", "attachment", "alternative"], [40, 20, 28, 12])[0]
    clerk = rng.choice(STAFF)
    sender, to = f"{clerk} <{clerk.split()[0].lower()}@agency.example>", "records@agency.example"
    subject = rng.choice(
        ["Re: question", "FW: paperwork", "your request", "as discussed", "quick one", "Updated info"]
    )
    parts, planted, attached = [], [], []
    plain = ["Content-Type: text/plain; charset=utf-8"]
    encoding = rng.choice(["8bit", "quoted-printable", "base64"])
    path = f"{folder}/{rng.choice(['msg', 'mail', 'RE_'])}{rng.randint(100, 9999)}.eml"
    if style == "sender":
        person = rng.choice(crew)
        kind, raw, ask = asks(rng, person)
        sender = f"{quote_header(person.first + ' ' + person.last)} <{person.email}>"
        sign = rng.choice([f"{person.first} {person.last}", person.first, ""])
        body = f"Hi {clerk.split()[0]},\n\n{ask}. {rng.choice(FILLER)}\n\nThanks,\n{sign}\n"
        planted = [
            Planted(
                person,
                person.first,
                person.last,
                [(TYPES[kind], raw)],
                {"routing"} if kind == "account" else (),
            )
        ]
        parts.append((plain, encoding, body.encode()))
    elif style == "attachment":
        parts.append((plain, encoding, f"Hello,\n\nattached as promised.\n\n{clerk}\n".encode()))
        name, content, attached = attachment(rng, crew)
        parts.append(
            (
                [
                    f'Content-Type: application/octet-stream; name="{name}"',
                    f'Content-Disposition: attachment; filename="{name}"',
                ],
                "base64",
                content,
            )
        )
    else:
        body, person, first, last, elements, shown = sentence(rng, rng.choice(crew))
        text = f"Hi all,\n\n{rng.choice(FILLER)}\n{body}\n{rng.choice(FILLER)}\n\nBest,\n{clerk}\n{rng.choice(FIRMS)}\n508-555-0{rng.randint(100, 199)}\n"
        planted = [Planted(person, first, last, elements, shown)]
        if rng.random() < 0.25:
            text = (
                f"See below.\n\n{clerk.split()[0]}\n\n-----Original Message-----\nFrom: {rng.choice(STAFF)}\nSubject: paperwork\n\n"
                + "\n".join("> " + line for line in hard_wrapped(rng, text).split("\n"))
            )
        parts.append((plain, encoding, text.encode()))
        if style == "alternative":
            page = (
                "<html><body>"
                + "".join(f"<p>{W.html.escape(line)}</p>" for line in text.split("\n"))
                + "</body></html>"
            )
            parts.append((["Content-Type: text/html; charset=utf-8"], "quoted-printable", page.encode()))
    content = kit.message(
        sender,
        to,
        subject,
        [mail_part(*p) for p in parts],
        "alternative" if style == "alternative" else "mixed",
    )
    path = share.add(path, content.encode(), planted, f"mail-{style}")
    if attached:
        share.plant(path, [name], attached, f"attachment-{name.rpartition('.')[2]}")


def attachment(rng, crew):
    if rng.random() < 0.6:
        form = rng.choice(["csv", "xlsx", "docx", "html", "tsv", "pdf"])
        name, content, planted = tables.render(rng, crew, form)
        return name.replace(" ", "_"), content if isinstance(content, bytes) else content.encode(), planted
    kind, text, planted = compose(rng, crew)
    ext = rng.choice(["txt", "docx"])
    return f"{kind}.{ext}", wrap(rng, ext, kind, text), planted


def quote_header(text):
    if text.isascii():
        return text
    return "=?utf-8?B?" + base64.b64encode(text.encode()).decode() + "?="


def mail_part(headers, encoding, content):
    if encoding == "base64":
        return headers + ["Content-Transfer-Encoding: base64"], base64.encodebytes(content).decode().replace(
            "\n", "\r\n"
        )
    if encoding == "quoted-printable":
        return headers + ["Content-Transfer-Encoding: quoted-printable"], quopri.encodestring(
            content
        ).decode().replace("\n", "\r\n")
    return headers + ["Content-Transfer-Encoding: 8bit"], content.decode().replace("\n", "\r\n")
