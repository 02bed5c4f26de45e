"""Tables of people with numbers: many schemas, rendered in every format that holds tables."""

import people as P
import writers as W
from share import Planted
from writers import Number, kit

HEADERS = {
    "ssn": "SSN|ssn|Social Security Number|Soc Sec No|SS#|SSN_NUM|emp_ssn|SocSec|Social Security #|Tax ID (SSN)|SOC_SEC_NBR|Soc. Sec.|"
    "EmployeeSSN|SSNo|Social Security No.|soc_sec_num|SSN/TIN|Social|EE SSN|Member SSN|patient_ssn|Student SSN|TAXPAYER SSN|SS Number",
    "dl": "Driver License|License #|DL Number|drivers_license_no|Lic. No.|OperatorLicense|DLN|Driver's License No|dl_number|DL#|"
    "Licence No|Driver Lic|License Number|Operator Lic #|DriverLicenseNumber",
    "state_id": "State ID|Mass ID|state_id_number|ID Card No. (State)|Mass ID #",
    "card": "Card Number|CC#|card_no|PAN|Credit Card|CardNum|Payment Card|cc_number|Card #|Credit Card No.|CreditCardNumber|Card on file",
    "account": "Account Number|Bank Account|Acct No|DD Account|Checking Acct|account_no|bank_acct|Deposit Account #|Acct #|BankAccountNumber",
    "iban": "IBAN|iban|Bank Account (IBAN)",
    "routing": "Routing|ABA|Routing No|Routing Number|ABA #|routing_no|Transit/ABA|RTN",
    "full": "Name|Employee Name|Full Name|Employee|Client|Member Name|Patient|Student|name|NAME|Cardholder|Customer Name|Insured|"
    "Applicant|Tenant|Payee|Donor|Participant|Owner|Volunteer|Borrower",
    "first": "First Name|first_name|FName|First|Given Name|FIRST|FirstName|first|emp_first|F_NAME",
    "last": "Last Name|last_name|LName|Last|Surname|LAST|LastName|last|emp_last|L_NAME|Family Name",
    "dob": "DOB|Date of Birth|Birth Date|dob|BIRTHDATE|Born",
    "street": "Address|Street|addr1|Home Address|Street Address|ADDRESS1",
    "city": "City|city|Town|CITY|City/Town",
    "state": "State|ST|state|Home State|STATE",
    "zip": "Zip|ZIP|zip_code|Postal Code|ZipCode|zip",
    "phone": "Phone|Home Phone|phone|Cell|Telephone",
    "email": "Email|E-mail|email|Email Address",
    "expiry": "Exp|Expires|exp_date|Expiration",
    "address": "Address|Home Address|Mailing Address|Full Address",
    "dl_state": "DL State|Lic State|dl_st|State of Issue",
    "id": "ID|Emp ID|id|EmpNo|Member ID|Record|Badge|No.",
    "nine": "record_id|Case No|Policy No|ref_no|Work Order|Claim #|Ticket|Invoice No",
    "dept": "Dept|Department|Unit|Location|Site|Program",
    "hired": "Hired|Hire Date|Start|start_date|Enrolled|Date",
    "amount": "Gross|Amount|Net Pay|Balance|Wages|Total|Premium",
    "notes": "Notes|Comments|Remarks|Memo",
    "status": "Status|Active|FT/PT|Type|Code",
}
TITLES = (
    "Payroll register|Open enrollment 2023|Annual census|Volunteer background checks|Tenant ledger|Clients, active|Member roster|"
    "1099 recipients|Retiree list|Benefit elections|Patient balances|Commercial drivers|Scholarship applicants|Loan servicing extract|"
    "Union local 1459 members|Fuel assistance 2022|Vendor individuals|New hire report|Garnishments|Flu clinic sign-in"
).split("|")
NOTES = (
    "called twice, no answer|see file|OK|moved in spring|on leave until June|paid by check|needs new form|asked for Spanish letter|"
    "left message with sister|\u00bd day Fridays|verified by front desk|hold for pickup|return mail 3/14|prefers email|- "
).split("|")
DEPTS = "Facilities|Food Service|Nursing|Admin|Transport|Warehouse|Grade 5|North Shore|Route 9|Night shift|Billing|IT".split(
    "|"
)


