"""The share under construction: files, and the truth about them."""


class Folder:
    """Names files so that none comes twice."""

    def __init__(self):
        self.taken = set()

    def name(self, path):
        stem, dot, ext = path.rpartition(".")
        n, out = 2, path
        while out.lower() in self.taken:
            out, n = f"{stem} ({n}){dot}{ext}", n + 1
        self.taken.add(out.lower())
        return out


class Planted:
    """One record: who, as written, with which numbers, and what of the person's circumstances stands beside it."""

    def __init__(self, person, first, last, elements, shown=(), residency="derive", key=None):
        self.person, self.first, self.last, self.elements = person, first, last, elements
        self.residency = residence(person, elements, set(shown)) if residency == "derive" else residency
        self.key = person.key if key is None else key


def residence(person, elements, shown):
    """The grade that DETECTION 5.5 gives: address, then two weak signs or a Massachusetts licence. None where the
    rules leave it open."""
    if shown & {"state", "zip", "address"}:
        if person.state != "MA":
            return (
                None
                if any(t in ("drivers_license", "state_id") and v.startswith("S") for t, v in elements)
                else "other"
            )
        return "confirmed"
    weak = ("city" in shown and person.state == "MA") + ("phone" in shown and person.state == "MA")
    weak += any(t == "ssn" for t, _ in elements) and person.massachusetts_ssn
    if weak >= 2:
        return "likely"
    for kind, value in elements:
        if kind in ("drivers_license", "state_id"):
            if value[0] == "S" and value[1:].lstrip("A").isdigit() and len(value) == 9:
                return "likely"
            return None  # the licence of another state says something, the rules do not say what
    if weak == 1 and "routing" in shown and person.routing[:2] in ("01", "21"):
        return None
    return "unknown"


class Share:
    def __init__(self):
        self.files, self.truth, self.names, self.kinds = {}, [], Folder(), {}

    def add(self, path, content, planted=(), kind="", member=()):
        """A file with its records."""
        path = self.names.name(path)
        self.files[path] = content if isinstance(content, bytes) else content.encode()
        self.kinds[path] = kind
        self.plant(path, member, planted, kind)
        return path

    def plant(self, path, member, planted, kind):
        for p in planted:
            self.truth.append(
                {
                    "path": path,
                    "member": list(member),
                    "kind": kind,
                    "person": {"first": p.first, "last": p.last},
                    "elements": [{"type": t, "value": v} for t, v in p.elements],
                    "residency": p.residency,
                    "person_key": p.key,
                }
            )
