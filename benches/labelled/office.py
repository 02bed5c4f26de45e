"""Writers that need a library or a program: what is missing is left out, by name."""

import importlib.util
import io
import shutil
import subprocess
import tempfile
from pathlib import Path

from writers import Number

SSN_FORMATS = {0: "General", 1: "000\\-00\\-0000", 2: "000000000"}


def lacks(need):
    """True if this machine has no such program or library."""
    return shutil.which(need) is None and importlib.util.find_spec(need) is None


def docx(rng, doc):
    """A Word document by python-docx."""
    from docx import Document
    from docx.shared import Inches

    out, target = io.BytesIO(), Document()
    target.add_heading(doc.title)
    if doc.is_text:
        for line in doc.lines:
            target.add_paragraph(printable(line))
    else:
        target.add_paragraph("Prepared for internal use.")
        cells = doc.cells()
        widths = [max(len(row[i]) for row in cells) for i in range(len(doc.headers))]
        section = target.sections[0]
        # As wide a page as the table needs, so that no number is broken over two lines of its cell.
        section.page_width = Inches(max(8.5, sum(widths) * 0.09 + len(widths) * 0.2 + 2))
        table = target.add_table(len(cells), len(doc.headers))
        table.style = "Table Grid"
        table.autofit = False
        for column, width in zip(table.columns, widths):
            column.width = Inches(width * 0.09 + 0.2)
            for cell in column.cells:
                cell.width = Inches(width * 0.09 + 0.2)
        for row, texts in zip(table.rows, cells):
            for cell, text in zip(row.cells, texts):
                cell.text = printable(text)
    target.save(out)
    return out.getvalue()


def printable(text):
    return "".join(c for c in text if c >= " " or c == "\t")


def xlsx(rng, doc):
    """A workbook by openpyxl: a title in half of them, numbers under their formats."""
    from openpyxl import Workbook
    from openpyxl.utils import get_column_letter
    from openpyxl.worksheet.properties import PageSetupProperties

    book, out = Workbook(), io.BytesIO()
    sheet = book.active
    sheet.title = rng.choice(["Sheet1", "Data", "Export"])
    if rng.random() < 0.5:
        sheet.append([doc.title])
    sheet.append(doc.headers)
    sheet.page_setup.orientation, sheet.page_setup.fitToHeight = "landscape", False
    sheet.sheet_properties.pageSetUpPr = PageSetupProperties(fitToPage=True)
    for n in range(len(doc.headers)):
        # A column that is too narrow shows no number at all.
        sheet.column_dimensions[get_column_letter(n + 1)].width = 3 + max(len(row[n]) for row in doc.cells())
    for row in doc.rows:
        at = sheet.max_row + 1
        for column, cell in enumerate(row, 1):
            if isinstance(cell, Number) and cell:
                target = sheet.cell(at, column, int(cell) if cell.isdigit() else float(cell))
                target.number_format = SSN_FORMATS[cell.style]
            else:
                sheet.cell(at, column, printable(str(cell).replace("\n", "\v")).replace("\v", "\n") or None)
    book.save(out)
    return out.getvalue()


def xlsx_by_writer(rng, doc):
    """A workbook by XlsxWriter."""
    import xlsxwriter

    out = io.BytesIO()
    book = xlsxwriter.Workbook(out, {"in_memory": True})
    sheet = book.add_worksheet()
    formats = {style: book.add_format({"num_format": form}) for style, form in SSN_FORMATS.items()}
    sheet.write_row(0, 0, doc.headers)
    for at, row in enumerate(doc.rows, 1):
        for column, cell in enumerate(row):
            if isinstance(cell, Number) and cell:
                sheet.write_number(at, column, float(cell), formats[cell.style])
            else:
                sheet.write_string(at, column, str(cell))
    book.close()
    return out.getvalue()


