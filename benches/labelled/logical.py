"""Documents before they have a format: a text, or a table, and the records in it; some are harmless."""

import codes
import decoys
import mail
import people as P
import prose
import tables
import writers as W
from share import Planted

HARMLESS = 0.25


class Doc:
    """A text, or else a table: headers, kinds of columns, rows."""

    def __init__(self, title, planted, text=None, headers=(), kinds=(), rows=()):
        self.title, self.planted, self.text = title, planted, text
        self.headers, self.kinds, self.rows = list(headers), list(kinds), [list(row) for row in rows]

    @property
    def is_text(self):
        return self.text is not None

    @property
    def lines(self):
        return self.text.replace("\f", "\n").split("\n")

    def cells(self):
        """The table as plain texts, one line each."""
        return [[str(c).replace("\n", " ") for c in row] for row in [self.headers, *self.rows]]


def text_doc(rng, crew):
    if rng.random() < HARMLESS:
        kind = rng.choice(list(decoys.TEXTS))
        return Doc(kind, [], decoys.TEXTS[kind](rng, crew)[1])
    kind, text, planted = prose.compose(rng, crew)
    return Doc(kind, planted, text)


def table_doc(rng, crew, most=60):
    """A table of at most so many rows."""
    title = rng.choice(tables.TITLES)
    if rng.random() < HARMLESS:
        makers = [decoys.TABLES[kind] for kind in decoys.TABLES]
        shape, content = rng.choice(makers + [decoys.employee_ids, decoys.sequential, decoys.masked_payroll])(rng, crew)
        assert shape == "table"
        headers, rows = content
        return Doc(title, [], headers=headers, kinds=[""] * len(headers), rows=rows[:most])
    schema, rows, planted = tables.make(rng, crew, size=min(most, rng.choice([3, 8, 20, 60])))
    return Doc(title, planted, headers=schema.headers, kinds=schema.kinds, rows=rows)


def latin(crew):
    """Those whose names Windows-1252 can write."""
    return [p for p in crew if W.latin(p.first + p.last) == p.first + p.last]


def ascii_of(crew):
    return codes.ascii_crew(crew, 40)


class Message:
    """A mail: sender, body, records of the body; at times a table attached."""

    def __init__(self, rng, crew, attached=True):
        self.clerk = rng.choice(prose.STAFF)
        self.sender_mail = f"{self.clerk.split()[0].lower()}@agency.example"
        self.sender, self.subject = self.clerk, rng.choice(["Re: question", "FW: paperwork", "as discussed", "update"])
        self.name = self.content = None
        self.attached, style = [], rng.random()
        if style < HARMLESS:
            body, self.planted = decoys.TEXTS[rng.choice(list(decoys.TEXTS))](rng, crew)[1], []
        elif style < 0.45:
            body, self.planted = self.own(rng, rng.choice(crew))
        else:
            line, person, first, last, elements, shown = prose.sentence(rng, rng.choice(crew))
            body = f"Hi all,\n\n{rng.choice(prose.FILLER)}\n{line}\n{rng.choice(prose.FILLER)}\n\nBest,\n{self.clerk}\n"
            self.planted = [Planted(person, first, last, elements, shown)]
        self.body = body
        if attached and rng.random() < 0.4:
            doc = table_doc(rng, crew, 12)
            self.name = f"{rng.choice(['list', 'data', 'roster'])}{rng.randint(1, 99)}.csv"
            self.content = W.delimited(rng, doc.headers, doc.rows, ",").encode()
            self.attached = doc.planted

    def own(self, rng, person):
        """The sender's own number; only the head of the mail says whose."""
        kind, raw, ask = mail.asks(rng, person)
        self.sender, self.sender_mail = f"{person.first} {person.last}", person.email
        body = f"Hi {self.clerk.split()[0]},\n\n{ask}. {rng.choice(prose.FILLER)}\n\nThanks,\n{person.first}\n"
        shown = {"routing"} if kind == "account" else ()
        return body, [Planted(person, person.first, person.last, [(prose.TYPES[kind], raw)], shown)]


def vcard(rng, crew):
    """Contacts that keep a number, in a field of their own or in the note."""
    out, planted = [], []
    for p in rng.sample(ascii_of(crew), rng.randint(1, 8)):
        field = rng.choice(["NOTE:SSN {}", "X-SSN:{}", "NOTE:Social Security number {}"]).format(P.ssn_text(p.ssn, "dash"))
        address = f"ADR;TYPE=HOME:;;{p.street};{p.city};{p.state};{p.zip};USA".replace(",", "\\,")
        card = ["BEGIN:VCARD", "VERSION:3.0", f"N:{p.last};{p.first};;;", f"FN:{p.first} {p.last}", address, field]
        out += [*card, f"UID:{rng.getrandbits(64):016x}", "END:VCARD"]
        planted.append(Planted(p, p.first, p.last, [("ssn", p.ssn)], {"address"}))
    return Doc("contacts", planted, "\r\n".join(out) + "\r\n")
