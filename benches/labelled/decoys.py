"""Files that hold no record: people without numbers, numbers without people, and numbers that only look like some."""

import json
import uuid

import people as P
import mail
import prose
import writers as W
from prose import FILLER, FIRMS, STAFF
from writers import Number, kit

ITEMS = "Scaler tip|Mirror, front|Carbide bur|Steel tray|Hex bolt|Copper elbow|Toner|Filter, oil|Brake pad|Gasket|Nitrile gloves|Hinge|Valve, ball".split(
    "|"
)


def d(rng, n):
    return rng.choice("123456789") + "".join(rng.choice("0123456789") for _ in range(n - 1))


def ssn_shape(rng):
    return P.ssn_text(P.ssn(rng, False), "dash")


def name(rng, crew, style=None):
    return P.written(rng.choice(crew), style or rng.choice(["plain", "comma", "middle", "caps"]))[0]


def table(headers, make):
    """A decoy that is a table: `make` yields a row."""

    def build(rng, crew):
        rows = [make(rng, crew, n) for n in range(rng.randint(6, 60))]
        return "table", (headers.split("|"), rows)

    return build


def text(*forms):
    """A decoy that is text: some of the lines, between filler."""

    def build(rng, crew):
        lines = [rng.choice(["Notes", "Memo", "Log", "Draft", "FYI", "Update"]), ""]
        for form in rng.sample(forms, rng.randint(1, min(4, len(forms)))):
            lines += [form(rng, crew), rng.choice(["", rng.choice(FILLER)])]
        return "text", "\n".join(lines + [""])

    return build


def employee_ids(rng, crew):
    header = rng.choice(
        [
            "employee_id",
            "record_id",
            "member_id",
            "MRN",
            "Library Card",
            "Student No",
            "customer_no",
            "Badge Number",
            "Policy Number",
            "Claim Number",
            "Case Number",
            "acct_ref",
        ]
    )
    rows = [
        [name(rng, crew, "plain"), Number(d(rng, 9)), rng.choice(P.TOWNS)[0], "MA"]
        for _ in range(rng.randint(5, 120))
    ]
    return "table", (["Name", header, "City", "State"], rows)


def sequential(rng, crew):
    start = rng.randint(10**8, 8 * 10**8)
    step = rng.randint(1, 4)
    rows = [
        [Number(str(start + step * i)), name(rng, crew, "comma"), f"2023-0{rng.randint(1, 9)}-11"]
        for i in range(rng.randint(12, 80))
    ]
    return "table", ([rng.choice(["id", "seq", "No", "transaction", "record"]), "name", "date"], rows)


def masked_payroll(rng, crew):
    mask = rng.choice(["XXX-XX-{}", "***-**-{}", "xxxxx{}", "•••-••-{}"])
    rows = [
        [p.last, p.first, mask.format(p.ssn[5:]), Number(f"{rng.randint(400, 3000)}.00"), "MA"]
        for p in rng.sample(crew, rng.randint(4, 30))
    ]
    return "table", (["Last", "First", "SSN", "Gross", "State"], rows)


def blank_form(rng, crew):
    line = rng.choice(["_______________", "..............", "[            ]", ""])
    return "text", "\n".join(
        [rng.choice(prose.FORM_TITLES), ""]
        + [
            f"{rng.choice(prose.FORM_LABELS[k].split('|'))}: {line}"
            for k in ("name", "address", "phone", "ssn", "dl", "account")
        ]
        + ["Signature: " + line, ""]
    )


def policy(rng, crew):
    lines = [
        "A Social Security number is written NNN-NN-NNNN; enter 999-99-9999 if it is unknown.",
        "Show it as XXX-XX-1234, never in full. The number 078-05-1120 is a famous sample, as is 219-09-9999.",
        "Numbers beginning with 9, such as 912-71-3456, are ITINs.",
        "Test the card form with 4111 1111 1111 1111 and 378282246310005; the processor declines 4000 0000 0000 0002.",
        "Receipts show **** **** **** 4174.",
        f"Questions go to {rng.choice(STAFF)}, privacy officer, at 617-555-0{rng.randint(100, 199)}.",
        "Massachusetts licenses carry an S and eight digits, for example S00000000.",
        "Personal information means a resident's first name and last name in combination with a Social Security number, driver's license number or account number.",
        f"Our EIN is 04-{d(rng, 7)}; our bank's routing number is {P.routing(rng, True)} and is public.",
        "Do not e-mail a full SSN. Do not write account numbers on sticky notes.",
    ]
    return "text", "\n\n".join(
        ["# Written information security program", *rng.sample(lines, rng.randint(4, 9)), ""]
    )


