"""The same kinds of documents in every format that can be written here, a folder for each format.

The kind of a file is the name of its format, so that the score is told by format."""

import codes
import logical
import office
import prose
import tables
import written
import writers as W
from writers import kit

#: Formats of which no writer is known, and why.
UNWRITTEN = {
    "accdb, mdb": "no writer of Access files",
    "rar": "its writer is not free",
    "one, chm, pages, numbers, key": "no writer",
}


class Format:
    """A format: its ending, what it holds, who writes it and what that needs."""

    def __init__(self, name, ending, holds, write, needs=(), crew=None, member=None):
        self.name, self.ending, self.holds, self.write, self.needs = name, ending, holds, write, needs
        self.crew, self.member = crew, member

    def docs(self, rng, crew, count):
        crew = self.crew(crew) if self.crew else crew
        for n in range(count):
            holds = self.holds if self.holds != "both" else ("text", "table")[n % 2]
            yield {"text": logical.text_doc, "table": logical.table_doc}[holds](rng, crew)


class Converted(Format):
    """A format that LibreOffice writes from another."""

    def __init__(self, name, holds, seed, target, crew=None, member=None):
        make, self.seed_ending, need = {
            "docx": (office.docx, "docx", "docx"),
            "xlsx": (office.xlsx, "xlsx", "openpyxl"),
            "pptx": (office.pptx, "pptx", "pptx"),
        }[seed]
        super().__init__(name, target.partition(":")[0], holds, make, ("soffice", need), crew, member)
        self.target = target


def whole(write):
    return lambda rng, doc: write(rng, doc.headers, doc.kinds, doc.rows)


def own_docx(rng, doc):
    if doc.is_text:
        return W.docx_text(rng, "\n".join(doc.lines))
    return kit.docx(kit.paragraph(doc.title), kit.paragraph(""), kit.table(doc.cells()))


def own_xlsx(rng, doc):
    return kit.xlsx([("Data", False, W.sheet_rows(doc.headers, doc.rows, rng.choice([[], [doc.title]])))])


def own_pptx(rng, doc):
    if doc.is_text:
        return W.pptx([["Agenda"], [line for line in doc.lines if line]])
    rows = doc.cells()
    return W.pptx([[doc.title, [rows[0], *rows[at : at + 12]]] for at in range(1, len(rows), 12)])


def own_pdf(rng, doc):
    return W.pdf_text("\n".join(doc.lines)) if doc.is_text else W.pdf_table(doc.headers, doc.rows, doc.title)


def own_html(rng, doc):
    if doc.is_text:
        return prose.wrap(rng, "html", doc.title, doc.text)
    return W.html_table(rng, doc.headers, doc.rows, doc.title).encode()


WORD = b"application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml"
SHEET = b"application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml"
DOCM = written.retyped(WORD, b"application/vnd.ms-word.document.macroEnabled.main+xml")
DOTX = written.retyped(WORD, WORD.replace(b"document.main", b"template.main"))
XLSM = written.retyped(SHEET, b"application/vnd.ms-excel.sheet.macroEnabled.main+xml")