class Schema:
    """Which columns a table has and how values are written; makes the rows."""

    def __init__(self, rng, elements=None, headerless=False):
        self.rng = rng
        self.elements = (
            elements
            or rng.choices(
                [
                    ["ssn"],
                    ["ssn", "account"],
                    ["dl"],
                    ["card"],
                    ["account"],
                    ["ssn", "dl"],
                    ["state_id"],
                    ["ssn", "card"],
                    ["iban"],
                ],
                [46, 10, 13, 13, 9, 5, 2, 2, 2],
            )[0]
        )
        self.name = rng.choices(["full", "split", "split_reversed"], [48, 34, 18])[0]
        self.address = rng.choices(
            ["none", "state", "zip", "city", "full", "one_cell", "phone"], [26, 8, 10, 8, 26, 10, 12]
        )[0]
        if headerless:
            self.address = rng.choice(["none", "full"])
        self.name_style = rng.choice(
            ["plain", "plain", "middle", "comma", "comma_middle", "caps", "caps_comma", "initial"]
        )
        self.caps = rng.random() < 0.2
        self.ssn_style = rng.choices(
            ["dash", "bare", "number", "space", "formatted", "dot"], [50, 22, 14, 4, 8, 2]
        )[0]
        if headerless or rng.random() < 0.03:
            self.ssn_style = "dash"
        self.card_style = (
            "space" if headerless else rng.choices(["bare", "space", "dash", "number"], [55, 25, 15, 5])[0]
        )
        self.date_style = rng.choice(["iso", "us", "short", "compact"])
        self.phone_style = rng.choice(["dash", "paren", "dot", "bare"])
        self.zip_style = rng.choice(["text", "text", "number"])
        self.same_header = {}
        self.kinds = self.columns()
        self.headers = [self.header(k) for k in self.kinds]

    def header(self, kind):
        if kind not in self.same_header:
            self.same_header[kind] = self.rng.choice(HEADERS[kind].split("|"))
        return self.same_header[kind]

    def columns(self):
        rng = self.rng
        names = {"full": ["full"], "split": ["first", "last"], "split_reversed": ["last", "first"]}[self.name]
        numbers = []
        for e in self.elements:
            numbers += {
                "account": ["routing", "account"],
                "dl": ["dl"] + (["dl_state"] if rng.random() < 0.4 else []),
                "card": ["card"] + (["expiry"] if rng.random() < 0.6 else []),
            }.get(e, [e])
        where = {"none": [], "full": ["street", "city", "state", "zip"], "one_cell": ["address"]}.get(
            self.address, [self.address]
        )
        extras = rng.sample(
            ["dob", "email", "id", "nine", "dept", "hired", "amount", "notes", "status"], rng.randint(0, 5)
        )
        groups = [names, numbers, where] + [[e] for e in extras]
        order = groups[:]
        if rng.random() < 0.55:
            order = [names] + rng.sample(groups[1:], len(groups) - 1)
        else:
            rng.shuffle(order)
        if extras and "id" in extras and rng.random() < 0.7:
            order.remove(["id"])
            order.insert(0, ["id"])
        return [k for group in order for k in group]

    def ssn(self, person):
        if self.ssn_style == "number":
            return Number(str(int(person.ssn)))
        if self.ssn_style == "formatted":
            return Number(str(int(person.ssn)), self.rng.choice([1, 1, 2]))
        return P.ssn_text(person.ssn, self.ssn_style)

    def name_cell(self, person):
        """Text, and the names a reader takes from it."""
        text, first, last = P.written(person, self.name_style)
        return (text.upper() if self.caps else text), first, last

    def cell(self, person, kind, n):
        rng = self.rng
        up = (lambda t: t.upper()) if self.caps else (lambda t: t)
        simple = {
            "first": lambda: up(person.first + (f" {person.middle}" if person.middle and n % 7 == 3 else "")),
            "last": lambda: up(person.last),
            "ssn": lambda: self.ssn(person),
            "dl": lambda: person.dl,
            "state_id": lambda: person.state_id,
            "card": lambda: (
                Number(person.card)
                if self.card_style == "number" and len(person.card) < 16
                else P.card_text(person.card, "bare" if self.card_style == "number" else self.card_style)
            ),
            "account": lambda: person.account,
            "iban": lambda: person.iban,
            "routing": lambda: person.routing,
            "dob": lambda: P.date_text(person.born, self.date_style),
            "street": lambda: up(person.street),
            "city": lambda: up(person.city),
            "state": lambda: person.state,
            "zip": lambda: Number(str(int(person.zip))) if self.zip_style == "number" else person.zip,
            "address": lambda: f"{person.street}, {person.city}, {person.state} {person.zip}",
            "phone": lambda: P.phone_text(person.phone, self.phone_style),
            "email": lambda: person.email,
            "expiry": lambda: f"{person.expiry[0]:02}/{person.expiry[1]}",
            "dl_state": lambda: person.dl_state,
            "id": lambda: Number(str(1040 + n)),
            "nine": lambda: Number(str(rng.randint(10**8, 10**9 - 1))),
            "dept": lambda: rng.choice(DEPTS),
            "hired": lambda: P.date_text(
                (rng.randint(2001, 2024), rng.randint(1, 12), rng.randint(1, 28)), self.date_style
            ),
            "amount": lambda: Number(f"{rng.randint(90, 9900)}.{rng.randint(10, 99)}"),
            "notes": lambda: (
                rng.choice(NOTES) + (f"\nsecond line, {rng.choice(NOTES)}" if rng.random() < 0.06 else "")
            ),
            "status": lambda: rng.choice(["A", "T", "FT", "PT", "L"]),
        }
        return simple[kind]()

    def shown(self):
        return {k for k in self.kinds if k in ("state", "zip", "city", "address", "phone", "routing")}

    def row(self, person, n):
        """Cells, and the record in them."""
        first, last, cells = person.first, person.last, []
        for kind in self.kinds:
            if kind == "full":
                text, first, last = self.name_cell(person)
                cells.append(text)
            else:
                cells.append(self.cell(person, kind, n))
        values = {
            "ssn": person.ssn,
            "dl": person.dl,
            "state_id": person.state_id,
            "card": person.card,
            "account": person.account,
            "iban": person.iban,
        }
        types = {
            "ssn": "ssn",
            "dl": "drivers_license",
            "state_id": "state_id",
            "card": "payment_card",
            "account": "bank_account",
            "iban": "bank_account",
        }
        elements = []
        if self.rng.random() < 0.05:  # a row without its numbers
            for i, kind in enumerate(self.kinds):
                if kind in ("ssn", "dl", "state_id", "card", "account", "routing", "iban"):
                    cells[i] = self.blank(kind, person)
            return cells, None
        for e in self.elements:
            elements.append((types[e], values[e]))
        return cells, Planted(person, first, last, elements, self.shown())

    def blank(self, kind, person):
        masked = {
            "ssn": [
                "",
                "N/A",
                "000-00-0000",
                f"XXX-XX-{person.ssn[5:]}",
                "pending",
                "***-**-" + person.ssn[5:],
            ],
            "card": ["", "on file", f"************{person.card[-4:]}", "cash"],
        }
        return self.rng.choice(masked.get(kind, ["", "", "n/a", "none"]))


