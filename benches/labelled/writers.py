"""Renders tables and texts in the formats of a share. A table is a header list and rows of cells: text, or `Number`."""

import html
import json
import re
import sys
from pathlib import Path
from xml.sax.saxutils import escape, quoteattr

sys.path.append(str(Path(__file__).resolve().parents[2] / "fixtures"))
import sharekit as kit


class Number(str):
    """A cell that a spreadsheet or JSON writer stores as a number; `style` is the format a workbook shows it in."""

    style = 0

    def __new__(cls, text, style=0):
        cell = super().__new__(cls, text)
        cell.style = style
        return cell


def encode(rng, text):
    """Bytes in one of the encodings that shares hold."""
    kind = rng.choices(["utf-8", "bom", "utf-16", "cp1252"], [80, 7, 5, 8])[0]
    if kind == "utf-16":
        return "\ufeff".encode("utf-16le") + text.encode("utf-16le")
    if kind == "bom":
        return b"\xef\xbb\xbf" + text.encode()
    if kind == "cp1252":
        try:
            return text.encode("cp1252")
        except UnicodeEncodeError:
            pass
    return text.encode()


def delimited(rng, headers, rows, by, titles=(), footer=()):
    """Delimited text; a cell with the delimiter, a quote or a line break is quoted."""
    quote_all = rng.random() < 0.15
    end = rng.choice(["\n", "\r\n"])

    def cell(text):
        text = str(text)
        if quote_all or by in text or '"' in text or "\n" in text:
            return '"' + text.replace('"', '""') + '"'
        return text

    lines = [by.join(map(cell, row)) for row in ([headers] if headers else []) + rows]
    return end.join([*titles, *lines, *footer, ""])


def markdown(headers, rows, title):
    line = lambda row: "| " + " | ".join(str(c).replace("\n", " ") for c in row) + " |"
    return "\n".join([f"# {title}", "", line(headers), "|" + "---|" * len(headers), *map(line, rows), ""])


def html_table(rng, headers, rows, title, intro=""):
    td = rng.choice(["<td>{}</td>", '<td class="c">{}</td>', "<td><span>{}</span></td>", "<td>\n  {}\n</td>"])
    th = rng.choice(["<th>{}</th>", "<td><b>{}</b></td>"])
    line = lambda form, row: (
        "<tr>" + "".join(form.format(html.escape(str(c)) or "&nbsp;") for c in row) + "</tr>\n"
    )
    return (
        f"<!DOCTYPE html>\n<html><head><title>{html.escape(title)}</title></head><body>\n<h2>{html.escape(title)}</h2>\n"
        f"<p>{html.escape(intro)}</p>\n<table border=1>\n{line(th, headers)}"
        + "".join(line(td, row) for row in rows)
        + "</table>\n</body></html>\n"
    )


def column_name(header):
    return re.sub(r"[^a-z0-9]+", "_", header.lower()).strip("_") or "col"


def sql(rng, headers, rows, table):
    """A dump: with a column list, with only CREATE TABLE before it, or as COPY."""
    columns = [column_name(h) for h in headers]
    value = lambda c: (
        c if isinstance(c, Number) and c else "'" + str(c).replace("'", "''").replace("\n", "\\n") + "'"
    )
    create = (
        f"CREATE TABLE `{table}` (\n"
        + ",\n".join(f"  `{c}` varchar(80) DEFAULT NULL" for c in columns)
        + "\n) ENGINE=InnoDB;\n"
    )
    style = rng.choices(["list", "many", "create", "copy"], [4, 3, 3, 1])[0]
    head = "-- MySQL dump 10.13  Distrib 8.0.32\n\n"
    tuples = ["(" + ",".join(map(value, row)) + ")" for row in rows]
    if style == "list":
        names = ", ".join(columns)
        return head + "".join(f"INSERT INTO {table} ({names}) VALUES {t};\n" for t in tuples)
    if style == "many":
        return (
            head
            + f"INSERT INTO `{table}` (`"
            + "`,`".join(columns)
            + "`) VALUES\n"
            + ",\n".join(tuples)
            + ";\n"
        )
    if style == "create":
        return head + create + f"\nINSERT INTO `{table}` VALUES " + ",".join(tuples) + ";\n"
    body = "".join("\t".join(str(c).replace("\n", "\\n") or "\\N" for c in row) + "\n" for row in rows)
    return f"COPY public.{table} ({', '.join(columns)}) FROM stdin;\n{body}\\.\n"