def server_log(rng, crew):
    out, at = [], 1710230411417
    for _ in range(rng.randint(20, 120)):
        at += rng.randint(10, 90000)
        user = rng.choice(crew).email.split("@")[0]
        out.append(
            rng.choice(
                [
                    f'10.{rng.randint(0, 255)}.4.{rng.randint(1, 254)} - {user} [12/Mar/2024:08:10:07 -0400] "GET /item/{d(rng, 9)}?s={at} HTTP/1.1" 200 {rng.randint(200, 90000)}',
                    f"{at} INFO  job={uuid.UUID(int=rng.getrandbits(128))} user={user} rows={rng.randint(1, 99999)} took={rng.random():.9f}",
                    f"WARN  cache miss key={rng.getrandbits(160):040x} shard={d(rng, 9)}",
                    f"DEBUG order {d(rng, 9)} card ****{d(rng, 4)} approved auth={d(rng, 6)}",
                    f"trace {d(rng, 16)} span {d(rng, 13)} parent {d(rng, 19)}",
                ]
            )
        )
    return "text", "\n".join(out) + "\n"


def source_code(rng, crew):
    return "text", (
        f'# maintained by {rng.choice(STAFF)}\nimport re\n\nSSN_RE = re.compile(r"\\d{{3}}-\\d{{2}}-\\d{{4}}")\nMAGIC = {d(rng, 9)}\nSEED = 0x{rng.getrandbits(40):x}\n'
        f"MAX_BYTES = 2147483647\n\n\ndef mask(ssn: str) -> str:\n    \"\"\"Mask: mask('123-45-6789') == 'XXX-XX-6789'.\"\"\"\n    return 'XXX-XX-' + ssn[-4:]\n\n\n"
        f"def test_mask():\n    assert mask('000-12-3456') == 'XXX-XX-3456'\n    assert luhn('4242424242424242')\n    assert release({d(rng, 9)}) == '{rng.randint(1, 9)}.{rng.randint(0, 20)}.{rng.randint(0, 999)}'\n"
    )


def config(rng, crew):
    data = {
        "listen": "10.20.30.40:8443",
        "build": f"10.0.{rng.randint(10000, 19999)}.{rng.randint(100, 9999)}",
        "tenant": str(uuid.UUID(int=rng.getrandbits(128))),
        "epoch": int(d(rng, 10)),
        "ratio": rng.random(),
        "project_id": int(d(rng, 9)),
        "owner": rng.choice(STAFF),
        "contact": {"name": rng.choice(STAFF), "phone": "617-555-0142", "ext": 214},
        "license_key": f"7H3K9-{d(rng, 5)}-81X0Z",
        "checksum": f"{rng.getrandbits(256):064x}",
        "widths": [rng.randint(100, 999) for _ in range(6)],
        "account_sid": f"AC{rng.getrandbits(128):032x}",
    }
    return "text", json.dumps(data, indent=2) + "\n"


def vendor_accounts(rng, crew):
    rows = [
        [rng.choice(FIRMS), f"V{d(rng, 4)}", P.routing(rng, True), d(rng, 9), rng.choice(["ACH", "Check"])]
        for _ in range(rng.randint(5, 30))
    ]
    return "table", (["Vendor", "Vendor No", "Routing", "Account", "Pay by"], rows)


def wire(rng, crew):
    return "text", (
        f"{rng.choice(FIRMS)}\n\nOur bank has changed. Please remit to:\n\nBeneficiary: {rng.choice(FIRMS)}\nBank: Rockland Trust\nRouting number: {P.routing(rng, True)}\n"
        f"Account number: {d(rng, 10)}\nEIN: 04-{d(rng, 7)}\n\n{rng.choice(FILLER)} {rng.choice(FILLER)}\n"
    )


def loose_ids(rng, crew):
    """No header, and a nine-digit number of unknown kind beside each name."""
    rows = [
        [P.written(p, "plain")[0], Number(d(rng, 9)), rng.choice(["A", "B", "C"])]
        for p in rng.sample(crew, rng.randint(60, 160))
    ]
    return "bare", rows


