"""Recall of `revere text` against reference tools, by format; and what each costs.

    python3 benches/recall/recall.py FOLDER [--revere PROGRAM] [--cache FOLDER] [--worst N] [--only EXT …]

README.md says what is counted.
"""

import argparse
import collections
import hashlib
import json
import os
import re
import subprocess
import tempfile
import unicodedata
from pathlib import Path

from references import ALIASES, CONFIRMING, TOOLS, measured

TOKEN = re.compile(r"[^\W_]+")
# What documents do not say, though a reference does; README.md has the classes.
INVENTIONS = Path(__file__).parent / "inventions.tsv"
CLASSES = ("invented", "computed")
DIGEST = 12
LEAST_NUMBER, LEAST_WORD = 4, 3


def own_text(output):
    """What `revere text` says of a document, without its own headers of files, pages and sheets."""
    lines = output.decode("utf-8", "replace").splitlines()
    return "\n".join(line for line in lines if not line.startswith(("==> ", "--> ")))


def tokens(text):
    """Distinct tokens with a digit, and distinct words."""
    text = unicodedata.normalize("NFKC", text).casefold().replace("\u00ad", "")
    found = set(TOKEN.findall(text))
    numbers = {t for t in found if len(t) >= LEAST_NUMBER and any(c.isdigit() for c in t)}
    words = {t for t in found if len(t) >= LEAST_WORD and t.isalpha()}
    return numbers, words


def reference(path, digest, name, tool, cache):
    """Text and cost of one tool for one document, from the cache if they are there."""
    kept = cache / f"{digest}.{name}.json"
    if kept.exists():
        return json.loads(kept.read_text())
    with tempfile.TemporaryDirectory() as folder:
        text, run = tool(path, folder)
    numbers, words = tokens(text)
    told = {"numbers": sorted(numbers), "words": sorted(words), "cpu": run.cpu, "memory": run.memory}
    kept.write_text(json.dumps(told))
    return told


def agreed(answers, kind):
    """What two tools find; with one tool that says anything, what it finds."""
    said = {name: set(answer[kind]) for name, answer in answers.items() if answer["numbers"] or answer["words"]}
    sets = list(said.values())
    if len(sets) < 2:
        return sets[0] if sets and not CONFIRMING & said.keys() else set()
    counts = collections.Counter(token for found in sets for token in found)
    return {token for token, n in counts.items() if n >= 2}


def inventions():
    """Tokens that are left out of the corrected figures, by start of the digest of a document: token and class."""
    known = collections.defaultdict(dict)
    for line in INVENTIONS.read_text(encoding="utf-8").splitlines():
        if line and not line.startswith("#"):
            digest, token, kind, _reason = line.split("\t")
            assert kind in CLASSES, line
            known[digest][token] = kind
    return known


class Line:
    """Sums of one format."""

    def __init__(self):
        self.files = self.bytes = self.cpu = self.memory = 0
        self.shares = collections.defaultdict(list)
        self.found = collections.Counter()
        self.tools = collections.defaultdict(lambda: [0.0, 0])

    def add(self, kind, wanted, got, left_out):
        """`left_out` has the class of each token that is no loss. Figures by how many classes are left out."""
        for level in range(len(CLASSES) + 1):
            counted = {token for token in wanted if left_out.get(token) not in CLASSES[:level]}
            if counted:
                self.shares[kind, level].append(len(counted & got) / len(counted))
                self.found[kind, level, "of"] += len(counted)
                self.found[kind, level] += len(counted & got)

    def macro(self, kind, level=0):
        shares = self.shares[kind, level]
        return sum(shares) / len(shares) if shares else None

    def micro(self, kind, level=0):
        of = self.found[kind, level, "of"]
        return self.found[kind, level] / of if of else None


def shown(share):
    return "     –" if share is None else f"{share:6.4f}"


