"""Running text with records in it: letters, notes, minutes, forms, tax slips. The wording varies; who the
number belongs to is plain to a reader."""

import textwrap

import people as P
import writers as W
from share import Planted
from writers import kit

FIRMS = (
    "Pemberton Street Dental|Tidewater Credit Union|Greylock Oil & Heating Co.|Merrimack Valley Movers, Inc.|Bay Path Insurance Agency LLC|"
    "Nashoba Family Practice|Old Colony Realty Trust|Hoosac Tool & Die|St. Brendan Parish School|Blackstone Legal Services|"
    "City of Everett Retirement Board|Quabbin Regional Transit|Cape & Plymouth Staffing|Whaling City Seafood Corp."
).split("|")
STAFF = (
    "Karen Whitfield|Ellen Marchetti|Tom Brodeur|Denise Paquette|Gary Lindquist|Joyce Abernathy|Phil Ouellette|Rita Sandoval|Hank Dubrovsky|"
    "Monique Theriault|Alan Prescott|Wanda Zbikowski"
).split("|")
FILLER = (
    "The quarterly inspection of the boiler found nothing to repair.|Parking behind the building is closed until further notice.|"
    "Please return the signed copy within ten business days.|We appreciate your patience while the system is being moved.|"
    "The committee met on the second Tuesday and again on the fourth.|Copies were sent by regular mail.|Coffee was provided by the landlord.|"
    "A deposit of $250.00 was returned on invoice 40-11873.|Our office hours are 8:30 to 4:30, Monday through Friday.|"
    "The vote was unanimous, with two members abstaining.|Call extension 214 with any question.|The new copier, serial MX-3071-88812, is on the second floor.|"
    "All timesheets are due by noon.|Snow removal went over budget by 11.4 percent.|The next meeting is at 7 p.m. in Room 202."
).split("|")
AT_BANK = "Rockland Trust|Eastern Bank|a credit union in Lowell|Citizens|TD|the Cape Cod Five"

SENTENCES = {
    "ssn": (
        "{n}, SSN {v}, was added to the plan.|The Social Security number for {n} is {v}.|{n} (SS# {v}) asked for a replacement card.|"
        "I spoke with {n} today; social security number is {v}.|SSN on file for {n}: {v}|We verified {n}'s Social Security number ({v}) against the I-9.|"
        "Please note that {n} reported soc. sec. no. {v}.|{n} - {v} (SSN) - garnishment starts next period.|Background check ordered: {n}, social {v}.|"
        "Per the IRS notice, wages of {n} (Social Security No. {v}) were reported twice.|New hire {n} SSN: {v} starts Monday.|"
        "{n}\nSSN {v}\nstarts in March|{n} called to correct the SSN we had; it is {v}.|Claimant: {n}  SS No: {v}|Deceased member {n}, S.S.N. {v}; spouse notified.|"
        "The number {v} is the Social Security number of {n}.|For {n} the social security # should read {v}, not what is printed on the check."
    ),
    "dl": (
        "{n} presented a Massachusetts driver's license, number {v}, at check-in.|{n}, license no. {v} ({s}), was the operator of vehicle 1.|"
        "Operator: {n}  Lic# {v}  State {s}|Copy of driver's license {v} for {n} is in the folder.|We ran {n} through the RMV: DL {v}, active.|"
        "{n} (drivers lic. {v}, {s}) may use the van.|CDL holder {n}, driver license number {v}, medical card current.|"
        "ID checked: {n}, {s} driver's license #{v}."
    ),
    "state_id": (
        "{n} has no license and showed a Massachusetts ID card, number {v}.|Mass ID {v} issued to {n} was photocopied.|"
        "{n}, state ID no. {v}, signed in at the front desk.|State identification card number {v} was presented by {n}."
    ),
    "card": (
        "{n} asked us to charge card {v} exp {e}.|Took payment by phone from {n}: {net} {v}, expires {e}.|Cardholder {n}, {v}, refund of $84.20.|"
        "Please put {n} on autopay with credit card number {v}.|{n} gave {net} number {v} for the deposit.|Chargeback from {n}, card number {v}, amount $311.09."
    ),
    "account": (
        "{n} wants the deposit sent to checking account {v}, routing {r}.|Wire the balance to {n}, account no. {v} at {b}, ABA {r}.|"
        "Direct deposit for {n}: routing number {r}, account number {v}.|{n} closed savings account {v} last week.|"
        "The bank account of {n} is {v} ({b}, routing {r}).|Refund to {n}, bank account number {v}."
    ),
}
TYPES = {
    "ssn": "ssn",
    "dl": "drivers_license",
    "state_id": "state_id",
    "card": "payment_card",
    "account": "bank_account",
}


