"""Layouts that hold name and number in one code: ACH, AAMVA, magnetic stripes, OFX, MICR; and zip archives of files."""

import prose
import tables
from share import Planted
from writers import kit

import people as P


def plain(text):
    """Upper case ASCII, as terminals print it; None where the name has other letters."""
    text = text.upper()
    return text if text.isascii() else None


def ascii_crew(crew, limit=22):
    return [
        p
        for p in crew
        if (p.first + p.last).isascii() and len(p.first + p.last) + 2 <= limit and "'" not in p.last
    ]


def ach(rng, crew):
    """A payroll file: header, batch, one entry a person, controls, filler lines of nines."""
    odfi = P.routing(rng, True)
    lines = [
        f"101 {odfi}{rng.randint(10**9, 10**10 - 1)}2403120914A094101{'TIDEWATER SAVINGS':<23}{'HOOSAC TOOL AND DIE':<23}{'':8}"
    ]
    lines.append(
        f"5200{'HOOSAC TOOL DIE':<16}{'':20}{rng.randint(10**9, 10**10 - 1)}PPD{'PAYROLL':<10}{'':6}240315   1{odfi[:8]}0000001"
    )
    planted, hashed, total = [], 0, 0
    for n, p in enumerate(rng.sample(ascii_crew(crew), rng.randint(2, 30)), 1):
        amount = rng.randint(40000, 300000)
        name = (
            rng.choice([f"{p.first} {p.last}", f"{p.last}, {p.first}"]).upper()
            if not p.double
            else f"{p.last}, {p.first}".upper()
        )
        lines.append(
            f"622{p.routing}{p.account:<17}{amount:010}{'EMP%05d' % (p.key + 11):<15}{name:<22}  0{odfi[:8]}{n:07}"
        )
        planted.append(Planted(p, p.first, p.last, [("bank_account", p.account)], {"routing"}))
        hashed, total = hashed + int(p.routing[:8]), total + amount
    lines.append(
        f"8200{len(planted):06}{hashed % 10**10:010}{0:012}{total:012}{rng.randint(10**9, 10**10 - 1)}{'':25}{odfi[:8]}0000001"
    )
    lines.append(f"9000001{1:06}{len(planted):08}{hashed % 10**10:010}{0:012}{total:012}{'':39}")
    while len(lines) % 10:
        lines.append("9" * 94)
    assert all(len(line) == 94 for line in lines), [len(line) for line in lines]
    return rng.choice(["ach", "txt", "dat"]), rng.choice(["\n", "\r\n"]).join(lines) + "\n", planted


def aamva(rng, crew):
    """The barcode text of licences, raw or in the log of a door reader."""
    out, planted = [], []
    raw = rng.random() < 0.35
    people = [p for p in ascii_crew(crew, 40) if p.state == "MA"]
    for n, p in enumerate(rng.sample(people, 1 if raw else rng.randint(1, 12))):
        y, m, d = p.born
        street = p.street.upper().replace("#", "")
        fields = [
            f"DCS{p.last.upper()}",
            f"DAC{p.first.upper()}",
            f"DAD{p.middle or 'NONE'}",
            "DCAD",
            "DCBNONE",
            f"DBA{m:02}{d:02}2029",
            f"DBB{m:02}{d:02}{y}",
            f"DAG{street}",
            f"DAI{p.city.upper()}",
            "DAJMA",
            f"DAK{p.zip}0000  ",
            f"DAQ{p.dl}",
            "DCGUSA",
        ]
        if raw:
            out.append("@\n\x1e\rANSI 636002080002DL00410260ZM06020044DL" + "\n".join(fields) + "\r\n")
        else:
            sep = rng.choice(["|", "^"])
            out.append(
                f"2024-03-{n + 1:02} 08:{rng.randint(10, 59)}:44 {rng.choice(['scan', 'READER2', 'lobby kiosk:'])} @{sep}ANSI 636002080002DL00410260ZM06020044DL{sep.join(fields)}{sep}\n"
            )
            if rng.random() < 0.4:
                out.append(f"2024-03-{n + 1:02} 09:00:00 heartbeat ok 1710230411417\n")
        planted.append(Planted(p, p.first, p.last, [("drivers_license", p.dl)], {"address"}))
    return "txt" if raw else "log", "".join(out), planted


