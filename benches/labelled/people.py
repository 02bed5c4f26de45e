"""Invented people of a Massachusetts region, and their numbers. Nothing here comes from the program's own lists."""

# Surnames by the communities of the state, and given names that go with them; a capital F or M is the sex.
COMMUNITIES = {
    "irish": (
        18,
        "Sullivan Murphy O'Brien Kelley Donovan McCarthy O'Connor Flaherty Doherty Callahan McNamara Foley Mahoney "
        "Crowley Hennessey O'Leary Keating McGrath Tierney Gallagher Scanlon Lynch McDermott O'Malley Dunphy "
        "Fitzgerald Fitzpatrick Shea Cronin Hurley",
        "Kathleen Maureen Eileen Deirdre Colleen Bridget Sheila Nora Siobhan Erin Margaret Mary",
        "Brendan Kevin Sean Patrick Declan Timothy Dennis Conor Liam Francis Gerald Owen",
    ),
    "portuguese": (
        13,
        "Medeiros Furtado Pacheco Sousa Arruda Cabral Raposo Amaral Botelho Oliveira Pimentel Correia Melo Rego "
        "da~Silva de~Oliveira dos~Santos da~Costa Carreiro Ponte Viveiros Estrela Câmara Simões Araújo Magalhães",
        "Fátima Conceição Lurdes Natália Filomena Deolinda Teresa Ana Maria Inês Graça Leonor",
        "João Manuel Joaquim António Luís Duarte Gil Nelson Américo Hermano Jorge Rui",
    ),
    "hispanic": (
        12,
        "Rivera Ortiz Santiago Colón Figueroa Vega Maldonado Rosario Nieves Peña Castillo Batista Polanco "
        "de~la~Cruz De~Jesús Núñez Guzmán Acevedo Rivera+Ortiz Morales+Vélez Báez-Luna Taveras Quiñones Del~Valle",
        "Yolanda Marisol Altagracia Carmen Rosa Luz Ivelisse Milagros Esperanza Beatriz Xiomara Dolores",
        "José Luis Ángel Rafael Héctor Wilfredo Ramón Orlando Edwin Jesús Félix Ernesto",
    ),
    "vietnamese": (
        7,
        "Nguyen Tran Le Pham Huynh Vo Dang Bui Do Ngo Duong Ly Truong Dinh Lam",
        "Thuy Lan Hoa Mai Phuong Huong Trang Kim Bich Ngoc Linh Hanh",
        "Minh Tuan Hung Dung Quang Thanh Son Phuc Khoa Duc Long Hai",
    ),
    "chinese": (
        7,
        "Chen Wang Li Zhang Liu Wong Chan Lee Ng Huang Lin Zhao Yee Moy Xu Tang",
        "Mei Xiu Ling Yan Hui Fang Jing Li-Hua Amy Grace Vivian Winnie",
        "Wei Jian Ming Guo Feng Hao Kai Wing Raymond Calvin Kenneth Bing",
    ),
    "cape_verdean": (
        7,
        "Tavares Andrade Barros Monteiro Fontes Gomes Lopes Semedo Varela Depina Centeio Teixeira Rosa Barbosa "
        "Cardoso Pires Brandao DePina",
        "Zulmira Ivone Domingas Arlinda Celeste Djenane Maria Antonia Eugenia Nilda",
        "Adelino Djonson Zeferino Valdemar Amilcar Orlindo Manuel Domingos Pedro Ildo",
    ),
    "haitian": (
        7,
        "Jean-Baptiste Pierre Joseph Desrosiers Charles Toussaint Saint-Fleur Baptiste Louis Etienne Cadet Dorvil "
        "Jean-Louis Francois Alcindor St.~Louis Exantus Petit-Frere",
        "Marie-Ange Nadège Guerda Mirlande Rose-Marie Ketly Fabiola Islande Yolette Widline",
        "Jean-Claude Wisler Frantz Reginald Emmanuel Ricot Yves Jean Fritz Wilner",
    ),
    "italian": (
        9,
        "Russo DiNapoli Marino Esposito DeLuca D'Angelo Ferrara Colangelo Santoro Ciampa Iannuzzi Bevilacqua "
        "Mastrangelo DiPietro Pellegrini Gallo Tocci LoConte D'Agostino",
        "Angela Carla Loretta Concetta Gina Donna Lucia Francesca Paula Rosemarie",
        "Anthony Vincent Salvatore Carmine Domenic Joseph Rocco Mario Paul Angelo",
    ),
    "polish": (
        5,
        "Kowalski Nowak Wisniewski Zielinski Szymanski Lewandowski Wojcik Kozlowski Jankowski Pietrzak Łukasik "
        "Bielawski Krzyzanowski",
        "Krystyna Halina Bożena Danuta Barbara Ewa Jadwiga Renata",
        "Stanley Zbigniew Kazimierz Andrzej Walter Chester Piotr Marek",
    ),
    "indian": (
        6,
        "Patel Sharma Reddy Iyer Krishnan Gupta Desai Nair Venkataraman Chaudhary Banerjee Kulkarni Mehta Subramanian",
        "Priya Anjali Lakshmi Sunita Kavita Deepa Meera Padma",
        "Rajesh Anil Suresh Vikram Arjun Sanjay Ramesh Karthik",
    ),
    "armenian": (
        4,
        "Hagopian Boyajian Kazarian Tashjian Avakian Der~Sarkisian Mardirosian Papazian Keshishian",
        "Ani Sona Talin Araxie Nairi Siranoush",
        "Aram Vahe Hrant Ara Krikor Garo",
    ),
    "english": (
        16,
        "Whitcomb Hathaway Alden Thayer Sturgis Lothrop Smith Johnson Brown Clark Bradford Chase Perkins Wright "
        "Young Stone Fields Church March Banks Price Cook Page Ames Crocker Nickerson Snow Bourne Pell Washburn",
        "Elizabeth Susan Abigail Hope Constance Prudence Linda Carol Judith Virginia Faith April June Ruth",
        "William Thomas Robert Nathaniel Warren Richard Bradley Grant Chase Everett Carter Mark Dean Drew",
    ),
    "african": (
        4,
        "Okafor Mensah Boateng Adeyemi Nwosu Kamau Wanjiru Tesfaye Osei Mwangi Oyelaran Diallo",
        "Ngozi Abena Wanjiku Folake Akua Amina Chidinma",
        "Kwame Emeka Kofi Tunde Samuel Abdoulaye Chukwudi",
    ),
}

