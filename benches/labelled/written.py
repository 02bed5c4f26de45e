"""Writers of formats that need nothing but Python: each makes the bytes of a logical document."""

import base64
import bz2
import gzip
import html
import io
import json
import lzma
import quopri
import re
import sqlite3
import struct
import sys
import tarfile
import tempfile
import zipfile
from pathlib import Path
from xml.sax.saxutils import escape, quoteattr

import tables
import writers as W
from writers import Number, kit

sys.path.append(str(Path(__file__).resolve().parents[2] / "fixtures"))
import mapikit as mapi
import olekit

STAMP = (2024, 3, 12, 9, 14, 2)


def keys_of(rng, doc):
    """Keys for the columns, none twice."""
    taken, out = set(), []
    for key in W.keyed(rng, doc.headers):
        while key.lower() in taken:
            key += "_2"
        taken.add(key.lower())
        out.append(key)
    return out


def scalar(cell):
    """A value of YAML: bare where that cannot be misread."""
    text = str(cell)
    if isinstance(cell, Number) and text:
        return text
    return text if re.fullmatch(r"[A-Za-z][A-Za-z0-9 .@/-]*[A-Za-z0-9]", text) else json.dumps(text, ensure_ascii=False)


def yaml(rng, doc):
    keys = keys_of(rng, doc)
    item = lambda row: "\n    ".join(f"{k}: {scalar(c)}" for k, c in zip(keys, row))
    return (f"# {doc.title}\nexported: 2024-05-02\nrecords:\n" + "".join(f"  - {item(row)}\n" for row in doc.rows)).encode()


def ini(rng, doc):
    keys, by = keys_of(rng, doc), rng.choice(["=", " = "])
    line = lambda row: "".join(f"{k}{by}{str(c).replace(chr(10), ' ')}\n" for k, c in zip(keys, row))
    return "\n".join(f"[record {n}]\n{line(row)}" for n, row in enumerate(doc.rows, 1)).encode()


def toml(rng, doc):
    keys = keys_of(rng, doc)
    value = lambda c: str(c) if isinstance(c, Number) and c and str(c)[0] != "0" else json.dumps(str(c), ensure_ascii=False)
    line = lambda row: "".join(f"{k} = {value(c)}\n" for k, c in zip(keys, row))
    return (f'title = "{doc.title}"\n\n' + "\n".join(f"[[records]]\n{line(row)}" for row in doc.rows)).encode()


def short(rng, header):
    """A heading of the same meaning in ten letters: who makes such a table does not leave it to the program to cut."""
    kinds = [words.split("|") for words in tables.HEADERS.values() if header in words.split("|")]
    fitting = [word for words in kinds for word in words if len(W.column_name(word)) <= 10]
    return header if len(header) <= 10 or not fitting else rng.choice(fitting)


def dbf(rng, doc):
    """dBASE III: names of ten letters, fields of fixed width."""
    rows = [[W.latin(c) for c in row] for row in doc.cells()[1:]]
    names, sizes = [], []
    for i, header in enumerate(doc.headers):
        name = W.column_name(short(rng, header)).upper()[:10]
        names.append(name if name not in names else f"{name[:8]}{i}")
        sizes.append(min(254, max([1, *(len(row[i].encode("cp1252")) for row in rows)])))
    out = struct.pack("<BBBBIHH", 3, 124, 1, 2, len(rows), 33 + 32 * len(names), 1 + sum(sizes)) + bytes(17) + b"\x03\0\0"
    for name, size in zip(names, sizes):
        out += struct.pack("<11scIBB14x", name.encode(), b"C", 0, size, 0)
    out += b"\r"
    for row in rows:
        out += b" " + b"".join(c.encode("cp1252")[:n].ljust(n) for c, n in zip(row, sizes))
    return out + b"\x1a"