def vendors(rng, crew):
    rows = []
    for _ in range(rng.randint(5, 40)):
        rows.append(
            [
                rng.choice(FIRMS),
                name(rng, crew, "plain"),
                f"0{rng.randint(1, 6)}-{d(rng, 7)}",
                P.phone_text(rng.choice(crew).phone, "dash"),
                rng.choice(P.TOWNS)[0],
                "MA",
                rng.choice(["Net 30", "COD"]),
            ]
        )
    return "table", (
        [
            "Vendor",
            "Contact",
            rng.choice(["EIN", "FEIN", "Federal ID", "Tax ID"]),
            "Phone",
            "City",
            "State",
            "Terms",
        ],
        rows,
    )


def remittance(rng, crew):
    firm = rng.choice(FIRMS)
    return "text", (
        f"INVOICE {rng.randint(10000, 99999)}\n\n{firm}\n14 Commercial Wharf\nBoston, MA 02110\n\nBill to: {rng.choice(FIRMS)}\nAttn: Accounts Payable\n\n"
        + "".join(
            f"{rng.randint(1, 40)} x {rng.choice(ITEMS)}   item {ssn_shape(rng)}   {rng.randint(3, 90)}.{rng.randint(10, 99)}\n"
            for _ in range(rng.randint(2, 8))
        )
        + f"\nTotal due: ${rng.randint(100, 9000)}.00\nTerms: net 30. PO {d(rng, 7)}\nQuestions: call {rng.choice(STAFF)} at 508-555-0{rng.randint(100, 199)}\n"
    )


def recipe(rng, crew):
    return (
        "text",
        f"Kale soup from {name(rng, crew, 'plain')}\n\n2 lbs kale, 1 linguiça, 4 potatoes\nSimmer 90 minutes at 180 degrees.\nServes 8.\n\n"
        + rng.choice(FILLER)
        + "\n",
    )


def people_letter(rng, crew):
    person = rng.choice(crew)
    full = P.written(person, "plain")[0]
    return "text", (
        f"{rng.choice(FIRMS)}\n\n{full}\n{person.street}\n{person.city}, {person.state} {person.zip}-{d(rng, 4)}\n\nDear {full},\n\n{rng.choice(FILLER)} "
        f"{rng.choice([f'Your claim {d(rng, 9)} was approved.', f'Your order #{d(rng, 9)} has shipped, tracking 9400 1118 9922 3397 {d(rng, 4)} {d(rng, 2)}.', f'Your policy HO-{d(rng, 7)} renews in May.', f'Your library card 2{d(rng, 13)} expires soon.', f'Your appointment is on 04/12/2024 at 9:15. Your chart number is {d(rng, 8)}.', 'Thank you for twenty years of service.'])}"
        f"\n\nSincerely,\n{rng.choice(STAFF)}\n"
    )


def html_page(rng, crew):
    return "html", (
        f"<!doctype html><html><head><title>News</title><style>.a{{width:{rng.random() * 100:.9f}%;z-index:2147483647}}</style></head><body><h1>Protect your Social Security number</h1>"
        f"<p>By {rng.choice(STAFF)}</p><p>{rng.choice(FILLER)} Never carry your Social Security card. Call 800-772-1213.</p><p>In {rng.randint(2005, 2023)} the agency served {rng.randint(100, 999)},{d(rng, 3)},{d(rng, 3)} people.</p>"
        f'<img src="/img/{d(rng, 9)}.png"><a href="/doc?id={d(rng, 9)}&v={d(rng, 16)}">more</a></body></html>\n'
    )


def spreadsheet_numbers(rng, crew):
    rows = [
        [
            rng.choice(["Suffolk", "Essex", "Bristol", "Norfolk"]),
            Number(d(rng, rng.randint(5, 9))),
            Number(f"{rng.random() * 1000:.9f}"),
            Number(f"{42 + rng.random():.7f}"),
            Number(f"-{70 + rng.random():.7f}"),
        ]
        for _ in range(rng.randint(10, 90))
    ]
    return "table", (["County", "Population", "Density", "Lat", "Lon"], rows)


def roster(rng, crew):
    rows = [
        [
            p.last,
            p.first,
            P.phone_text(p.phone, "paren"),
            p.email,
            p.street,
            p.city,
            p.state,
            f"{p.zip}-{d(rng, 4)}",
            P.date_text(p.born, "us"),
        ]
        for p in rng.sample(crew, rng.randint(4, 50))
    ]
    return "table", (["Last", "First", "Phone", "Email", "Street", "Town", "State", "Zip", "DOB"], rows)