# Parts of surnames that nobody has.
HEADS = "Bramb Thorv Quell Vosk Merid Ostr Kelv Dunsh Farrow Zill Trev Whist Ulv Halm Skerr Nyst Corbl Jask".split()
MIDDLES = "a e i o u er and ing or el".split()
TAILS = (
    "wick mont gart veil drake zini leigh thorpe kov ssen quist bane bury mere oux dahl tessen rith".split()
)

_TOWNS = """Boston 02118|Boston 02108|Dorchester 02124|Roxbury 02119|Mattapan 02126|Hyde Park 02136|Worcester 01604|
Worcester 01610|Springfield 01108|Springfield 01109|Lowell 01851|Lowell 01852|Cambridge 02139|Cambridge 02141|
New Bedford 02740|New Bedford 02745|Brockton 02301|Brockton 02302|Quincy 02169|Lynn 01902|Lynn 01905|Fall River 02720|
Fall River 02723|Newton 02458|Lawrence 01841|Lawrence 01843|Somerville 02143|Framingham 01702|Haverhill 01830|
Malden 02148|Waltham 02453|Plymouth 02360|Medford 02155|Taunton 02780|Chicopee 01013|Weymouth 02188|Revere 02151|
Peabody 01960|Methuen 01844|Everett 02149|Attleboro 02703|Leominster 01453|Fitchburg 01420|Holyoke 01040|
Westfield 01085|Beverly 01915|Salem 01970|Woburn 01801|Chelsea 02150|Braintree 02184|Marlborough 01752|
Dartmouth 02747|Watertown 02472|Randolph 02368|Gardner 01440|Gloucester 01930|Pittsfield 01201|Northampton 01060|
Greenfield 01301|Barnstable 02630|Falmouth 02540|Wareham 02571|Fairhaven 02719|Southbridge 01550|Webster 01570|
Athol 01331|North Adams 01247|Orleans 02653|Milford 01757|Norwood 02062|Stoughton 02072|Acton 01720|Ware 01082"""
TOWNS = [tuple(t.strip().rsplit(" ", 1)) for t in _TOWNS.replace("\n", "").split("|")]