def pptx(rng, doc):
    """Slides by python-pptx: twelve lines or rows each."""
    from pptx import Presentation
    from pptx.util import Inches

    out, target = io.BytesIO(), Presentation()
    cells = [[line] for line in doc.lines if line.strip()] if doc.is_text else doc.cells()
    step = 14 if doc.is_text else 12
    head, body = ([], cells) if doc.is_text else (cells[:1], cells[1:])
    for at in range(0, max(1, len(body)), step):
        slide = target.slides.add_slide(target.slide_layouts[5 if head else 1])
        slide.shapes.title.text = doc.title
        part = head + body[at : at + step]
        if not head:
            slide.placeholders[1].text = "\n".join(printable(row[0]) for row in part)
            continue
        widths = [0.3 + 0.15 * max(len(row[n]) for row in cells) for n in range(len(cells[0]))]
        target.slide_width = max(target.slide_width, Inches(sum(widths) + 1))
        place = Inches(0.3), Inches(1.4), Inches(sum(widths)), Inches(4)
        shape = slide.shapes.add_table(len(part), len(part[0]), *place)
        for column, width in zip(shape.table.columns, widths):
            column.width = Inches(width)
        for row, texts in zip(shape.table.rows, part):
            for cell, text in zip(row.cells, texts):
                cell.text = printable(text)
    target.save(out)
    return out.getvalue()


def pdf_by_reportlab(rng, doc):
    """Pages with flowing paragraphs, or a ruled table whose head comes again on each page."""
    from reportlab.lib.pagesizes import landscape, letter
    from reportlab.lib.styles import getSampleStyleSheet
    from reportlab.platypus import Paragraph, SimpleDocTemplate, Spacer, Table
    from xml.sax.saxutils import escape

    out, style = io.BytesIO(), getSampleStyleSheet()
    parts = [Paragraph(escape(doc.title), style["Title"])]
    if doc.is_text:
        for line in doc.lines:
            parts.append(Paragraph(escape(printable(line.expandtabs(4))), style["Normal"]) if line.strip() else Spacer(1, 10))
        SimpleDocTemplate(out, pagesize=letter, invariant=1).build(parts)
        return out.getvalue()
    size = 9 if len(doc.headers) < 7 else 6
    look = [("FONTSIZE", (0, 0), (-1, -1), size), ("GRID", (0, 0), (-1, -1), 0.4, "black"), ("VALIGN", (0, 0), (-1, -1), "TOP")]
    parts.append(Table(doc.cells(), repeatRows=1, style=look))
    wide = sum(max(len(row[i]) for row in doc.cells()) for i in range(len(doc.headers))) * size * 0.62 + 160
    page = landscape(letter)
    SimpleDocTemplate(out, pagesize=(max(page[0], wide), page[1]), invariant=1).build(parts)
    return out.getvalue()


def parquet(rng, doc):
    """Columns of text, or of numbers where all are; packed in one of several ways."""
    import pyarrow
    import pyarrow.parquet

    columns = {}
    for i, header in enumerate(doc.headers):
        cells = [row[i] for row in doc.rows]
        numbers = all(isinstance(c, Number) and str(c).isdigit() for c in cells)
        name = header if header not in columns else f"{header}_{i}"
        columns[name] = [int(c) for c in cells] if numbers else [str(c) if c else None for c in cells]
    out = io.BytesIO()
    packing = rng.choice(["snappy", "zstd", "gzip", "none"])
    pyarrow.parquet.write_table(pyarrow.table(columns), out, compression=packing, row_group_size=rng.choice([5, 1000]))
    return out.getvalue()


def seven_zip(members):
    with tempfile.TemporaryDirectory() as folder:
        for name, content in members:
            path = Path(folder) / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(content)
        names = [name for name, _ in members]
        subprocess.run(["7z", "a", "-bd", "-mtm-", "a.7z", *names], cwd=folder, check=True, stdout=subprocess.DEVNULL)
        return (Path(folder) / "a.7z").read_bytes()


def zst(content):
    return subprocess.run(["zstd", "-q", "-c"], input=content, stdout=subprocess.PIPE, check=True).stdout


def convert(seeds, ending, target):
    """Has LibreOffice turn all `seeds`, which end so, into `target` (`ending:filter`) in one run; None for what it
    did not write."""
    with tempfile.TemporaryDirectory() as folder:
        folder = Path(folder)
        for n, seed in enumerate(seeds):
            (folder / f"{n:04}.{ending}").write_bytes(seed)
        command = ["soffice", f"-env:UserInstallation=file://{folder}/profile", "--headless", "--convert-to", target]
        names = [str(folder / f"{n:04}.{ending}") for n in range(len(seeds))]
        done = {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL, "timeout": 600}
        subprocess.run([*command, "--outdir", str(folder / "out"), *names], **done)
        made = [folder / "out" / f"{n:04}.{target.partition(':')[0]}" for n in range(len(seeds))]
        return [path.read_bytes() if path.exists() else None for path in made]