FORMATS = [
    Format("txt", "txt", "text", lambda rng, doc: W.encode(rng, doc.text)),
    Format("csv", "csv", "table", lambda rng, doc: W.encode(rng, W.delimited(rng, doc.headers, doc.rows, ","))),
    Format("fixed-width", "prn", "table", lambda rng, doc: W.fixed_width(rng, doc.headers, doc.rows).encode()),
    Format("sql", "sql", "table", lambda rng, doc: W.sql(rng, doc.headers, doc.rows, "t_person").encode()),
    Format("json", "json", "table", lambda rng, doc: W.json_text(rng, doc.headers, doc.kinds, doc.rows, False).encode()),
    Format("ndjson", "ndjson", "table", lambda rng, doc: W.json_text(rng, doc.headers, doc.kinds, doc.rows, True).encode()),
    Format("xml", "xml", "table", lambda rng, doc: W.xml_text(rng, doc.headers, doc.rows, "Export").encode()),
    Format("html", "html", "both", own_html),
    Format("yaml", "yaml", "table", written.yaml),
    Format("ini", "ini", "table", written.ini),
    Format("toml", "toml", "table", written.toml),
    Format("ebcdic", "dat", "both", written.ebcdic, crew=logical.ascii_of, member="text"),
    Format("dbf", "dbf", "table", written.dbf, crew=logical.latin),
    Format("sqlite", "db", "table", written.sqlite),
    Format("parquet", "parquet", "table", office.parquet, ("pyarrow",)),
    Format("docx-own", "docx", "both", own_docx),
    Format("docx", "docx", "both", office.docx, ("docx",)),
    Format("docm", "docm", "both", lambda rng, doc: DOCM(own_docx(rng, doc))),
    Format("dotx", "dotx", "both", lambda rng, doc: DOTX(own_docx(rng, doc))),
    Format("xlsx-own", "xlsx", "table", own_xlsx),
    Format("xlsx", "xlsx", "table", office.xlsx, ("openpyxl",)),
    Format("xlsx-xlsxwriter", "xlsx", "table", office.xlsx_by_writer, ("xlsxwriter",)),
    Format("xlsm", "xlsm", "table", lambda rng, doc: XLSM(own_xlsx(rng, doc))),
    Format("xlsb", "xlsb", "table", written.xlsb),
    Format("pptx-own", "pptx", "both", own_pptx),
    Format("pptx", "pptx", "both", office.pptx, ("pptx",)),
    Format("pdf-own", "pdf", "both", own_pdf, crew=logical.latin),
    Format("pdf-reportlab", "pdf", "both", office.pdf_by_reportlab, ("reportlab",), logical.latin),
    Format("epub", "epub", "both", written.epub, member=written.EPUB_PAGE),
    Format("xps", "xps", "both", written.xps, member=written.XPS_PAGE),
    Format("vsdx", "vsdx", "both", written.vsdx, member=written.VISIO_PAGE),
    Converted("doc", "both", "docx", "doc:MS Word 97"),
    Converted("rtf", "both", "docx", "rtf:Rich Text Format"),
    Converted("odt", "both", "docx", "odt:writer8"),
    Converted("fodt", "both", "docx", "fodt:OpenDocument Text Flat XML"),
    Converted("docx-libreoffice", "both", "docx", "docx:MS Word 2007 XML"),
    Converted("html-libreoffice", "both", "docx", "html:HTML (StarWriter)"),
    Converted("epub-libreoffice", "both", "docx", "epub:EPUB", member="OEBPS/sections/section0001.xhtml"),
    Converted("pdf-libreoffice", "both", "docx", "pdf:writer_pdf_Export"),
    Converted("xls", "table", "xlsx", "xls:MS Excel 97"),
    Converted("ods", "table", "xlsx", "ods:calc8"),
    Converted("fods", "table", "xlsx", "fods:OpenDocument Spreadsheet Flat XML"),
    Converted("xlsx-libreoffice", "table", "xlsx", "xlsx:Calc MS Excel 2007 XML"),
    Converted("pdf-calc", "table", "xlsx", "pdf:calc_pdf_Export"),
    Converted("ppt", "both", "pptx", "ppt:MS PowerPoint 97"),
    Converted("odp", "both", "pptx", "odp:impress8"),
    Converted("pdf-impress", "both", "pptx", "pdf:impress_pdf_Export"),
]

#: Mail: who writes it, how many messages a file has, whether they may carry files.
MAIL = {
    "eml-8bit": ("eml", lambda rng, m: written.eml(rng, m[0], "8bit")),
    "eml-base64": ("eml", lambda rng, m: written.eml(rng, m[0], "base64")),
    "eml-quoted-printable": ("eml", lambda rng, m: written.eml(rng, m[0], "quoted-printable")),
    "eml-alternative": ("eml", lambda rng, m: written.eml(rng, m[0], "alternative")),
    "msg": ("msg", lambda rng, m: written.msg(rng, m[0])),
    "tnef": ("dat", lambda rng, m: written.tnef(rng, m[0])),
    "mbox": ("mbox", written.mbox),
    "pst": ("pst", written.pst),
}

#: Codes that hold name and number in one, and text of contacts.
CODES = {"ldif": codes.vcards, "ofx": codes.ofx, "ach": codes.ach, "aamva": codes.aamva}