# Towns of other states that share no name with one of Massachusetts.
ELSEWHERE = [
    ("Nashua", "NH", "03060"),
    ("Keene", "NH", "03431"),
    ("Derry", "NH", "03038"),
    ("Providence", "RI", "02903"),
    ("Cranston", "RI", "02910"),
    ("Pawtucket", "RI", "02860"),
    ("Woonsocket", "RI", "02895"),
    ("Hartford", "CT", "06103"),
    ("New Haven", "CT", "06511"),
    ("Stamford", "CT", "06902"),
    ("Bangor", "ME", "04401"),
    ("Albany", "NY", "12207"),
    ("Montpelier", "VT", "05602"),
    ("Tampa", "FL", "33602"),
]
STATE_NAMES = {
    "MA": "Massachusetts",
    "NH": "New Hampshire",
    "RI": "Rhode Island",
    "CT": "Connecticut",
    "ME": "Maine",
    "NY": "New York",
    "VT": "Vermont",
    "FL": "Florida",
}
AREA_CODES = {
    "MA": "617 508 978 781 413 774 857 351 339".split(),
    "NH": ["603"],
    "RI": ["401"],
    "CT": ["203", "860"],
    "ME": ["207"],
    "NY": ["518"],
    "VT": ["802"],
    "FL": ["813"],
}
STREETS = (
    "Alden Mill Orchard Blossom Hancock Pleasant Cottage Locust Rockland Dean Prospect Winthrop Bay High Warren Chapel "
    "Linden Acushnet Tremont Plain Cedar Belmont Union Spruce Purchase Granite Harvard Summit Hillside Bridge"
).split()
STREET_KINDS = [
    "St",
    "Street",
    "Ave",
    "Avenue",
    "Rd",
    "Road",
    "Ln",
    "Lane",
    "Ct",
    "Terrace",
    "Dr",
    "Way",
    "Circle",
]


class Person:
    """Somebody with every number there is; a file shows some of them."""

    def __init__(self, rng, key, first, middle, last, double, suffix):
        self.key, self.first, self.middle, self.last, self.double, self.suffix = (
            key,
            first,
            middle,
            last,
            double,
            suffix,
        )
        if rng.random() < 0.86:
            self.city, self.zip = rng.choice(TOWNS)
            self.state = "MA"
        else:
            self.city, self.state, self.zip = rng.choice(ELSEWHERE)
        unit = rng.choice(
            [
                "",
                "",
                "",
                "",
                f" Apt {rng.randint(1, 40)}",
                f", Unit {rng.randint(1, 12)}",
                " #3",
                ", 2nd Floor",
            ]
        )
        self.street = f"{rng.randint(2, 1900)} {rng.choice(STREETS)} {rng.choice(STREET_KINDS)}{unit}"
        self.born = (rng.randint(1936, 2004), rng.randint(1, 12), rng.randint(1, 28))
        self.area_code = rng.choice(AREA_CODES[self.state])
        self.phone = (self.area_code, f"555{rng.randint(100, 199):04}")
        self.ssn = ssn(rng, rng.random() < (0.6 if self.state == "MA" else 0.1))
        self.dl_state, self.dl = self.state, licence(rng, self.state)
        self.state_id = f"S{rng.randint(10**7, 10**8 - 1)}"
        self.network, self.card = card(rng)
        self.expiry = (rng.randint(1, 12), rng.randint(25, 30))
        self.routing = routing(rng, rng.random() < 0.75)
        self.iban = iban(rng)
        self.account = str(rng.randint(1, 9)) + "".join(
            rng.choice("0123456789") for _ in range(rng.randint(6, 11))
        )

    @property
    def email(self):
        plain = "".join(c for c in (self.first[0] + self.last).lower() if c.isascii() and c.isalpha())
        return f"{plain}{self.key % 90 + 10}@mail.example"

    @property
    def massachusetts_ssn(self):
        return 10 <= int(self.ssn[:3]) <= 34