def zip9(rng, crew):
    rows = [
        [
            name(rng, crew, "plain"),
            p.street,
            p.city,
            Number(p.zip.lstrip("0") + d(rng, 4)) if rng.random() < 0.3 else p.zip + d(rng, 4),
        ]
        for p in rng.sample(crew, rng.randint(4, 50))
    ]
    return "table", (["Name", "Street", "City", rng.choice(["zip9", "Zip+4", "postal_code"])], rows)


TABLES = {
    "parts": table(
        "description|part_number|price|bin",
        lambda r, c, n: [r.choice(ITEMS), ssn_shape(r), Number(f"{r.randint(1, 90)}.95"), Number(d(r, 6))],
    ),
    "orders": table(
        "Order No|Customer|Date|Total",
        lambda r, c, n: [
            Number(d(r, 9)),
            name(r, c),
            f"2024-0{r.randint(1, 9)}-1{r.randint(0, 9)}",
            Number(f"{r.randint(9, 900)}.{r.randint(10, 99)}"),
        ],
    ),
    "licences": table(
        "Name|Profession|License No|Expires",
        lambda r, c, n: [
            name(r, c, "plain"),
            *r.choice(
                [
                    ("RN", f"RN{d(r, 7)}"),
                    ("Electrician", f"{d(r, 5)}E"),
                    ("CPA", d(r, 5)),
                    ("Plumber", f"PL{d(r, 5)}"),
                ]
            ),
            "2026-05-01",
        ],
    ),
    "phones": table(
        "Assigned to|Model|IMEI|Phone",
        lambda r, c, n: [
            name(r, c, "plain"),
            "Pixel 7",
            (lambda b: b + P.check_digit(b))("35" + d(r, 12)),
            P.phone_text(r.choice(c).phone, "dash"),
        ],
    ),
    "tracking": table(
        "Recipient|Carrier|Tracking|Shipped",
        lambda r, c, n: [
            name(r, c),
            *r.choice(
                [
                    ("USPS", f"9400 1118 9922 {d(r, 4)} {d(r, 4)} {d(r, 2)}"),
                    ("UPS", f"1Z999AA1{d(r, 10)}"),
                    ("FedEx", d(r, 12)),
                ]
            ),
            f"0{r.randint(1, 9)}/1{r.randint(0, 9)}/2024",
        ],
    ),
    "npi": table(
        "Provider|NPI|Specialty|Town",
        lambda r, c, n: [
            "Dr. " + name(r, c, "plain"),
            "1" + d(r, 9),
            r.choice(["Cardiology", "Pediatrics"]),
            r.choice(P.TOWNS)[0],
        ],
    ),
    "vins": table(
        "Owner|Plate|VIN|Year",
        lambda r, c, n: [name(r, c), f"{d(r, 1)}AB{d(r, 3)}", f"1HGCM826{d(r, 2)}A{d(r, 6)}", d(r, 4)],
    ),
    "passports": table(
        "Traveler|Passport|Nationality|Expires", lambda r, c, n: [name(r, c), d(r, 9), "USA", "2029-01-01"]
    ),
    "mbi": table(
        "Patient|Medicare MBI|Visit",
        lambda r, c, n: [name(r, c), f"1EG4-TE{d(r, 1)}-MK{d(r, 2)}", "2024-02-02"],
    ),
    "dockets": table(
        "Docket|Plaintiff|Defendant|Filed",
        lambda r, c, n: [f"2{d(r, 3)}CV0{d(r, 4)}", name(r, c, "plain"), r.choice(FIRMS), "2021-10-10"],
    ),
    "parcels": table(
        "Parcel ID|Owner|Street|Assessed",
        lambda r, c, n: [Number(d(r, 9)), name(r, c, "caps_comma"), r.choice(c).street, Number(d(r, 6))],
    ),
    "scores": table(
        "Team|Coach|Won|Lost|Points",
        lambda r, c, n: [
            r.choice(P.TOWNS)[0] + " Rovers",
            name(r, c, "plain"),
            Number(d(r, 1)),
            Number(d(r, 1)),
            Number(d(r, 2)),
        ],
    ),
    "uuids": table(
        "id|user|created",
        lambda r, c, n: [
            str(uuid.UUID(int=r.getrandbits(128))),
            name(r, c, "plain"),
            Number(str(1700000000 + r.randint(0, 10**7))),
        ],
    ),
    "utility": table(
        "Customer|Service address|Meter|Account|Due",
        lambda r, c, n: [
            name(r, c),
            r.choice(c).street,
            d(r, 8),
            d(r, 10),
            Number(f"{r.randint(20, 300)}.{r.randint(10, 99)}"),
        ],
    ),
    "itins": table(
        "Payee|ITIN|Amount",
        lambda r, c, n: [name(r, c, "plain"), f"9{d(r, 2)}-{r.randint(70, 88)}-{d(r, 4)}", Number("1200.00")],
    ),
    "tickets": table(
        "ticket|opened by|subject|ref",
        lambda r, c, n: [
            Number(str(88000 + n * 3)),
            name(r, c, "plain"),
            r.choice(["printer", "password reset", "VPN"]),
            d(r, 9),
        ],
    ),
}
TEXTS = {
    "lookalikes": text(
        lambda r, c: f"Part number {ssn_shape(r)} was requested by {name(r, c)}.",
        lambda r, c: f"{name(r, c)} order #{d(r, 9)} is on the truck.",
        lambda r, c: (
            f"Call {name(r, c, 'plain')} at {P.phone_text(r.choice(c).phone, r.choice(['dash', 'bare', 'dot']))}."
        ),
        lambda r, c: f"{name(r, c, 'plain')} SSN (last 4): {d(r, 4)}",
        lambda r, c: f"{name(r, c, 'plain')}, card ending in {d(r, 4)}, was refunded.",
        lambda r, c: f"Invoice {d(r, 9)} for {name(r, c, 'plain')} is past due.",
        lambda r, c: f"Ticket {d(r, 9)} closed by {r.choice(STAFF)}.",
        lambda r, c: f"{name(r, c, 'plain')} passed the boiler exam, license BO-{d(r, 6)}.",
        lambda r, c: f"Dr. {name(r, c, 'plain')} NPI 1{d(r, 9)} called in a prescription, Rx {d(r, 7)}.",
        lambda r, c: f"{name(r, c, 'plain')} returned library item 3{d(r, 13)}.",
        lambda r, c: f"{name(r, c, 'plain')} paid $1,204.17 by check {d(r, 4)}; confirmation {d(r, 10)}.",
        lambda r, c: f"Policy number {d(r, 9)} belongs to {name(r, c, 'plain')}.",
        lambda r, c: f"Medical record {d(r, 8)}: {name(r, c)} seen by Dr. {r.choice(STAFF).split()[1]}.",
        lambda r, c: f"{name(r, c, 'plain')} rides on plate 1ABC23, VIN 1HGCM82633A{d(r, 6)}.",
        lambda r, c: f"Case {d(r, 2)}-{d(r, 5)} assigned to {r.choice(STAFF)}; FEIN 04-{d(r, 7)}.",
        lambda r, c: f"{name(r, c, 'plain')} - employee id {d(r, 9)}, locker {d(r, 2)}",
        lambda r, c: f"Fishing license {d(r, 9)} sold to {name(r, c, 'plain')}.",
        lambda r, c: (
            f"{name(r, c, 'plain')} still has to bring a social security card and a driver's license."
        ),
        lambda r, c: f"Parcel {d(r, 3)}-{d(r, 2)}-{d(r, 4)} is owned by {name(r, c, 'plain')}.",
        lambda r, c: f"{r.choice(c).last} & Sons Plumbing, EIN 04-{d(r, 7)}, contact {name(r, c, 'plain')}.",
        lambda r, c: (
            f"{name(r, c, 'plain')} scored {d(r, 3)},{d(r, 3)},{d(r, 3)} points at 0.{d(r, 9)} a second."
        ),
        lambda r, c: f"Job {d(r, 3)}-{d(r, 2)}-{d(r, 4)} for {name(r, c, 'plain')} is done.",
        lambda r, c: (
            f"{name(r, c, 'plain')} wired from our account ending {d(r, 4)}; trace number {d(r, 15)}."
        ),
        lambda r, c: f"Gift card 6006 {d(r, 4)} {d(r, 4)} {d(r, 4)} went to {name(r, c, 'plain')}.",
    ),
    "filler": text(*[lambda r, c, k=k: " ".join(r.choice(FILLER) for _ in range(k)) for k in (3, 5, 8)]),
    "sample_numbers": text(
        lambda r, c: f"{name(r, c, 'plain')} typed 123-45-6789 into the SSN box again.",
        lambda r, c: f"{name(r, c, 'plain')} uses SSN 000-12-3456 and card 4111 1111 1111 1111 in training.",
        lambda r, c: f"{name(r, c, 'plain')}, SSN 666-12-3456, is a made up row.",
        lambda r, c: f"{name(r, c, 'plain')} SSN 111-11-1111 placeholder.",
        lambda r, c: f"{name(r, c, 'plain')} card 5555 5555 5555 4444 exp 12/30 (sandbox).",
    ),
}
OTHERS = {
    "employee_ids": employee_ids,
    "sequential": sequential,
    "masked": masked_payroll,
    "blank_form": blank_form,
    "policy": policy,
    "server_log": server_log,
    "source": source_code,
    "config": config,
    "vendors": vendors,
    "vendor_accounts": vendor_accounts,
    "wire": wire,
    "loose_ids": loose_ids,
    "invoice": remittance,
    "recipe": recipe,
    "letter": people_letter,
    "page": html_page,
    "figures": spreadsheet_numbers,
    "roster": roster,
    "zip9": zip9,
}
HEAVY = {
    "lookalikes": 8,
    "employee_ids": 7,
    "policy": 4,
    "masked": 4,
    "letter": 7,
    "roster": 5,
    "filler": 5,
    "vendors": 4,
    "server_log": 4,
    "invoice": 4,
    "zip9": 3,
    "sequential": 4,
}