def fixed_width(rng, headers, rows):
    """Padded columns, with a header, and at times a ruler below it."""
    table = [headers, *rows]
    widths = [max(len(str(row[i])) for row in table) + rng.randint(2, 4) for i in range(len(headers))]
    line = lambda row: "".join(str(c).replace("\n", " ").ljust(w) for c, w in zip(row, widths)).rstrip()
    lines = [line(row) for row in table]
    if rng.random() < 0.5:
        lines.insert(1, " ".join("-" * (w - 1) for w in widths))
    return "\n".join([*lines, ""])


def json_value(cell):
    return int(cell) if isinstance(cell, Number) and cell.isdigit() else str(cell)


def keyed(rng, headers):
    """Keys for headers in one convention."""
    style = rng.choice(["snake", "camel", "pascal", "as_is"])
    words = lambda h: [w for w in re.split(r"[^A-Za-z0-9]+", re.sub(r"([a-z])([A-Z])", r"\1 \2", h)) if w]
    camel = lambda h: "".join(w[:1].upper() + w[1:].lower() for w in words(h)) or "Col"
    return [
        {
            "snake": "_".join(words(h)).lower() or "col",
            "camel": camel(h)[:1].lower() + camel(h)[1:],
            "pascal": camel(h),
            "as_is": "_".join(words(h)) or "col",
        }[style]
        for h in headers
    ]


def nested(rng, keys, kinds, row):
    """A row as an object: flat, or with names, numbers and address in objects of their own."""
    groups = {}
    for key, kind, cell in zip(keys, kinds, row):
        cell = json_value(cell)
        place = {
            "first": "name",
            "last": "name",
            "ssn": "identifiers",
            "dl": "identifiers",
            "street": "address",
            "city": "address",
            "state": "address",
            "zip": "address",
            "account": "bank",
            "routing": "bank",
            "card": "payment",
            "expiry": "payment",
        }.get(kind)
        if place is None:
            groups[key] = cell
        else:
            groups.setdefault(place, {})[key] = cell
    return groups


def json_text(rng, headers, kinds, rows, lines):
    keys, deep = keyed(rng, headers), rng.random() < 0.45
    items = [nested(rng, keys, kinds, row) if deep else dict(zip(keys, map(json_value, row))) for row in rows]
    ascii_only = rng.random() < 0.5
    if lines:
        return "".join(json.dumps(i, ensure_ascii=ascii_only) + "\n" for i in items)
    wrap = rng.choice(
        [
            lambda x: x,
            lambda x: {"data": x},
            lambda x: {"exportedAt": "2024-05-02T11:00:00Z", "total": len(x), "records": x},
        ]
    )
    return json.dumps(wrap(items), indent=rng.choice([None, 2, 4]), ensure_ascii=ascii_only) + "\n"


def xml_text(rng, headers, rows, name):
    keys = keyed(rng, headers)
    item = rng.choice(["Record", "row", "item", name.rstrip("s").capitalize()])
    if rng.random() < 0.4:
        body = "".join(
            f"  <{item} " + " ".join(f"{k}={quoteattr(str(c))}" for k, c in zip(keys, row)) + "/>\n"
            for row in rows
        )
    else:
        body = "".join(
            f"  <{item}>\n"
            + "".join(f"    <{k}>{escape(str(c))}</{k}>\n" for k, c in zip(keys, row))
            + f"  </{item}>\n"
            for row in rows
        )
    return f'<?xml version="1.0" encoding="UTF-8"?>\n<{name}>\n{body}</{name}>\n'


def sheet_rows(headers, rows, titles=()):
    """Rows for `kit.xlsx`: titles above, numbers as numbers under their formats."""

    def cell(c):
        if isinstance(c, Number) and c:
            return (int(c) if c.isdigit() else float(c), c.style)
        return str(c) if c else None

    return (
        [[t] for t in titles]
        + ([list(headers)] if headers else [])
        + [[cell(c) for c in row] for row in rows]
    )