def make(rng, crew, elements=None, headerless=False, size=None):
    """A schema, rows, and records."""
    schema = Schema(rng, elements, headerless)
    size = (
        size
        or rng.choices(
            [rng.randint(1, 4), rng.randint(5, 14), rng.randint(15, 60), rng.randint(61, 160)],
            [22, 46, 26, 6],
        )[0]
    )
    chosen = rng.sample(crew, min(size, len(crew)))
    rows, planted = [], []
    for n, person in enumerate(chosen):
        cells, record = schema.row(person, n)
        rows.append(cells)
        if record:
            planted.append(record)
    return schema, rows, planted


FORMATS = {
    "csv": 20,
    "tsv": 6,
    "semicolon": 4,
    "bar": 5,
    "headerless": 5,
    "titled": 7,
    "two_headers": 2,
    "repeated": 3,
    "markdown": 4,
    "html": 7,
    "sql": 9,
    "fixed": 7,
    "json": 8,
    "ndjson": 6,
    "xml": 8,
    "xlsx": 20,
    "docx": 7,
    "pptx": 3,
    "pdf": 8,
    "transposed": 3,
    "spouse": 4,
    "joined": 4,
    "split_number": 3,
    "rounded": 3,
}


def table_file(share, rng, folder, crew, form=None):
    """One file that holds a table, in some format."""
    form = form or rng.choices(list(FORMATS), list(FORMATS.values()))[0]
    path, content, planted = render(rng, crew, form)
    share.add(f"{folder}/{path}", content, planted, f"table-{form}")