def value(rng, person, kind):
    """The number as written in prose, and as it counts."""
    if kind == "ssn":
        style = rng.choices(
            ["dash", "bare", "space", "nbhyphen", "endash", "dot", "nbsp", "full"], [67, 12, 9, 3, 3, 3, 2, 1]
        )[0]
        if style == "full":
            return P.ssn_text(person.ssn, "dash").translate(
                {48 + i: 0xFF10 + i for i in range(10)}
            ), person.ssn
        return P.ssn_text(person.ssn, style), person.ssn
    if kind == "card":
        return P.card_text(person.card, rng.choice(["space", "space", "dash", "bare", "thin"])), person.card
    raw = {"dl": person.dl, "state_id": person.state_id, "account": person.account}[kind]
    return raw, raw


def element_kind(rng):
    return rng.choices(["ssn", "dl", "state_id", "card", "account"], [50, 15, 5, 15, 15])[0]


def sentence(rng, person, kind=None, initial=True):
    """A sentence that names the person and a number; the record."""
    kind = kind or element_kind(rng)
    while True:
        name, first, last = P.written(
            person,
            rng.choice(
                ["plain", "plain", "plain", "middle", "comma", "initial" if initial else "plain", "caps"]
            ),
        )
        form = rng.choice(SENTENCES[kind].split("|"))
        if "Massachusetts" in form and person.state != "MA":
            continue
        break
    text, raw = value(rng, person, kind)
    shown = {"routing"} if "{r}" in form else set()
    text = form.format(
        n=name,
        v=text,
        s=person.dl_state,
        e=f"{person.expiry[0]:02}/{person.expiry[1]}",
        net=person.network.capitalize(),
        r=person.routing,
        b=rng.choice(AT_BANK.split("|")),
    )
    return text, person, first, last, [(TYPES[kind], raw)], shown


def address_line(rng, person):
    state = rng.choice([person.state, P.STATE_NAMES[person.state]]) if rng.random() < 0.3 else person.state
    return f"{person.street}, {person.city}, {state} {person.zip}"


def letter(rng, crew):
    """One subject, who is named again in the salutation; a firm with an address of its own."""
    person = rng.choice(crew)
    firm, clerk = rng.choice(FIRMS), rng.choice(STAFF)
    body, person, first, last, elements, shown = sentence(rng, person, initial=False)
    head = [
        firm,
        f"{rng.randint(2, 300)} Commercial Wharf",
        rng.choice(["Boston, MA 02110", "Worcester, MA 01608", "New Bedford, Massachusetts 02740"]),
        "",
    ]
    head = head if rng.random() < 0.4 else [firm, ""]
    lines = head + [
        P.date_text((rng.randint(2012, 2024), rng.randint(1, 12), rng.randint(1, 28)), "long"),
        "",
    ]
    full = f"{person.first} {person.last}" if not person.double else f"{person.last}, {person.first}"
    if rng.random() < 0.6:
        lines += [full, person.street, f"{person.city}, {person.state} {person.zip}", ""]
        shown = shown | {"address"}
    elif len(head) > 2:
        shown = None  # the only address is that of the firm: the grade is open to argument
    title = rng.choice(["Mr.", "Ms.", "Dr.", "Mrs."])
    lines += [
        rng.choice(
            [f"Dear {title} {person.last}:", f"Dear {full},", "To whom it may concern:", f"Re: {full}"]
        ),
        "",
    ]
    lines += [
        rng.choice(FILLER),
        body,
        rng.choice(FILLER),
        "",
        rng.choice(["Sincerely,", "Very truly yours,", "Regards,"]),
        "",
        clerk,
        rng.choice(["Claims", "Office Manager", "Benefits"]),
    ]
    planted = Planted(
        person,
        first if len(first) > 1 else person.first,
        last,
        elements,
        shown or (),
        "derive" if shown is not None else None,
    )
    return "\n".join(lines) + "\n", [planted]