def decoy_file(share, rng, folder, crew):
    """One harmless file, in some format."""
    makers = TABLES | TEXTS | OTHERS
    kind = rng.choices(list(makers), [HEAVY.get(k, 2) for k in makers])[0]
    shape, content = makers[kind](rng, crew)
    if shape == "html":
        ext, content = "html", content.encode()
    elif shape == "bare":
        ext, content = "csv", W.encode(rng, W.delimited(rng, None, content, rng.choice([",", "\t", ";"])))
    elif shape == "table":
        ext, content = table_as(rng, *content)
    else:
        ext = {
            "source": "py",
            "config": "json",
            "server_log": "log",
            "policy": rng.choice(["md", "docx", "txt", "pdf"]),
        }.get(kind) or rng.choices(["txt", "docx", "pdf", "eml"], [60, 16, 12, 12])[0]
        if ext == "eml":
            headers = ["Content-Type: text/plain; charset=utf-8"]
            content = kit.message(
                f"{rng.choice(STAFF)} <x@agency.example>",
                "all@agency.example",
                kind,
                [mail.mail_part(headers, "base64", content.encode())],
            ).encode()
        else:
            content = prose.wrap(rng, "txt" if ext in ("py", "json") else ext, kind, content)
            if ext in ("py", "json"):
                content = content if content[:1] != b"\xff" else content.decode("utf-16").encode()
    share.add(
        f"{folder}/{rng.choice([kind, kind, 'file', 'doc', 'export'])}_{rng.randint(1, 999)}.{ext}",
        content,
        (),
        f"decoy-{kind}",
    )