ARCHIVES = {
    "zip": ("zip", written.package, ()),
    "tar": ("tar", written.tar, ()),
    "tgz": ("tar.gz", lambda members: written.PACKERS["gz"](written.tar(members)), ()),
    "7z": ("7z", office.seven_zip, ("7z",)),
}


def missing(needs):
    return [need for need in needs if office.lacks(need)]


def add_files(share, rng, crew, form, count):
    # A text holds a record or a few: of formats of text alone there are more files, so that the figure says something.
    docs = list(form.docs(rng, crew, count * 3 if form.holds == "text" else count))
    contents = [form.write(rng, doc) for doc in docs]
    if isinstance(form, Converted):
        contents = office.convert(contents, form.seed_ending, form.target)
    for n, (doc, content) in enumerate(zip(docs, contents), 1):
        if content is None:
            print(f"{form.name}: LibreOffice did not write file {n}")
            continue
        place = [] if form.member is None else [form.member]
        path = share.add(f"{form.name}/{n:02} {doc.title}.{form.ending}", content, (), form.name)
        share.plant(path, place, doc.planted, form.name)


def add_mail(share, rng, crew, name, count):
    ending, write = MAIL[name]
    for n in range(1, count + 1):
        many = {"mbox": 4, "pst": 6}.get(name, 1)
        mails = [logical.Message(rng, crew, attached=name != "pst") for _ in range(many)]
        path = share.add(f"{name}/{n:02} mail.{ending}", write(rng, mails), (), name)
        for k, mail in enumerate(mails, 1):
            place = {
                "mbox": [f"message {k}"],
                "pst": [f"Top of Personal Folders/Inbox/{k} {mail.subject}"],
            }.get(name, [])
            share.plant(path, place, mail.planted, name)
            if mail.content:
                share.plant(path, [*place, mail.name], mail.attached, name)


def add_codes(share, rng, crew, count):
    for name, make in CODES.items():
        for n in range(1, count + 1):
            ending, text, planted = make(rng, crew)
            share.add(f"{name}/{n:02}.{ending}", text, planted, name)
    for n in range(1, count + 1):
        doc = logical.vcard(rng, crew)
        share.add(f"vcard/{n:02}.vcf", doc.text.encode(), doc.planted, "vcard")


def member(rng, crew, n):
    """A file for an archive: name, bytes, records."""
    form = rng.choice([f for f in FORMATS if f.name in ("txt", "csv", "json", "docx-own", "xlsx-own", "html", "sql")])
    doc = next(iter(form.docs(rng, crew, 1)))
    return f"part{n}.{form.ending}", form.write(rng, doc), doc.planted


def add_archives(share, rng, crew, count):
    for name, (ending, write, needs) in ARCHIVES.items():
        if missing(needs):
            continue
        for n in range(1, count + 1):
            members = [member(rng, crew, k) for k in range(rng.randint(2, 4))]
            path = share.add(f"{name}/{n:02} backup.{ending}", write([m[:2] for m in members]), (), name)
            outer = [f"{n:02} backup.tar"] if name == "tgz" else []
            for inner, _, planted in members:
                share.plant(path, [*outer, inner], planted, name)
    packers = dict(written.PACKERS) if office.lacks("zstd") else {**written.PACKERS, "zst": office.zst}
    for name, pack in packers.items():
        for n in range(1, count + 1):
            inner, content, planted = member(rng, crew, n)
            path = share.add(f"{name}/{inner}.{name}", pack(content), (), name)
            share.plant(path, [inner], planted, name)


def build(share, rng, crew, count):
    """Adds `count` files of each format; says what is left out."""
    for form in FORMATS:
        lacking = missing(form.needs)
        if lacking:
            print(f"left out: {form.name} (needs {', '.join(lacking)})")
        else:
            add_files(share, rng, crew, form, count)
    for name in MAIL:
        add_mail(share, rng, crew, name, count)
    add_codes(share, rng, crew, count)
    add_archives(share, rng, crew, count)
    for name, (_, _, needs) in ARCHIVES.items():
        if missing(needs):
            print(f"left out: {name} (needs {', '.join(missing(needs))})")
    if office.lacks("zstd"):
        print("left out: zst (needs zstd)")
    for name, why in UNWRITTEN.items():
        print(f"left out: {name} ({why})")