def notes(rng, crew):
    """Several subjects, a line each, with filler and colleagues between them."""
    lines = [
        rng.choice(["Notes", "To do", "Front desk log", "Call log", "Follow up", "Case notes"])
        + f" {rng.randint(1, 12)}/{rng.randint(1, 28)}",
        "",
    ]
    planted = []
    for person in rng.sample(crew, rng.randint(1, 8)):
        text, person, first, last, elements, shown = sentence(rng, person)
        if rng.random() < 0.25:
            text += ("" if text[-1] == "." else ".") + f" Lives at {address_line(rng, person)}."
            shown = shown | {"address"}
        mark = rng.choice(["", "- ", "* ", f"{rng.randint(8, 11)}:{rng.randint(10, 59)} "])
        lines += [mark + text, ""]
        planted.append(Planted(person, first, last, elements, shown))
        for _ in range(rng.randint(0, 2)):
            lines += [
                rng.choice(
                    [
                        rng.choice(FILLER),
                        f"{rng.choice(STAFF)} will call back.",
                        f"Approved by {rng.choice(STAFF)}.",
                    ]
                ),
                "",
            ]
    return "\n".join(lines) + "\n", planted


def minutes(rng, crew):
    """Minutes with members present and one or two personnel matters."""
    present = ", ".join(rng.sample(STAFF, 4))
    lines = [
        "MINUTES",
        f"{rng.choice(FIRMS)}",
        f"Present: {present}",
        "",
        "1. Call to order. " + rng.choice(FILLER),
        "2. Facilities. " + rng.choice(FILLER),
    ]
    planted = []
    for i, person in enumerate(rng.sample(crew, rng.randint(1, 3)), 3):
        text, person, first, last, elements, shown = sentence(rng, person, initial=False)
        lines.append(f"{i}. Personnel. {text} Motion by {rng.choice(STAFF)}, seconded.")
        planted.append(Planted(person, first, last, elements, shown))
    lines += ["", f"Adjourned 8:{rng.randint(10, 59)} p.m. Submitted by {rng.choice(STAFF)}, clerk"]
    return "\n".join(lines) + "\n", planted


FORM_LABELS = {
    "name": "Name|Full name|Applicant name|Employee|Patient name|Borrower|Tenant|Insured|Student|Legal name|Claimant|Account holder|Taxpayer|Cardholder name",
    "ssn": "SSN|Social Security Number|Social Security No.|SS#|Soc. Sec. #|Social Security #|Taxpayer ID (SSN)",
    "dl": "Driver's License No.|License number|Driver License #|DL #|Operator's license|Drivers Lic No",
    "state_id": "State ID number|Mass ID No.|State-issued ID card no.",
    "card": "Card number|Credit card no.|Card #|Credit/debit card number|Account number on card",
    "account": "Account number|Checking account no.|Bank account number|Acct #|Savings account number",
    "dob": "Date of birth|DOB|Birth date",
    "address": "Address|Home address|Street address|Mailing address",
    "phone": "Phone|Telephone|Cell phone|Daytime phone",
}
FORM_TITLES = (
    "EMPLOYMENT APPLICATION|New Patient Registration|RENTAL APPLICATION|Direct Deposit Authorization|Loan Application|Claim Form|Enrollment Form|"
    "VOLUNTEER CORI REQUEST|Credit Card Authorization|Change of Address|Beneficiary Designation|Fuel Assistance Intake"
).split("|")