def sqlite(rng, doc):
    table = rng.choice(["customers", "employees", "t_person", "members"])
    columns = ", ".join(f'"{k}" TEXT' for k in keys_of(rng, doc))
    value = lambda c: int(c) if isinstance(c, Number) and str(c).isdigit() else str(c)
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "a.db"
        with sqlite3.connect(path) as base:
            base.execute("CREATE TABLE settings (key TEXT, value TEXT)")
            base.execute("INSERT INTO settings VALUES ('schema', '14')")
            base.execute(f"CREATE TABLE {table} (row_no INTEGER PRIMARY KEY, {columns.replace(' TEXT', '')})")
            marks = ",".join("?" * len(doc.headers))
            base.executemany(f"INSERT INTO {table} VALUES (NULL,{marks})", [list(map(value, row)) for row in doc.rows])
        base.close()
        return path.read_bytes()


def ebcdic(rng, doc):
    text = doc.text if doc.is_text else W.fixed_width(rng, doc.headers, doc.rows)
    return text.replace("\f", "\n").encode("cp037", "replace")


def package(parts):
    """A zip of (name, text), stored where the name says so."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as target:
        for name, text in parts:
            how = zipfile.ZIP_STORED if name == "mimetype" else zipfile.ZIP_DEFLATED
            target.writestr(zipfile.ZipInfo(name, STAMP), text, how)
    return out.getvalue()


def page(rng, doc):
    """The document as a page of XHTML."""
    if doc.is_text:
        body = "".join(f"<p>{html.escape(line)}</p>\n" for line in doc.lines if line.strip())
    else:
        cell = lambda row: "".join(f"<td>{html.escape(c)}</td>" for c in row)
        body = "<table>" + "".join(f"<tr>{cell(row)}</tr>\n" for row in doc.cells()) + "</table>"
    title = html.escape(doc.title)
    return (
        f'<?xml version="1.0" encoding="utf-8"?>\n<html xmlns="http://www.w3.org/1999/xhtml"><head><title>{title}</title></head>'
        f"<body><h1>{title}</h1>{body}</body></html>"
    )


EPUB_PAGE = "OEBPS/part1.xhtml"


def epub(rng, doc):
    box = '<container version="1.0" xmlns="urn:oasis:names:tc:opendocument:xmlns:container"><rootfiles><rootfile full-path="OEBPS/content.opf" media-type="application/oebps-package+xml"/></rootfiles></container>'
    opf = '<package xmlns="http://www.idpf.org/2007/opf" version="3.0"><manifest><item id="a" href="part1.xhtml" media-type="application/xhtml+xml"/></manifest><spine><itemref idref="a"/></spine></package>'
    parts = [("mimetype", "application/epub+zip"), ("META-INF/container.xml", box), ("OEBPS/content.opf", opf)]
    return package([*parts, (EPUB_PAGE, page(rng, doc))])


XPS_PAGE = "Documents/1/Pages/1.fpage"


def xps(rng, doc):
    """A page of glyphs, one run a line or cell."""
    run = lambda x, n, line: (
        f'<Glyphs Fill="#ff000000" FontRenderingEmSize="10" FontUri="/Resources/1.odttf" OriginX="{x}" OriginY="{60 + 14 * n}" UnicodeString={quoteattr(line)}/>'
    )
    if doc.is_text:
        drawn = [(60, n, line) for n, line in enumerate(doc.lines)]
    else:
        rows = doc.cells()
        widths = [max(len(row[i]) for row in rows) * 6 + 24 for i in range(len(doc.headers))]
        starts = [60 + sum(widths[:i]) for i in range(len(widths))]
        drawn = [(60, 0, doc.title), *((x, n, cell) for n, row in enumerate(rows, 2) for x, cell in zip(starts, row))]
    runs = "\n".join(run(*one) for one in drawn if one[2].strip())
    size = f'Width="{max(816, max(one[0] for one in drawn) + 300)}" Height="{max(1056, 14 * len(drawn))}"'
    page = f'<FixedPage xmlns="http://schemas.microsoft.com/xps/2005/06" {size}>{runs}</FixedPage>'
    kinds = '<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"><Default Extension="fpage" ContentType="application/vnd.ms-package.xps-fixedpage+xml"/></Types>'
    sequence = '<FixedDocumentSequence xmlns="http://schemas.microsoft.com/xps/2005/06"><DocumentReference Source="/Documents/1/FixedDocument.fdoc"/></FixedDocumentSequence>'
    listed = '<FixedDocument xmlns="http://schemas.microsoft.com/xps/2005/06"><PageContent Source="Pages/1.fpage"/></FixedDocument>'
    parts = [("[Content_Types].xml", kinds), ("FixedDocumentSequence.fdseq", sequence)]
    return package([*parts, ("Documents/1/FixedDocument.fdoc", listed), (XPS_PAGE, page)])


VISIO_PAGE = "visio/pages/page1.xml"


def vsdx(rng, doc):
    """A drawing with a shape for each block of lines, or for each row of a table, under its headings."""
    if doc.is_text:
        blocks = [block for block in doc.text.replace("\f", "\n").split("\n\n") if block.strip()]
    else:
        heads, *rows = doc.cells()
        blocks = ["\n".join(f"{head}: {cell}" for head, cell in zip(heads, row) if cell) for row in rows]
    shapes = "".join(f'<Shape ID="{n}" Type="Shape"><Text>{escape(block)}</Text></Shape>' for n, block in enumerate(blocks, 1))
    page = f'<PageContents xmlns="http://schemas.microsoft.com/office/visio/2012/main"><Shapes>{shapes}</Shapes></PageContents>'
    kinds = '<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"><Default Extension="xml" ContentType="application/xml"/></Types>'
    book = '<VisioDocument xmlns="http://schemas.microsoft.com/office/visio/2012/main"/>'
    return package([("[Content_Types].xml", kinds), ("visio/document.xml", book), (VISIO_PAGE, page)])


def biff12(kind, data=b""):
    """A record of a binary workbook ([MS-XLSB] 2.1.4): kind and length in sevens of bits."""
    head, length = bytes([kind]) if kind < 128 else bytes([kind & 0x7F | 0x80, kind >> 7]), len(data)
    while length > 127:
        head, length = head + bytes([length & 0x7F | 0x80]), length >> 7
    return head + bytes([length]) + data


def xlsb(rng, doc):
    """A binary workbook of one sheet: texts in their cells, numbers as such under a format."""
    text = lambda words: struct.pack("<I", len(words.encode("utf-16-le")) // 2) + words.encode("utf-16-le")

    def cell(column, value):
        if isinstance(value, Number) and value:
            return biff12(5, struct.pack("<IId", column, value.style, float(value)))
        return biff12(6, struct.pack("<II", column, 0) + text(str(value))) if value else b""

    sheet = biff12(129) + biff12(145)
    for at, row in enumerate([doc.headers, *doc.rows]):
        sheet += biff12(0, struct.pack("<I", at) + bytes(13)) + b"".join(cell(n, c) for n, c in enumerate(row))
    formats = b"".join(
        biff12(44, struct.pack("<H", n) + text(form)) for n, form in ((164, "000\\-00\\-0000"), (165, "000000000"))
    )
    cells = b"".join(biff12(47, struct.pack("<HH", 0, n) + bytes(12)) for n in (0, 164, 165))
    office = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
    relations = lambda *targets: (
        '<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">'
        + "".join(f'<Relationship Id="r{n}" Type="{office}/{kind}" Target="{to}"/>' for n, (kind, to) in enumerate(targets))
        + "</Relationships>"
    )
    named = biff12(156, struct.pack("<II", 0, 1) + text("r0") + text("Data"))
    kinds = '<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"/>'
    parts = [
        ("[Content_Types].xml", kinds),
        ("_rels/.rels", relations(("officeDocument", "xl/workbook.bin"))),
        ("xl/workbook.bin", biff12(131) + biff12(143) + named + biff12(144) + biff12(132)),
        ("xl/_rels/workbook.bin.rels", relations(("worksheet", "worksheets/sheet1.bin"), ("styles", "styles.bin"))),
        ("xl/styles.bin", formats + biff12(617) + cells + biff12(618)),
    ]
    return package([*parts, ("xl/worksheets/sheet1.bin", sheet + biff12(146) + biff12(130))])


def retyped(old, new):
    """Turns one Office Open XML kind into another, which differs in its content type alone."""

    def change(content):
        parts = zipfile.ZipFile(io.BytesIO(content))
        types = lambda name, data: data.replace(old, new) if name == "[Content_Types].xml" else data
        return package([(i.filename, types(i.filename, parts.read(i))) for i in parts.infolist()])

    return change


# Mail


def header(text):
    return text if text.isascii() else "=?utf-8?B?" + base64.b64encode(text.encode()).decode() + "?="


def part(kind, encoding, content):
    """Lines of the head, and the body, of a part in some encoding."""
    crlf = lambda data: data.decode().replace("\n", "\r\n")
    coded = {
        "base64": lambda: crlf(base64.encodebytes(content)),
        "quoted-printable": lambda: crlf(quopri.encodestring(content)),
        "8bit": lambda: crlf(content),
    }[encoding]()
    return [kind, f"Content-Transfer-Encoding: {encoding}"], coded


def eml(rng, mail, style):
    """A message: `base64`, `quoted-printable`, `8bit`, or `alternative` with HTML beside the text."""
    plain = "8bit" if style == "alternative" else style
    parts = [part("Content-Type: text/plain; charset=utf-8", plain, mail.body.encode())]
    if style == "alternative":
        lines = "".join(f"<p>{html.escape(line)}</p>" for line in mail.body.split("\n"))
        parts.append(part("Content-Type: text/html; charset=utf-8", "quoted-printable", f"<html><body>{lines}</body></html>".encode()))
    if mail.content:
        kind = f'Content-Type: text/csv; name="{mail.name}"\r\nContent-Disposition: attachment; filename="{mail.name}"'
        parts.append(part(kind, "base64", mail.content))
    sender = f"{header(mail.sender)} <{mail.sender_mail}>"
    mixed = "mixed" if mail.content or style != "alternative" else "alternative"
    return kit.message(sender, "records@agency.example", mail.subject, parts, mixed).encode()


def mbox(rng, mails):
    styles = ["base64", "quoted-printable", "8bit"]
    quoted = lambda data: re.sub(r"(?m)^(>*From )", r">\1", data.decode().replace("\r\n", "\n"))
    return "".join(f"From x@agency.example Tue Mar 12 09:14:03 2024\n{quoted(eml(rng, m, rng.choice(styles)))}\n" for m in mails).encode()


def properties(mail):
    listed = [
        mapi.text(mapi.CLASS, "IPM.Note"),
        mapi.text(mapi.SUBJECT, mail.subject),
        mapi.text(mapi.SENDER, mail.sender),
        mapi.text(mapi.SENDER_SMTP, mail.sender_mail),
    ]
    return [*listed, mapi.text(mapi.BODY, mail.body.replace("\n", "\r\n"))]


RECIPIENT = [mapi.text(mapi.NAME, "Records"), mapi.text(mapi.SMTP, "records@agency.example")]


def msg(rng, mail):
    files = []
    if mail.content:
        files.append([mapi.text(mapi.LONG_FILE, mail.name), (mapi.METHOD, mapi.I32, 1), (mapi.DATA, mapi.BINARY, mail.content)])
    return olekit.ole2(mapi.msg(properties(mail), [[*RECIPIENT, (mapi.KIND, mapi.I32, 1)]], files))


def tnef(rng, mail):
    files = [[mapi.text(mapi.LONG_FILE, mail.name), (mapi.DATA, mapi.BINARY, mail.content)]] if mail.content else []
    return mapi.tnef(properties(mail), [RECIPIENT], files)


def pst(rng, mails):
    """A store of at most six messages, as many as its writer can keep."""
    store = mapi.Store()
    store.folder(0x122, "Top of Personal Folders", 0x122)
    store.folder(0x8022, "Inbox", 0x122)
    for n, mail in enumerate(mails[:6]):
        store.message(0x200024 + 32 * n, 0x8022, properties(mail), [RECIPIENT])
    return store.bytes()


# Archives and packers: (name, bytes) to bytes


def tar(members):
    out = io.BytesIO()
    with tarfile.open(fileobj=out, mode="w") as target:
        for name, content in members:
            info = tarfile.TarInfo(name)
            info.size, info.mtime = len(content), 1710234843
            target.addfile(info, io.BytesIO(content))
    return out.getvalue()


PACKERS = {
    "gz": lambda data: gzip.compress(data, mtime=0),
    "bz2": bz2.compress,
    "xz": lzma.compress,
    "lzma": lambda data: lzma.compress(data, lzma.FORMAT_ALONE),
}