def reasons(program, folder):
    """What a scan says of every path: coverage and causes."""
    with tempfile.TemporaryDirectory() as scratch:
        result = Path(scratch) / "r.jsonl"
        subprocess.run(
            [program, "scan", folder, "--ephemeral-key", "--no-config", "-q", "--out", result], check=False
        )
        said = {}
        for line in open(result, encoding="utf-8"):
            event = json.loads(line)
            if event["event"] == "file" and not event.get("member"):
                gaps = [f"{gap['cause']} ({gap.get('detail', '')})" for gap in event.get("gaps", [])]
                said[event["path"]] = (event["coverage"], event.get("format", ""), ", ".join(gaps))
        return said


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--revere", default="target/release/revere")
    parser.add_argument("--cache", type=Path, default=Path("target/recall"))
    parser.add_argument("--worst", type=int, default=5, help="files shown per format")
    parser.add_argument("--only", nargs="*", default=[], help="extensions")
    parser.add_argument("--lost", type=Path, help="write every lost token here: format, document, digest, kind, token")
    given = parser.parse_args()
    given.cache.mkdir(parents=True, exist_ok=True)

    lines, files, empty = collections.defaultdict(Line), collections.defaultdict(list), []
    every, known = [], inventions()
    documents = sorted(p for p in given.folder.rglob("*") if p.is_file())
    for path in documents:
        extension = path.suffix.lower().lstrip(".")
        if extension not in TOOLS or (given.only and extension not in given.only):
            continue
        form = ALIASES.get(extension, extension)
        line, size = lines[form], path.stat().st_size
        digest = hashlib.sha256(path.read_bytes()).hexdigest()[:32]
        answers = {}
        for name, tool in TOOLS[extension].items():
            answer = reference(path, digest, name, tool, given.cache)
            line.tools[name][0] += answer["cpu"]
            line.tools[name][1] = max(line.tools[name][1], answer["memory"])
            answers[name] = answer
        run = measured([given.revere, "text", "--no-config", path])
        numbers, words = tokens(own_text(run.output))
        line.files, line.bytes = line.files + 1, line.bytes + size
        line.cpu, line.memory = line.cpu + run.cpu, max(line.memory, run.memory)
        wanted = agreed(answers, "numbers"), agreed(answers, "words")
        left_out = known.get(digest[:DIGEST], {})
        line.add("numbers", wanted[0], numbers, left_out)
        line.add("words", wanted[1], words, left_out)
        name = str(path.relative_to(given.folder))
        if not numbers and not words:
            empty.append((form, name, len(wanted[0]), len(wanted[1])))
        lost = sorted(wanted[0] - numbers), sorted(wanted[1] - words)
        for kind, these in zip(("number", "word"), lost):
            every += [f"{form}\t{name}\t{digest[:DIGEST]}\t{kind}\t{token}\n" for token in these]
        if lost[0] or lost[1]:
            files[form].append((len(lost[0]), len(lost[1]), name, len(wanted[0]), len(wanted[1]), lost))

    table(lines)
    if given.lost:
        given.lost.write_text("".join(every), encoding="utf-8")
    worst(files, given.worst)
    nothing(empty, reasons(given.revere, given.folder))


def table(lines):
    """Recall and cost by format."""
    print("format files   MiB | numbers: macro micro (files) | words: macro micro | CPU s/MiB, peak MiB: revere, references")
    for form, line in sorted(lines.items()):
        mib = line.bytes / 2**20 or 1e-9
        costs = [f"revere {line.cpu / mib:.2f} {line.memory // 1024}"]
        costs += [f"{name} {cpu / mib:.2f} {memory // 1024}" for name, (cpu, memory) in line.tools.items()]
        numbers, words = (f"{shown(line.macro(k))} {shown(line.micro(k))}" for k in ("numbers", "words"))
        with_numbers = len(line.shares["numbers", 0])
        print(f"{form:6} {line.files:5} {mib:5.1f} | {numbers} ({with_numbers}) | {words} | {'; '.join(costs)}")
    print("\nmacro: plain, without what references invent, without what programs compute on opening too")
    for form, line in sorted(lines.items()):
        levels = range(len(CLASSES) + 1)
        numbers, words = (" ".join(shown(line.macro(k, n)) for n in levels) for k in ("numbers", "words"))
        print(f"{form:6} numbers {numbers} | words {words}")


def worst(files, most):
    """The files that lose most, with some of what they lose."""
    for form, rows in sorted(files.items()):
        print(f"\n{form}: lost by file (numbers of, words of)")
        for numbers, words, name, of, of_words, lost in sorted(rows, reverse=True)[:most]:
            print(f"  {numbers}/{of} {words}/{of_words}  {name}")
            print(f"      {' '.join(lost[0][:12])} | {' '.join(lost[1][:12])}")


def nothing(empty, said):
    """Files of which nothing came out."""
    print(f"\nnothing came out of {len(empty)} files (numbers and words of the references)")
    for form, name, numbers, words in empty:
        coverage, found, gaps = said.get(name, ("unknown", "", ""))
        print(f"  {form:5} {numbers:5} {words:5}  {name}: {coverage}, {found}, {gaps or 'no gap'}")


if __name__ == "__main__":
    main()