def block(rng, person, style, labels):
    """Label and value lines of one person; the record."""
    name, first, last = P.written(person, rng.choice(["plain", "middle", "comma", "caps"]))
    kinds = rng.choices(
        [["ssn"], ["ssn", "dl"], ["card"], ["account"], ["dl"], ["ssn", "account"], ["state_id"]],
        [40, 15, 13, 12, 10, 7, 3],
    )[0]
    fields, elements, shown = [], [], set()
    split = rng.random() < 0.25
    if split:
        first, last = person.first, person.last
        fields += [(labels["first"], person.first), (labels["last"], person.last)]
    else:
        fields.append((labels["name"], name))
    middle = []
    if rng.random() < 0.5:
        middle.append((labels["dob"], P.date_text(person.born, "us")))
    if rng.random() < 0.5:
        middle.append((labels["address"], address_line(rng, person)))
        shown.add("address")
    elif rng.random() < 0.5:
        middle.append((labels["phone"], P.phone_text(person.phone, "paren")))
        shown.add("phone")
    for kind in kinds:
        text, raw = value(rng, person, kind)
        if kind == "ssn" and rng.random() < 0.07:  # boxes for single digits
            text = rng.choice([" ", " | ", " - "]).join(
                [" ".join(raw[:3]), " ".join(raw[3:5]), " ".join(raw[5:])]
            )
        if kind == "account":
            middle.append((labels["routing"], person.routing))
            shown.add("routing")
        middle.append((labels[kind], text))
        if kind == "card":
            middle.append(("Expiration date", f"{person.expiry[0]:02}/{person.expiry[1]}"))
        if kind == "dl" and person.dl_state != "MA":
            middle.append(("State of issue", person.dl_state))
        elements.append((TYPES[kind], raw))
    middle.append(
        rng.choice(
            [
                ("Date", "03/11/2024"),
                ("Employee ID", str(rng.randint(1000, 99999))),
                ("Signature on file", "Y"),
                ("Job title", "Driver"),
            ]
        )
    )
    if rng.random() < 0.2:
        middle.append(("Emergency contact", f"{rng.choice(STAFF)}, 508-555-0{rng.randint(100, 199)}"))
    if not any(k == "account" for k in kinds):
        rng.shuffle(middle)
    fields += middle
    wide = max(len(k) for k, _ in fields) + 2
    line = {
        "colon": lambda k, v: f"{k}: {v}",
        "aligned": lambda k, v: f"{k + ':':<{wide}} {v}",
        "dots": lambda k, v: f"{k} {'.' * (wide - len(k))} {v}",
        "tab": lambda k, v: f"{k}\t{v}",
        "above": lambda k, v: f"{k}\n{v}",
        "caps": lambda k, v: f"{k.upper()}: {v}",
        "dash": lambda k, v: f"{k} - {v}",
        "equals": lambda k, v: f"{k}={v}",
        "under": lambda k, v: f"{k}: __{v}__",
    }[style]
    lines = [line(k, v) for k, v in fields]
    if style in ("colon", "aligned") and rng.random() < 0.2:  # two fields a line
        lines = ["    ".join(lines[i : i + 2]) for i in range(0, len(lines), 2)]
    return lines, Planted(person, first, last, elements, shown)


def form(rng, crew):
    """One or more filled forms, parted in one of several ways."""
    labels = {k: rng.choice(v.split("|")) for k, v in FORM_LABELS.items()} | {
        "routing": rng.choice(["Routing number", "ABA routing", "Bank routing no."])
    }
    labels |= {
        "first": rng.choice(["First name", "Given name"]),
        "last": rng.choice(["Last name", "Surname"]),
    }
    style = rng.choices(
        ["colon", "aligned", "dots", "tab", "above", "caps", "dash", "equals", "under"],
        [26, 22, 8, 8, 8, 10, 6, 6, 4],
    )[0]
    rule = rng.choice(["\n", "\n" + "-" * 50 + "\n", "\n" + "=" * 40 + "\n", "\n\n", "\f"])
    title = rng.choice(FORM_TITLES)
    parts, planted = [], []
    for person in rng.sample(crew, rng.choice([1, 1, 1, 2, 3, 6])):
        lines, record = block(rng, person, style, labels)
        parts.append("\n".join(([title, ""] if rng.random() < 0.7 else []) + lines) + "\n")
        planted.append(record)
    return rule.join(parts), planted