def render(rng, crew, form):
    title = rng.choice(TITLES)
    stem = rng.choice(
        [
            title.lower().replace(" ", "_"),
            title.replace(" ", ""),
            f"{title} {rng.randint(2009, 2024)}",
            f"export_{rng.randint(10, 99)}",
        ]
    )
    if form in SPECIAL:
        ext, content, planted = SPECIAL[form](rng, crew, title)
        return f"{stem}.{ext}", content, planted
    if form == "pdf":  # its fonts hold no other letters
        crew = [p for p in crew if W.latin(p.first + p.last) == p.first + p.last]
    schema, rows, planted = make(
        rng,
        crew,
        headerless=form == "headerless",
        elements=[rng.choice(["ssn", "ssn", "card"])] if form == "headerless" else None,
    )
    headers = schema.headers
    if form in ("csv", "tsv", "semicolon", "bar", "headerless", "titled", "two_headers", "repeated"):
        by = {"tsv": "\t", "semicolon": ";", "bar": "|"}.get(form, ",")
        titles, footer = (), ()
        if form == "titled":
            titles = [title, f"Run date: 0{rng.randint(1, 9)}/14/2023  Page 1", ""][: rng.randint(1, 3)]
            by = rng.choice([",", ",", "\t", ";"])
        if form == "repeated":
            rows = [line for i, r in enumerate(rows) for line in ([headers, r] if i and i % 8 == 0 else [r])]
        if form == "two_headers":
            titles = [by.join(rng.choice(["Employee", "", "Contact", "", "Office use"]) for _ in headers)]
        if rng.random() < 0.15:
            footer = [by.join(["Total"] + [""] * (len(headers) - 2) + [str(len(rows))])]
        text = W.delimited(rng, None if form == "headerless" else headers, rows, by, titles, footer)
        return (
            f"{stem}.{ {'tsv': 'tsv', 'bar': rng.choice(['txt', 'dat']), 'titled': 'csv'}.get(form, 'csv') }",
            W.encode(rng, text),
            planted,
        )
    rendered = {
        "markdown": lambda: ("md", W.markdown(headers, rows, title).encode()),
        "html": lambda: (
            "html",
            W.html_table(rng, headers, rows, title, "Prepared for internal use.").encode(),
        ),
        "sql": lambda: (
            "sql",
            W.sql(
                rng, headers, rows, rng.choice(["customers", "emp_master", "members", "t_person"])
            ).encode(),
        ),
        "fixed": lambda: (
            rng.choice(["txt", "prn", "rpt"]),
            W.encode(rng, W.fixed_width(rng, headers, rows)),
        ),
        "json": lambda: ("json", W.json_text(rng, headers, schema.kinds, rows, False).encode()),
        "ndjson": lambda: (
            rng.choice(["ndjson", "jsonl", "log"]),
            W.json_text(rng, headers, schema.kinds, rows, True).encode(),
        ),
        "xml": lambda: (
            "xml",
            W.xml_text(
                rng, headers, rows, rng.choice(["Employees", "members", "Export", "clients"])
            ).encode(),
        ),
        "xlsx": lambda: ("xlsx", workbook(rng, schema, rows, title)),
        "docx": lambda: (
            "docx",
            kit.docx(
                kit.paragraph(title),
                kit.paragraph(""),
                kit.table([headers, *[[str(c) for c in r] for r in rows]]),
            ),
        ),
        "pptx": lambda: (
            "pptx",
            W.pptx([[title, "For discussion on Thursday"], [title, [headers, *rows[:12]]]]),
        ),
        "pdf": lambda: ("pdf", W.pdf_table(headers, rows, title)),
    }
    if form == "pptx":
        planted = [p for p in planted if any(p_in(p, r, schema) for r in rows[:12])]
    ext, content = rendered[form]()
    return f"{stem}.{ext}", content, planted


def p_in(planted, row, schema):
    """The row shows one of the record's numbers."""
    digits = lambda t: "".join(c for c in t if c.isalnum())
    cells = {digits(str(c)) for c in row} | {digits(str(c)).zfill(9) for c in row}
    return any(v in cells for _, v in planted.elements)


def workbook(rng, schema, rows, title):
    sheet = W.sheet_rows(schema.headers, rows, rng.choice([[], [], [title], [title, "Confidential"]]))
    hidden = rng.random() < 0.2
    other = [["Month", "Budget", "Actual"], ["Jan", 12000, 11873.25], ["Feb", 12000, 12410.1]]
    sheets = [(rng.choice(["Sheet1", "Data", "Export", "2023"]), hidden, sheet)]
    if hidden or rng.random() < 0.4:
        sheets.insert(rng.randint(0, 1), ("Budget", False, other))
    return kit.xlsx(sheets)


