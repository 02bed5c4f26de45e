#!/usr/bin/env python3
"""Writes the corpora that `compare.sh` measures on. All people and numbers are invented; the same seed gives the same
bytes.

    corpora.py OUT [--seed 1] [--mb 32] [--files 20000]

    prose/      letters and minutes, next to no digits
    logs/       a web log, a service's log, objects one a line: digits, no person
    csv-clean/  readings of sensors, and orders: digits, no person
    staff-0/    rows of staff without numbers; staff-1/: one row in a hundred with; staff-100/: all rows with
    near/       numbers in the shape of an SSN or card that fail their rule, six a line
    endless/    groups of one to six digits joined by single separators, one line
    tree/       small files of all these kinds in folders, three in a hundred with records
    truth.json  records planted, by corpus
"""
import argparse
import json
import os
import random

GIVEN = "Ada Bram Cora Dirk Edda Finn Greta Hugo Ines Jonas Kaja Lars Mona Nils Olga Peer Rosa Sven Tilda Ursula".split()
FAMILY = """Hargrove Lindquist Medeiros Doherty Furtado Kowalski Pelletier Sullivan Abernathy Boudreau Carvalho Donnelly
Everhart Fitzgerald Gallagher Hathaway Iverson Jankowski Kessler Lombardi""".split()
TOWNS = "Boston Worcester Lowell Lynn Quincy Salem Newton Malden Medford Waltham".split()
STREETS = "Elm Maple Oak Beacon Chestnut Summer Winter Pleasant Union Highland".split()
WORDS = """about after again all also an and any are around as at back be because been before being better between both
but by came can come could day did do done down each end even every few first for found from get give go good great had
has have he her here him his home how if in into is it just keep kind know large last left letter like line little long
look made make many may me meeting members might minutes more most much must my never new next no not note now of off on
once one only open or other our out over own page part people place plan project question rather read report right said
same say see set she should side since small so some still such take than that the their them then there these they thing
think this those thought three through time to today together told too took two under until up upon us use very want was
way we week well went were what when where which while who why will with word work would year yet you your""".split()
PATHS = "queue parser worker index schedule meeting folder report buffer stream session".split()


def ssn(r):
    area = r.choice([a for a in range(1, 900) if a != 666])
    return f"{area:03}{r.randrange(1, 100):02}{r.randrange(1, 10000):04}"


def routing(r):
    body = [int(c) for c in f"{r.choice(['01', '02', '21', '31'])}{r.randrange(10**6):06}"]
    total = sum(d * w for d, w in zip(body, [3, 7, 1, 3, 7, 1, 3, 7]))
    return "".join(map(str, body)) + str(-total % 10)


def luhn(digits):
    values = [int(d) * (1 + i % 2) for i, d in enumerate(reversed(digits))]
    return sum(v - 9 if v > 9 else v for v in values) % 10 == 0


def prose(r):
    words = [r.choice(WORDS) for _ in range(r.randrange(6, 22))]
    text = " ".join(words).capitalize() + r.choice([". ", "; ", "? ", "! "])
    if r.random() < 0.01:
        text += r.choice(["— “café” résumé. ", "Room 12, floor 3. ", "It was 2019. "])
    return text + ("\n\n" if r.random() < 0.2 else "")


def web_log(r):
    ip = ".".join(str(r.randrange(1, 255)) for _ in range(4))
    at = f"{r.randrange(1, 29):02}/Mar/2025:{r.randrange(24):02}:{r.randrange(60):02}:{r.randrange(60):02} +0000"
    path = "/".join(r.choice(PATHS) for _ in range(3))
    agent = f"Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.{r.randrange(99)} Chrome/1{r.randrange(10, 30)}.0.{r.randrange(1000, 9999)}.{r.randrange(99)}"
    return f'{ip} - - [{at}] "GET /{path}/{r.randrange(10**6)}?page={r.randrange(99)} HTTP/1.1" {r.choice([200, 200, 404, 500])} {r.randrange(10**6)} "-" "{agent}"\n'


def service_log(r):
    at = f"2025-03-{r.randrange(1, 29):02}T{r.randrange(24):02}:{r.randrange(60):02}:{r.randrange(60):02}.{r.randrange(10**4):04}Z"
    ip = ".".join(str(r.randrange(1, 255)) for _ in range(4))
    return f"{at} INFO [worker-{r.randrange(32)}] request_id={r.getrandbits(64):016x} trace={r.randrange(10**14):014} took {r.randrange(10**5)}us status=200 bytes={r.randrange(10**6)} shard={r.randrange(256)} seq={r.randrange(10**10):010} peer={ip}:{r.randrange(1024, 65536)}\n"


def object_log(r):
    ip = ".".join(str(r.randrange(1, 255)) for _ in range(4))
    return json.dumps(
        {"ts": 1746161664384 + r.randrange(10**9), "lvl": "info", "span": f"{r.getrandbits(48):012x}", "ip": ip,
         "port": r.randrange(1024, 65536), "dur_ns": r.randrange(10**8), "rows": r.randrange(5000),
         "path": "/" + "/".join(r.choice(PATHS) for _ in range(3))}, separators=(",", ":")) + "\n"


def sensor(r):
    return f"{1613718227 + r.randrange(10**7)}.{r.randrange(1000):03},S{r.randrange(10**5):05},{r.randrange(10**5) / 100},{r.randrange(100)},{r.randrange(90000, 110000)},{42 + r.random() * 2:.6f},{-71 - r.random():.6f},{r.randrange(4096)},{r.getrandbits(32):08x}\n"