def tax_slip(rng, crew):
    """W-2 and 1099 as text."""
    person = rng.choice(crew)
    firm = rng.choice(FIRMS)
    ein = f"04-{rng.randint(2000000, 3999999)}"
    wages = f"{rng.randint(18000, 99000)}.{rng.randint(10, 99)}"
    middle = f" {person.middle}" if person.middle else ""
    if rng.random() < 0.6:
        text = (
            f"Form W-2 Wage and Tax Statement {rng.randint(2012, 2023)}\n\na Employee's social security number\n{P.ssn_text(person.ssn, 'dash')}\n"
            f"b Employer identification number (EIN)\n{ein}\nc Employer's name, address, and ZIP code\n{firm}\n10 Wharf St\nSalem, MA 01970\n"
            f"1 Wages, tips, other compensation   {wages}\n2 Federal income tax withheld   {float(wages) * 0.11:.2f}\n"
            f"e Employee's first name and initial   Last name\n{person.first}{middle} {person.last}\n{person.street}\n{person.city}, {person.state} {person.zip}\n"
            f"15 State {person.state}  16 State wages {wages}\n"
        )
    else:
        text = (
            f"Form 1099-NEC Nonemployee Compensation\n\nPAYER'S name: {firm}\nPAYER'S TIN: {ein}\nRECIPIENT'S TIN: {P.ssn_text(person.ssn, 'dash')}\n"
            f"RECIPIENT'S name: {person.first}{middle} {person.last}\nStreet address: {person.street}\nCity or town, state, ZIP: {person.city}, {person.state} {person.zip}\n"
            f"1 Nonemployee compensation $ {wages}\n"
        )
    return text, [Planted(person, person.first, person.last, [("ssn", person.ssn)], {"address"})]


def statement(rng, crew):
    """A bank statement or a receipt, of a person."""
    person = rng.choice(crew)
    name = P.written(person, "plain" if not person.double else "comma")[0]
    lines = [
        rng.choice(["Tidewater Savings Bank", "Mount Grace Credit Union"]),
        "STATEMENT OF ACCOUNT",
        "",
        name,
        person.street,
        f"{person.city}, {person.state} {person.zip}",
        "",
    ]
    lines += [
        f"Account number: {person.account}",
        f"Routing number: {person.routing}",
        "Account type: checking",
        "",
    ]
    for _ in range(rng.randint(4, 12)):
        lines.append(
            f"{rng.randint(1, 12):02}/{rng.randint(1, 28):02}  POS {rng.randint(10**7, 10**8)}  {rng.choice(['GROCER', 'FUEL', 'ACH PAYROLL', 'CHECK 1042'])}   {rng.randint(4, 900)}.{rng.randint(10, 99)}"
        )
    return "\n".join(lines) + "\n", [
        Planted(person, person.first, person.last, [("bank_account", person.account)], {"address", "routing"})
    ]


def chat(rng, crew):
    """A chat or ticket, where name and number stand in turns of one message."""
    person = rng.choice(crew)
    text, person, first, last, elements, shown = sentence(rng, person, rng.choice(["ssn", "card", "dl"]))
    agent = rng.choice(STAFF).split()[0]
    lines = [
        f"[09:{rng.randint(10, 29)}] {agent}: good morning, how can I help?",
        f"[09:{rng.randint(30, 39)}] front desk: " + text.replace("\n", " "),
        f"[09:{rng.randint(40, 59)}] {agent}: thanks, got it. " + rng.choice(FILLER),
    ]
    return "\n".join(lines) + "\n", [Planted(person, first, last, elements, shown)]


KINDS = {
    "letter": (letter, 24),
    "notes": (notes, 26),
    "minutes": (minutes, 9),
    "form": (form, 38),
    "tax": (tax_slip, 8),
    "statement": (statement, 5),
    "chat": (chat, 5),
}