def crowd(rng, size):
    """`size` people; a few share their whole name with another."""
    people, kinds = [], list(COMMUNITIES)
    weights = [COMMUNITIES[k][0] for k in kinds]
    for key in range(size):
        kind = rng.choices(kinds, weights)[0]
        givers = kind if rng.random() < 0.85 else rng.choice(["english", "irish", kind])
        first = rng.choice(COMMUNITIES[givers][rng.choice([2, 3])].split())
        last = rng.choice(COMMUNITIES[kind][1].split())
        if rng.random() < 0.14:
            last = rng.choice(HEADS) + rng.choice(MIDDLES) + rng.choice(TAILS)
        elif rng.random() < 0.03:
            last = last.replace("+", " ") + "-" + rng.choice(COMMUNITIES["english"][1].split())
        if people and rng.random() < 0.02:
            twin = rng.choice(people)
            first, last = twin.first, twin.last.replace(" ", "~")
        double = "+" in last
        last = last.replace("~", " ").replace("+", " ")
        middle = rng.choice("ABCDEFGHJKLMNPRSTW") if rng.random() < 0.5 else ""
        suffix = rng.choice(["Jr.", "Sr.", "III", "II"]) if rng.random() < 0.04 else ""
        people.append(
            Person(rng, key, first, middle, last, double or " " in last and last.count("-") > 0, suffix)
        )
    return people


def ssn(rng, massachusetts):
    while True:
        area = rng.randint(10, 34) if massachusetts else rng.choice([*range(1, 666), *range(667, 900)])
        digits = f"{area:03}{rng.randint(1, 99):02}{rng.randint(1, 9999):04}"
        if len(set(digits)) > 3 and digits not in ("078051120", "219099999"):
            return digits


def licence(rng, state):
    number = lambda n: "".join(rng.choice("0123456789") for _ in range(n))
    letters = lambda n: "".join(rng.choice("ABCDEFGHJKLMNPRSTVWYZ") for _ in range(n))
    forms = {
        "MA": lambda: "S" + rng.choice("123456789") + number(7) if rng.random() < 0.6 else "SA" + number(7),
        "NH": lambda: rng.choice([f"{rng.randint(1, 12):02}{letters(3)}{number(5)}", "NHL" + number(8)]),
        "RI": lambda: rng.choice("123456789") + number(6),
        "CT": lambda: rng.choice("123456789") + number(8),
        "ME": lambda: rng.choice("123456789") + number(6),
        "NY": lambda: rng.choice("123456789") + number(8),
        "VT": lambda: rng.choice("123456789") + number(7),
        "FL": lambda: letters(1) + number(12),
    }
    return forms[state]()


def check_digit(body):
    total = 0
    for i, c in enumerate(reversed(body)):
        d = int(c) * (2 if i % 2 == 0 else 1)
        total += d - 9 if d > 9 else d
    return str(-total % 10)


def card(rng):
    kinds = [("visa", "4", 16)] * 9 + [("mastercard", "5", 16)] * 5 + [("mastercard", "2", 16)] * 2
    kinds += (
        [("amex", "3", 15)] * 3
        + [("discover", "6", 16)] * 2
        + [("diners", "36", 14), ("jcb", "35", 16), ("unionpay", "62", 19)]
    )
    network, start, size = rng.choice(kinds)
    prefix = {
        "4": f"4{rng.randint(0, 9)}",
        "5": str(rng.randint(51, 55)),
        "2": str(rng.randint(2221, 2720)),
        "3": rng.choice(["34", "37"]),
        "6": rng.choice(["6011", "65", "645"]),
        "36": "36",
        "35": str(rng.randint(3528, 3589)),
        "62": rng.choice(["6225", "6250"]),
    }[start]
    while True:
        body = prefix + "".join(rng.choice("0123456789") for _ in range(size - 1 - len(prefix)))
        if max(body.count(d) for d in set(body)) < 6:
            return network, body + check_digit(body)