def order(r):
    price = r.randrange(1, 30000) / 100
    return f"{r.randrange(10**7, 10**8)},{r.randrange(10**5):05}-{r.randrange(1000):03},{r.randrange(1, 9)},{price},{price * 4:.2f},1Z{r.randrange(10**14):014},{r.randrange(10**5):05},{1717117558 + r.randrange(10**6)}\n"


STAFF = "emp_id,last_name,first_name,mi,ssn,dob,street,city,state,zip,phone,salary,routing,account\n"


def staff(r, n, full):
    numbers = (ssn(r), routing(r), f"{r.randrange(10**9, 10**10)}") if full else ("", "", "")
    born = f"{r.randrange(1950, 2004)}-{r.randrange(1, 13):02}-{r.randrange(1, 29):02}"
    return f"{n:07},{r.choice(FAMILY)},{r.choice(GIVEN)},{r.choice('ABCDEFGHIJKLM')},{numbers[0]},{born},{r.randrange(1, 999)} {r.choice(STREETS)} St,{r.choice(TOWNS)},MA,0{r.randrange(1001, 2791)},(617) 555-{r.randrange(100, 200):04},{r.randrange(30, 200)}000,{numbers[1]},{numbers[2]}\n"


def near_miss(r):
    def one():
        kind = r.randrange(3)
        if kind == 0:
            return f"{r.choice(['000', '666'])}-{r.randrange(100):02}-{r.randrange(10000):04}"
        if kind == 1:
            return f"{r.randrange(1, 666):03}-{r.randrange(1, 100):02}-0000"
        while True:
            digits = "4" + "".join(r.choice("0123456789") for _ in range(15))
            if not luhn(digits):
                return " ".join(digits[i:i + 4] for i in range(0, 16, 4)) if r.random() < 0.5 else digits

    return "  ".join(one() for _ in range(6)) + "\n"


class Writer:
    """Files of one corpus, up to a size."""

    def __init__(self, out, truth):
        self.out, self.truth = out, truth

    def file(self, corpus, name, size, lines, head=""):
        os.makedirs(os.path.join(self.out, corpus), exist_ok=True)
        written = 0
        with open(os.path.join(self.out, corpus, name), "w", encoding="utf-8") as f:
            written += f.write(head)
            for line in lines:
                written += f.write(line)
                if written >= size:
                    return


def endless(r):
    while True:
        yield "".join(str(r.randrange(10 ** r.randrange(1, 7))) + r.choice("-./ ") for _ in range(1000))


def repeated(make, r):
    while True:
        yield make(r)


def staff_rows(r, share, counts, corpus):
    n = 0
    while True:
        n += 1
        full = r.random() < share
        counts[corpus] = counts.get(corpus, 0) + full
        yield staff(r, n, full)


def tree(r, out, files, truth):
    """Small files; every 33rd holds one letter with a number."""
    truth["tree"] = 0
    makers = [(prose, "txt"), (web_log, "log"), (service_log, "log"), (object_log, "jsonl"), (sensor, "csv"), (prose, "md")]
    heads = {sensor: "ts,sensor,temp_c,rh_pct,pressure_pa,lat,lon,adc,crc\n"}
    for n in range(files):
        folder = os.path.join(out, "tree", f"d{n % 71}", f"e{n % 13}")
        os.makedirs(folder, exist_ok=True)
        make, ext = makers[n % len(makers)]
        text, size = heads.get(make, ""), r.randrange(1000, 14000)
        while len(text) < size:
            text += make(r)
        if n % 33 == 0 and make is prose:
            number = ssn(r)
            text += f"\n\n{r.choice(GIVEN)} {r.choice(FAMILY)}, SSN {number[:3]}-{number[3:5]}-{number[5:]}\n"
            truth["tree"] += 1
        with open(os.path.join(folder, f"f{n}.{ext}"), "w", encoding="utf-8") as f:
            f.write(text)


def main():
    args = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    args.add_argument("out")
    args.add_argument("--seed", type=int, default=1)
    args.add_argument("--mb", type=float, default=32)
    args.add_argument("--files", type=int, default=20_000)
    a = args.parse_args()
    r, truth, size = random.Random(a.seed), {}, int(a.mb * 1e6)
    w = Writer(a.out, truth)
    for n in range(2):
        w.file("prose", f"prose{n}.txt", size // 2, repeated(prose, r))
    for name, make in [("web.log", web_log), ("service.log", service_log), ("objects.jsonl", object_log)]:
        w.file("logs", name, size // 3, repeated(make, r))
    w.file("csv-clean", "sensors.csv", size // 2, repeated(sensor, r), "ts,sensor,temp_c,rh_pct,pressure_pa,lat,lon,adc,crc\n")
    w.file("csv-clean", "orders.csv", size // 2, repeated(order, r), "order_no,sku,qty,unit_price,total,tracking,batch,ts\n")
    for corpus, share in [("staff-0", 0), ("staff-1", 0.01), ("staff-100", 1)]:
        truth[corpus] = 0
        w.file(corpus, "staff.csv", size, staff_rows(r, share, truth, corpus), STAFF)
    w.file("near", "near.txt", size, repeated(near_miss, r))
    w.file("endless", "endless.txt", size, endless(r))
    tree(r, a.out, a.files, truth)
    for corpus in ["prose", "logs", "csv-clean", "near", "endless"]:
        truth[corpus] = 0
    with open(os.path.join(a.out, "truth.json"), "w", encoding="utf-8") as f:
        json.dump(truth, f, indent=1, sort_keys=True)


if __name__ == "__main__":
    main()
