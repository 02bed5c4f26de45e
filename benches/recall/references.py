"""The reference tools: which read which documents, and how they are run.

Every tool is a function from a document and an empty folder to text. Its run is timed by `measured`.
"""

import email
import email.policy
import os
import resource
import signal
import subprocess
import sys
import tempfile
from pathlib import Path

SECONDS = 120

# All sheets, each into a file of its own, as shown (LibreOffice, "Filter Options for CSV", token 12: -1).
CSV = "csv:Text - txt - csv (StarCalc):9,34,76,1,,0,false,true,true,false,false,-1"


class Run:
    """What a process printed and took."""

    def __init__(self, output, cpu, memory, code):
        self.output, self.cpu, self.memory, self.code = output, cpu, memory, code


def measured(command, seconds=SECONDS):
    """Runs a command; CPU seconds and peak memory (KiB) of it and of what it waited for.

    GNU time stands between and tells the peak: a process inherits that of the one that started it, and Python is large.
    """
    with tempfile.TemporaryFile() as out, tempfile.NamedTemporaryFile("r") as told:
        words = ["time", "-q", "-f", "%M", "-o", told.name, *map(os.fspath, command)]
        pid = os.posix_spawnp(
            "/usr/bin/time",
            words,
            {**os.environ, "LC_ALL": "C.UTF-8"},
            file_actions=[
                (os.POSIX_SPAWN_DUP2, out.fileno(), 1),
                (os.POSIX_SPAWN_OPEN, 2, os.devnull, os.O_WRONLY, 0),
                (os.POSIX_SPAWN_OPEN, 0, os.devnull, os.O_RDONLY, 0),
            ],
            setpgroup=0,
        )
        old = signal.signal(signal.SIGALRM, lambda *_: os.killpg(pid, signal.SIGKILL))
        signal.alarm(seconds)
        try:
            _, status, used = os.wait4(pid, 0)
        finally:
            signal.alarm(0)
            signal.signal(signal.SIGALRM, old)
        out.seek(0)
        memory = int((told.read().split() or [0])[-1])
        return Run(out.read(), used.ru_utime + used.ru_stime, memory, os.waitstatus_to_exitcode(status))


def printed(*command):
    """A tool that prints the text; `{}` stands for the document."""

    def run(path, _folder):
        done = measured([path if word == "{}" else word for word in command])
        return done.output.decode("utf-8", "replace"), done

    return run


def unrtf(path, folder):
    """unrtf begins with words of its own, up to a line of dashes, and has remarks on lines of their own."""
    text, done = printed("unrtf", "--text", "--nopict", "{}")(path, folder)
    head, line, rest = text.partition("-----------------\n")
    lines = (rest if line else head).splitlines()
    return "\n".join(line for line in lines if not line.startswith("###")), done


def converted(target):
    """LibreOffice, which writes files."""

    def run(path, folder):
        profile = Path(tempfile.gettempdir()) / f"recall-office-{os.getuid()}"
        command = ["soffice", f"-env:UserInstallation=file://{profile}", "--headless", "--norestore"]
        done = measured([*command, "--convert-to", target, "--outdir", folder, path])
        texts = []
        for made in sorted(Path(folder).iterdir()):
            if made.suffix == ".pdf":
                texts.append(measured(["pdftotext", made, "-"]).output.decode("utf-8", "replace"))
            else:
                texts.append(made.read_text("utf-8", "replace"))
        return "\n".join(texts), done

    return run


def mail(path, _folder):
    """Headers and texts of a message, by Python's own reader."""
    before = resource.getrusage(resource.RUSAGE_SELF)
    with open(path, "rb") as file:
        message = email.message_from_binary_file(file, policy=email.policy.default)
    texts = []
    for name in ("from", "to", "cc", "subject"):
        try:
            texts.append(str(message.get(name, "")))
        except (AttributeError, IndexError, ValueError):
            continue
    for part in message.walk():
        if part.get_content_type() in ("text/plain", "text/csv") and not part.is_multipart():
            try:
                texts.append(part.get_content())
            except (AttributeError, LookupError, ValueError):
                continue
    after = resource.getrusage(resource.RUSAGE_SELF)
    cpu = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    return "\n".join(texts), Run(b"", cpu, 0, 0)


def outlook(path, folder):
    """A message of Outlook, by extract-msg in a process of its own."""
    script = (
        "import sys, extract_msg\n"
        "m = extract_msg.openMsg(sys.argv[1])\n"
        "for t in (m.sender, m.to, m.cc, m.subject, m.body): print(t or '')\n"
    )
    done = measured([sys.executable, "-c", script, path])
    return done.output.decode("utf-8", "replace"), done


def store(path, folder):
    """A mail store of Outlook."""
    done = measured(["readpst", "-q", "-e", "-o", folder, path])
    texts = [mail(made, None)[0] for made in sorted(Path(folder).rglob("*.eml"))]
    return "\n".join(texts), done


OFFICE = converted("txt:Text (encoded):UTF8")
SHEETS = converted(CSV)
SLIDES = converted("pdf")

# By extension: tools by name. What two of them find is taken for the text of the document; with one tool, what it finds.
TOOLS = {
    "pdf": {"pdftotext": printed("pdftotext", "{}", "-"), "mutool": printed("mutool", "draw", "-q", "-F", "txt", "{}")},
    "docx": {"docx2txt": printed("docx2txt", "{}", "-"), "soffice": OFFICE},
    "doc": {
        "catdoc": printed("catdoc", "-w", "-d", "utf-8", "{}"),
        "antiword": printed("antiword", "-m", "UTF-8.txt", "-w", "0", "{}"),
        "soffice": OFFICE,
    },
    "odt": {"odt2txt": printed("odt2txt", "--encoding=UTF-8", "--width=-1", "{}"), "soffice": OFFICE},
    "rtf": {"unrtf": unrtf, "soffice": OFFICE},
    "xlsx": {"xlsx2csv": printed("xlsx2csv", "-a", "-p", "", "{}"), "soffice": SHEETS},
    "xlsb": {"soffice": SHEETS},
    "ods": {"soffice": SHEETS},
    "xls": {"xls2csv": printed("xls2csv", "-d", "utf-8", "{}"), "soffice": SHEETS},
    "pptx": {"soffice": SLIDES},
    "odp": {"soffice": SLIDES},
    "ppt": {"catppt": printed("catppt", "-d", "utf-8", "{}"), "soffice": SLIDES},
    "msg": {"extract-msg": outlook},
    "pst": {"readpst": store},
    "eml": {"python": mail},
}
# Tools that only confirm: where the other finds nothing, what they find is markup.
CONFIRMING = {"docx2txt", "odt2txt", "xlsx2csv"}
TOOLS["docm"] = TOOLS["dotx"] = TOOLS["docx"]
TOOLS["xlsm"] = TOOLS["xlsx"]
# Formats that are one and the same share a line of the table.
ALIASES = {"docm": "docx", "dotx": "docx", "xlsm": "xlsx"}