def compose(rng, crew, kind=None):
    kind = kind or rng.choices(list(KINDS), [w for _, w in KINDS.values()])[0]
    text, planted = KINDS[kind][0](rng, crew)
    return kind, text, planted


def prose_file(share, rng, folder, crew):
    """A text in one of the formats that hold prose."""
    ext = rng.choices(["txt", "docx", "pdf", "html", "md", "log", "pptx"], [50, 20, 14, 6, 5, 3, 2])[0]
    if ext == "pdf":
        crew = [p for p in crew if W.latin(p.first + p.last) == p.first + p.last]
    kind, text, planted = compose(rng, crew)
    content = wrap(rng, ext, kind, text)
    if kind == "form" and rng.random() < 0.35 and ext in ("docx", "html", "pptx"):
        ext, content, planted = form_table(rng, crew)
        kind = "form_table"
    share.add(f"{folder}/{stem(rng, kind)}.{ext}", content, planted, f"{kind}-{ext}")


def form_table(rng, crew):
    """A form as a table of two columns, one for labels, one for values; or as a definition list."""
    labels = {k: rng.choice(v.split("|")) for k, v in FORM_LABELS.items()} | {
        "routing": "Routing number",
        "first": "First name",
        "last": "Last name",
    }
    blocks, planted = [], []
    for person in rng.sample(crew, rng.choice([1, 1, 2, 3])):
        lines, record = block(rng, person, "tab", labels)
        blocks.append([line.split("\t", 1) for line in lines])
        planted.append(record)
    ext = rng.choice(["docx", "html", "xlsx"])
    if ext == "docx":
        parts = [
            part for rows in blocks for part in (kit.paragraph(rng.choice(FORM_TITLES)), kit.table(rows))
        ]
        return ext, kit.docx(*parts), planted
    if ext == "xlsx":
        return (
            ext,
            kit.xlsx([(f"Form {i}", False, W.sheet_rows(None, rows)) for i, rows in enumerate(blocks, 1)]),
            planted,
        )
    form = rng.choice(["<table>{}</table>", "<dl>{}</dl>"])
    row = "<tr><th>{}</th><td>{}</td></tr>\n" if "table" in form else "<dt>{}</dt><dd>{}</dd>\n"
    pages = [
        form.format("".join(row.format(W.html.escape(k), W.html.escape(v)) for k, v in rows))
        for rows in blocks
    ]
    return ext, ("<html><body><h1>Intake</h1>" + "<hr>".join(pages) + "</body></html>").encode(), planted


def stem(rng, kind):
    return rng.choice(
        [
            kind,
            f"{kind}_{rng.randint(1, 400):03}",
            f"Copy of {kind} {rng.randint(1, 60)}",
            f"{rng.choice(['scan', 'draft', 'final', 'old'])}-{kind}-{rng.randint(2011, 2024)}",
        ]
    )


def wrap(rng, ext, kind, text):
    if ext in ("txt", "log", "md"):
        if kind in ("letter", "minutes", "notes", "mail") and rng.random() < 0.3:
            text = hard_wrapped(rng, text)
        return W.encode(rng, text.replace("\n", "\r\n") if rng.random() < 0.3 else text)
    if ext == "docx":
        return W.docx_text(rng, text.replace("\f", "\n"))
    if ext == "pdf":
        return W.pdf_text(text.replace("\f", "\n"))
    if ext == "pptx":
        return W.pptx([["Agenda", "Budget"], [line for line in text.replace("\f", "\n").split("\n") if line]])
    body = "".join(
        f"<p>{W.html.escape(line)}</p>\n" if rng.random() < 0.8 else f"<div>{W.html.escape(line)}</div>\n"
        for line in text.replace("\f", "\n").split("\n")
        if line
    )
    return f"<html><head><title>{kind}</title></head><body>{body}</body></html>".encode()


def hard_wrapped(rng, text):
    """Lines of one width, as typewriters and old mail programs break them."""
    width = rng.choice([58, 66, 72])
    return "\n".join(
        textwrap.fill(line, width, break_on_hyphens=False) if len(line) > width else line
        for line in text.split("\n")
    )