def stripes(rng, crew):
    """A terminal log with track 1, at times track 2 beside it."""
    lines, planted = [], []
    for p in rng.sample(
        [p for p in ascii_crew(crew, 26) if " " not in p.last and "-" not in p.first], rng.randint(2, 15)
    ):
        stamp = f"2023-11-{rng.randint(1, 28):02}T{rng.randint(10, 20)}:{rng.randint(10, 59)}:{rng.randint(10, 59)}Z"
        month, year = p.expiry
        middle = f" {p.middle}" if p.middle else ""
        track = f"%B{p.card}^{p.last.upper()}/{p.first.upper()}{middle}^{year:02}{month:02}101{rng.randint(10**12, 10**13 - 1)}?"
        if rng.random() < 0.4:
            track += f";{p.card}={year:02}{month:02}101{rng.randint(10**9, 10**10 - 1)}?"
        lines.append(
            f"{stamp} lane {rng.randint(1, 9)} swipe {track} amt {rng.randint(2, 300)}.{rng.randint(10, 99)}"
        )
        lines.append(f"{stamp} lane {rng.randint(1, 9)} drawer open seq {rng.randint(10**8, 10**9)}")
        planted.append(Planted(p, p.first, p.last, [("payment_card", p.card)]))
    return "log", "\n".join(lines) + "\n", planted


def ofx(rng, crew):
    """A download of account facts with the holder's name."""
    p = rng.choice(ascii_crew(crew, 40))
    sgml = rng.random() < 0.5
    end = (lambda t: "") if sgml else (lambda t: f"</{t}>")
    head = (
        "OFXHEADER:100\nDATA:OFXSGML\nVERSION:102\n\n"
        if sgml
        else '<?xml version="1.0"?>\n<?OFX OFXHEADER="200" VERSION="220"?>\n'
    )
    leaf = lambda t, v: f"<{t}>{v}{end(t)}\n"
    text = (
        head
        + "<OFX>\n<SIGNUPMSGSRSV1><ACCTINFORS>\n"
        + leaf("DTACCTUP", "20240302120000")
        + leaf("FIRSTNAME", p.first)
        + leaf("LASTNAME", p.last)
    )
    text += (
        leaf("ADDR1", p.street) + leaf("CITY", p.city) + leaf("STATE", p.state) + leaf("POSTALCODE", p.zip)
    )
    text += (
        "<ACCTINFO><BANKACCTINFO><BANKACCTFROM>\n"
        + leaf("BANKID", p.routing)
        + leaf("ACCTID", p.account)
        + leaf("ACCTTYPE", "CHECKING")
    )
    text += "</BANKACCTFROM></BANKACCTINFO></ACCTINFO>\n</ACCTINFORS></SIGNUPMSGSRSV1>\n</OFX>\n"
    return (
        rng.choice(["ofx", "qfx"]),
        text,
        [Planted(p, p.first, p.last, [("bank_account", p.account)], {"address", "routing"})],
    )


def cheque(rng, crew):
    """Scanned cheques: holder, place, and the MICR line."""
    out, planted = [], []
    for p in rng.sample([q for q in crew if not q.double], rng.randint(1, 4)):
        number = rng.randint(101, 9999)
        out.append(
            f"{p.first} {p.last}\n{p.street}\n{p.city}, {p.state} {p.zip}\n\nPay to the order of NATIONAL GRID   $ {rng.randint(20, 400)}.{rng.randint(10, 99)}\n"
            f"⑆{p.routing}⑆ {p.account}⑈ {number:04}\n"
        )
        planted.append(Planted(p, p.first, p.last, [("bank_account", p.account)], {"address", "routing"}))
    return "txt", "\n---\n\n".join(out), planted