def table_as(rng, headers, rows):
    form = rng.choices(
        ["csv", "xlsx", "tsv", "html", "docx", "json", "sql", "pdf", "xml", "fixed", "md"],
        [40, 22, 7, 6, 4, 5, 5, 4, 3, 3, 2],
    )[0]
    kinds = [""] * len(headers)
    return {
        "csv": lambda: ("csv", W.encode(rng, W.delimited(rng, headers, rows, rng.choice([",", ",", ";"])))),
        "tsv": lambda: ("tsv", W.encode(rng, W.delimited(rng, headers, rows, "\t"))),
        "xlsx": lambda: ("xlsx", kit.xlsx([("Sheet1", False, W.sheet_rows(headers, rows))])),
        "html": lambda: ("html", W.html_table(rng, headers, rows, "List").encode()),
        "docx": lambda: (
            "docx",
            kit.docx(kit.paragraph("List"), kit.table([headers, *[[str(c) for c in r] for r in rows]])),
        ),
        "json": lambda: ("json", W.json_text(rng, headers, kinds, rows, False).encode()),
        "sql": lambda: ("sql", W.sql(rng, headers, rows, "t").encode()),
        "pdf": lambda: ("pdf", W.pdf_table(headers, rows, "List")),
        "xml": lambda: ("xml", W.xml_text(rng, headers, rows, "List").encode()),
        "fixed": lambda: ("txt", W.fixed_width(rng, headers, rows).encode()),
        "md": lambda: ("md", W.markdown(headers, rows, "List").encode()),
    }[form]()