def transposed(rng, crew, title):
    """Labels down the first column, a person in each further one."""
    schema, rows, planted = make(rng, crew, size=rng.randint(1, 4))
    turned = [[h, *[r[i] for r in rows]] for i, h in enumerate(schema.headers)]
    if rng.random() < 0.5:
        return "csv", W.delimited(rng, None, turned, ",").encode(), planted
    return "xlsx", kit.xlsx([("Form", False, W.sheet_rows(None, turned))]), planted


def spouse(rng, crew, title):
    """Two people a row, told apart by the prefix of their columns."""
    prefix = rng.choice(["spouse_", "Spouse ", "Co-Applicant ", "dependent1_", "Partner "])
    style = rng.choice(["dash", "bare"])
    couples = [rng.sample(crew, 2) for _ in range(rng.randint(2, 20))]
    base = ["First Name", "Last Name", "SSN"] if prefix[-1] == " " else ["first_name", "last_name", "ssn"]
    headers = [*base, *[prefix + h for h in base], "State"]
    rows, planted = [], []
    for one, two in couples:
        row = [
            one.first,
            one.last,
            P.ssn_text(one.ssn, style),
            two.first,
            two.last,
            P.ssn_text(two.ssn, style),
            one.state,
        ]
        planted.append(Planted(one, one.first, one.last, [("ssn", one.ssn)], {"state"}))
        if rng.random() < 0.2:
            row[3:6] = ["", "", ""]
        else:
            planted.append(Planted(two, two.first, two.last, [("ssn", two.ssn)], residency=None))
        rows.append(row)
    if rng.random() < 0.6:
        return "csv", W.delimited(rng, headers, rows, ",").encode(), planted
    return "xlsx", kit.xlsx([("Couples", False, W.sheet_rows(headers, rows))]), planted


def joined(rng, crew, title):
    """Names on one sheet, numbers on another, a key on both."""
    chosen = rng.sample(crew, rng.randint(8, 40))
    key = rng.choice(["EmpID", "member_id", "Client No", "badge"])
    names = [[key, "First Name", "Last Name", "City", "State"]]
    numbers = [[key, rng.choice(["SSN", "Social Security Number"]), "Plan"]]
    planted, start = [], rng.randint(1000, 70000)
    for n, p in enumerate(chosen):
        code = f"{'E' if key == 'EmpID' else ''}{start + 7 * n}"
        names.append([code, p.first, p.last, p.city, p.state])
        if rng.random() < 0.9:
            numbers.append([code, P.ssn_text(p.ssn, "dash"), rng.choice(["HMO", "PPO"])])
            planted.append(Planted(p, p.first, p.last, [("ssn", p.ssn)], {"state"}))
    numbers[1:] = rng.sample(numbers[1:], len(numbers) - 1)
    return "xlsx", kit.xlsx([("People", False, names), ("Payroll", False, numbers)]), planted


def split_number(rng, crew, title):
    """The number in three columns, as old entry screens kept it."""
    headers = rng.choice(
        [["ssn1", "ssn2", "ssn3"], ["SSN_A", "SSN_B", "SSN_C"], ["SSN Area", "SSN Group", "SSN Serial"]]
    )
    rows, planted = [], []
    for p in rng.sample(crew, rng.randint(6, 40)):
        rows.append([p.last.upper(), p.first.upper(), p.ssn[:3], p.ssn[3:5], p.ssn[5:], p.zip])
        planted.append(Planted(p, p.first, p.last, [("ssn", p.ssn)], {"zip"}))
    return "csv", W.delimited(rng, ["LAST_NAME", "FIRST_NAME", *headers, "ZIP"], rows, ",").encode(), planted


def rounded(rng, crew, title):
    """Cards typed into a spreadsheet, which keeps fifteen digits."""
    headers = [rng.choice(HEADERS["full"].split("|")), rng.choice(HEADERS["card"].split("|")), "Exp", "State"]
    rows, planted = [], []
    for p in rng.sample([p for p in crew if len(p.card) == 16], rng.randint(4, 30)):
        name, first, last = P.written(p, "plain")
        rows.append([name, Number(p.card[:15] + "0"), f"{p.expiry[0]:02}/{p.expiry[1]}", p.state])
        planted.append(Planted(p, first, last, [("payment_card", p.card)], {"state"}))
    if rng.random() < 0.5:
        return "csv", W.delimited(rng, headers, rows, ",").encode(), planted
    return "xlsx", kit.xlsx([("Cards", False, W.sheet_rows(headers, rows))]), planted


SPECIAL = {
    "transposed": transposed,
    "spouse": spouse,
    "joined": joined,
    "split_number": split_number,
    "rounded": rounded,
}