def vcards(rng, crew):
    """LDIF of a directory that keeps the number."""
    out, planted = [], []
    for p in rng.sample(ascii_crew(crew, 40), rng.randint(1, 10)):
        out.append(
            f"dn: uid={p.key},ou=people,dc=agency,dc=example\nobjectClass: inetOrgPerson\ncn: {p.first} {p.last}\nsn: {p.last}\ngivenName: {p.first}\n"
            f"employeeNumber: {1000 + p.key}\nssn: {p.ssn}\nst: {p.state}\npostalCode: {p.zip}\n"
        )
        planted.append(Planted(p, p.first, p.last, [("ssn", p.ssn)], {"state", "zip"}))
    return "ldif", "\n".join(out), planted


def app_log(rng, crew):
    """Events of an application that prints what it should not: pairs, or an object at the end of the line."""
    out, planted = [], []
    style = rng.choice(["pairs", "object", "python"])
    for n, p in enumerate(
        rng.sample([q for q in crew if not q.double and '"' not in q.last], rng.randint(3, 15))
    ):
        stamp = f"2024-02-{n + 1:02} 11:{rng.randint(10, 59)}:07,{rng.randint(100, 999)}"
        out.append(
            f"{stamp} INFO  [worker-{rng.randint(1, 8)}] request {rng.getrandbits(64):016x} took {rng.randint(1, 900)}ms"
        )
        if rng.random() < 0.6:
            name = f"{p.first} {p.last}"
            out.append(
                stamp
                + {
                    "pairs": f' DEBUG update name="{name}" ssn={p.ssn} state={p.state} ip=10.2.3.{n}',
                    "object": f' DEBUG payload: {{"customer":{{"firstName":"{p.first}","lastName":"{p.last}","ssn":"{p.ssn}","state":"{p.state}"}},"retry":0}}',
                    "python": f" DEBUG row={{'name': \"{name}\", 'ssn': '{P.ssn_text(p.ssn, 'dash')}', 'state': '{p.state}'}}",
                }[style]
            )
            planted.append(Planted(p, p.first, p.last, [("ssn", p.ssn)], {"state"}))
    return "log", "\n".join(out) + "\n", planted


CODES = {
    "applog": (app_log, 5),
    "ach": (ach, 8),
    "aamva": (aamva, 7),
    "track": (stripes, 6),
    "ofx": (ofx, 5),
    "cheque": (cheque, 3),
    "ldif": (vcards, 3),
}


def code_file(share, rng, folder, crew):
    kind = rng.choices(list(CODES), [w for _, w in CODES.values()])[0]
    ext, text, planted = CODES[kind][0](rng, crew)
    share.add(f"{folder}/{kind}{rng.randint(1, 999)}.{ext}", text, planted, f"code-{kind}")


def archive_file(share, rng, folder, crew):
    """A zip of tables and texts, some of them in a zip within."""
    package, inner, found, names = kit.Zip(), kit.Zip(), [], set()
    nested = rng.random() < 0.35
    for _ in range(rng.randint(2, 5)):
        if rng.random() < 0.5:
            form = rng.choice(["csv", "json", "xml", "sql", "tsv", "ndjson", "xlsx", "html"])
            name, content, planted = tables.render(rng, crew, form)
        else:
            kind, text, planted = prose.compose(rng, crew)
            ext = rng.choice(["txt", "docx", "txt"])
            name, content = f"{kind}.{ext}", prose.wrap(rng, ext, kind, text)
        content = content if isinstance(content, bytes) else content.encode()
        name = rng.choice(["", "data/", "old/"]) + name.replace(" ", "_").replace(",", "")
        inside = nested and rng.random() < 0.5
        if (inside, name) in names:
            continue
        names.add((inside, name))
        (inner if inside else package).add(name, content, stored=len(content) > 40000)
        found.append((["inner.zip", name] if inside else [name], planted, name.rpartition(".")[2]))
    package.add("readme.txt", b"Archive of closed matters. Order 415-20-7719 shipped.\n")
    if inner.count:
        package.add("inner.zip", inner.bytes(), stored=True)
    path = share.add(f"{folder}/backup_{rng.randint(2008, 2024)}.zip", package.bytes(), (), "zip")
    for member, planted, ext in found:
        share.plant(path, member, planted, f"zip-{ext}")