def iban(rng):
    """An account abroad, German or Portuguese."""
    country, size = rng.choice([("DE", 18), ("PT", 21)])
    body = "".join(rng.choice("0123456789") for _ in range(size))
    as_digits = lambda text: "".join(str(int(c, 36)) for c in text)
    return f"{country}{98 - int(as_digits(body + country + '00')) % 97:02}{body}"


def routing(rng, boston):
    prefix = (
        rng.choice(["0110", "0113", "2113", "2118", "2110"])
        if boston
        else rng.choice(["0210", "0311", "1210", "3140", "0910"])
    )
    body = prefix + f"{rng.randint(0, 9999):04}"
    total = sum(int(c) * w for c, w in zip(body, (3, 7, 1) * 3))
    return body + str(-total % 10)


# How things are written.


def ssn_text(digits, style):
    by = {
        "dash": "-",
        "space": " ",
        "dot": ".",
        "endash": "–",
        "nbhyphen": "‑",
        "nbsp": "\u00a0",
        "bare": "",
        "slash": "/",
    }
    if style == "number":
        return str(int(digits))
    return by[style].join([digits[:3], digits[3:5], digits[5:]])


def card_text(digits, style):
    widths = {15: [4, 6, 5], 14: [4, 6, 4], 19: [4, 4, 4, 4, 3]}.get(len(digits), [4, 4, 4, 4])
    if style == "bare":
        return digits
    out, at = [], 0
    for w in widths:
        out.append(digits[at : at + w])
        at += w
    return {"space": " ", "dash": "-", "thin": "\u2009"}[style].join(out)


def phone_text(phone, style):
    code, rest = phone
    return {
        "dash": f"{code}-{rest[:3]}-{rest[3:]}",
        "paren": f"({code}) {rest[:3]}-{rest[3:]}",
        "dot": f"{code}.{rest[:3]}.{rest[3:]}",
        "bare": code + rest,
        "one": f"+1 {code} {rest[:3]} {rest[3:]}",
    }[style]


def date_text(ymd, style):
    y, m, d = ymd
    months = "January February March April May June July August September October November December".split()
    return {
        "iso": f"{y:04}-{m:02}-{d:02}",
        "us": f"{m:02}/{d:02}/{y}",
        "short": f"{m}/{d}/{y % 100:02}",
        "compact": f"{y:04}{m:02}{d:02}",
        "long": f"{months[m - 1]} {d}, {y}",
    }[style]


NAME_STYLES = ["plain", "plain", "plain", "middle", "comma", "comma_middle", "caps", "caps_comma", "initial"]


def written(person, style):
    """The name in that style, and the given name and surname that a reader can take from it."""
    first, last = person.first, person.last
    if person.double and style in ("plain", "middle", "caps", "initial"):
        style = "caps_comma" if style == "caps" else "comma"
    middle = f" {person.middle}." if person.middle else ""
    suffix = f" {person.suffix}" if person.suffix else ""
    if style == "plain":
        text = f"{first} {last}{suffix}"
    elif style == "middle":
        text = f"{first}{middle} {last}{suffix}"
    elif style == "comma":
        text = f"{last}, {first}"
    elif style == "comma_middle":
        text = f"{last}{suffix}, {first}{middle.rstrip('.')}"
    elif style == "caps":
        text = f"{first}{middle.rstrip('.')} {last}".upper()
    elif style == "caps_comma":
        text = f"{last}, {first}{middle.rstrip('.')}".upper()
    elif style == "initial":
        text, first = f"{first[0]}. {last}", first[0]
    return text, first, last