def pdf_table(headers, rows, title):
    """Pages in landscape with one drawn string a cell, columns as wide as what they hold."""
    cells = [[latin(str(c).replace("\n", " ")) for c in row] for row in rows]
    widths = [max(len(row[i]) for row in [headers, *cells]) * 5.6 + 14 for i in range(len(headers))]
    left = [round(30 + sum(widths[:i])) for i in range(len(headers))]
    pages = []
    for at in range(0, max(1, len(rows)), 40):
        page = [(30, 760, title)] + [(x, 735, h) for x, h in zip(left, headers)]
        for j, row in enumerate(cells[at : at + 40]):
            page += [(x, 718 - 16 * j, c) for x, c in zip(left, row) if c]
        pages.append(page)
    wide = min(9999, max(612, left[-1] + round(widths[-1]) + 30))
    return kit.pdf(pages).replace(
        b"/MediaBox[0 0 612 792]",
        b"/MediaBox[0 0 %d 792]" % wide if wide > 999 else b"/MediaBox[0 0 %03d 792]" % wide,
    )


def latin(text):
    plain = text.translate({0x2009: " ", 0x2011: "-"})
    return plain.encode("cp1252", "replace").decode("cp1252")


def pdf_text(text):
    """Pages with one drawn string a line."""
    lines = [latin(line) for line in text.expandtabs(4).split("\n")]
    pages = [lines[i : i + 48] for i in range(0, len(lines), 48)]
    return kit.pdf(
        [[(60, 750 - 14 * j, line) for j, line in enumerate(page) if line.strip()] for page in pages]
    )


def docx_text(rng, text):
    """One paragraph a line; now and then a line is kept in several runs."""
    blocks = []
    for line in text.split("\n"):
        cut = sorted(rng.sample(range(1, len(line)), 2)) if len(line) > 30 and rng.random() < 0.2 else []
        blocks.append(kit.paragraph(*[line[a:b] for a, b in zip([0, *cut], [*cut, len(line)])]))
    return kit.docx(*blocks)


def pptx(slides):
    """Slides of text lines; an entry that is a list of lists is a table."""
    base = "http://schemas.openxmlformats.org/"
    spaces = (
        f'xmlns:a="{base}drawingml/2006/main" xmlns:p="{base}presentationml/2006/main" xmlns:r="{kit.OFFICE}"'
    )
    para = lambda t: f"<a:p><a:r><a:t>{escape(t)}</a:t></a:r></a:p>"

    def shape(entry):
        if isinstance(entry, str):
            return f"<p:sp><p:nvSpPr/><p:spPr/><p:txBody><a:bodyPr/>{para(entry)}</p:txBody></p:sp>"
        cells = lambda row: "".join(
            f"<a:tc><a:txBody><a:bodyPr/>{para(str(c))}</a:txBody></a:tc>" for c in row
        )
        lines = "".join(f'<a:tr h="1">{cells(row)}</a:tr>' for row in entry)
        return (
            f'<p:graphicFrame><a:graphic><a:graphicData uri="{base}drawingml/2006/table"><a:tbl>{lines}</a:tbl>'
            "</a:graphicData></a:graphic></p:graphicFrame>"
        )

    kind = "application/vnd.openxmlformats-officedocument.presentationml."
    ids = "".join(f'<p:sldId id="{256 + i}" r:id="rId{i + 1}"/>' for i in range(len(slides)))
    parts = [
        ("ppt/presentation.xml", f"<p:presentation {spaces}><p:sldIdLst>{ids}</p:sldIdLst></p:presentation>"),
        (
            "ppt/_rels/presentation.xml.rels",
            kit._relationships([("slide", f"slides/slide{i + 1}.xml") for i in range(len(slides))]),
        ),
    ]
    types = [("ppt/presentation.xml", kind + "presentation.main+xml")]
    for i, entries in enumerate(slides, 1):
        tree = "".join(map(shape, entries))
        parts.append(
            (
                f"ppt/slides/slide{i}.xml",
                f"<p:sld {spaces}><p:cSld><p:spTree><p:nvGrpSpPr/><p:grpSpPr/>{tree}</p:spTree></p:cSld></p:sld>",
            )
        )
        types.append((f"ppt/slides/slide{i}.xml", kind + "slide+xml"))
    return kit._package(types, "ppt/presentation.xml", parts).bytes()
