"""Keys, signed heads, trust policies and trees, as the C2SP formats have them; part of verify.py."""
import base64, functools, hashlib, re, struct
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
try: from cryptography.hazmat.primitives.asymmetric.mldsa import MLDSA44PublicKey
except ImportError: MLDSA44PublicKey = None

H = lambda data: hashlib.sha256(data).digest()
node = lambda left, right: H(b"\x01" + left + right)
leaf_of = lambda entry: H(b"\x00" + entry)
uint64 = lambda number: struct.pack(">Q", number)
PARTS = {1: "envelope", 2: "request", 3: "response"}
findings, unchecked = [], []

def find(code, what, file="", seq=None): findings.append({"code": code, "what": what, "file": str(file), "seq": seq})
def skip(what):
    if what not in unchecked: unchecked.append(what)

def vkey(text):
    name, key_id, key = text.split("+", 2)
    raw = base64.b64decode(key, validate=True)
    if H(name.encode() + b"\n" + raw)[:4].hex() != key_id: raise ValueError("the id is not that of the key: " + text)
    return {"name": name, "id": bytes.fromhex(key_id), "type": raw[0], "raw": raw[1:]}

def notes_in(path):
    return re.findall("[^\u2014]*?\n\n(?:\u2014 [^\n]*\n)+", path.read_text("utf8")) if path.exists() else []

def head_of(note):
    body, _, signatures = note.rpartition("\n\n"); origin, size, root = body.split("\n")
    lines = [(name, base64.b64decode(sig)) for _, name, sig in (line.split(" ") for line in signatures.splitlines())]
    return {"origin": origin, "size": int(size), "root": base64.b64decode(root), "text": body + "\n", "lines": lines}

def signed_by(head, keys):
    """Names of the keys that signed, with the time where there is one, and whether a signature of theirs is wrong."""
    good, bad = {}, False
    for name, sig in head["lines"]:
        for key in keys:
            if key["name"] != name or key["id"] != sig[:4]: continue
            if key["type"] == 6 and MLDSA44PublicKey is None: skip("signatures with ML-DSA-44: this python3-cryptography does not know it"); continue
            try: verify_one(key, head, sig[4:]); good[key["name"]] = time_of(key, sig[4:])
            except InvalidSignature: bad = True
    return good, bad

def time_of(key, body): return None if key["type"] == 1 else struct.unpack(">Q", body[:8])[0]

def verify_one(key, head, body):
    """Ed25519 over the text (type 1), over a time and the text (4), or ML-DSA-44 over the whole tree (6)."""
    message = head["text"].encode()
    if key["type"] == 1: return Ed25519PublicKey.from_public_bytes(key["raw"]).verify(body, message)
    seconds, signature = time_of(key, body), body[8:]
    if seconds == 0: raise InvalidSignature()
    if key["type"] == 4:
        return Ed25519PublicKey.from_public_bytes(key["raw"]).verify(signature, b"cosignature/v1\ntime %d\n" % seconds + message)
    named = lambda text: bytes([len(text.encode())]) + text.encode()
    subtree = b"subtree/v1\n\0" + named(key["name"]) + uint64(seconds) + named(head["origin"]) + uint64(0) + uint64(head["size"]) + head["root"]
    MLDSA44PublicKey.from_public_bytes(key["raw"]).verify(signature, subtree)

def read_policy(path):
    """C2SP tlog-policy: logs, witnesses, and a function that says whether these names are a quorum."""
    logs, keys, members, quorum = [], {}, {}, None
    for line in path.read_text("utf8").split("\n"):
        words = line.split()
        if not words or words[0].startswith("#"): continue
        if words[0] == "log": logs.append(vkey(words[1]))
        elif words[0] == "witness":
            keys[words[1]] = vkey(words[2]); members[words[1]] = lambda signed, name=keys[words[1]]["name"]: name in signed
        elif words[0] == "group":
            k = {"any": 1, "all": len(words) - 3}.get(words[2]) or int(words[2])
            members[words[1]] = lambda signed, k=k, of=[members[name] for name in words[3:]]: sum(m(signed) for m in of) >= k
        elif words[0] == "quorum": quorum = (lambda signed: True) if words[1] == "none" else members[words[1]]
        else: raise ValueError("no line of a policy: " + line)
    if quorum is None: raise ValueError("there is no quorum line in " + str(path))
    return logs, list(keys.values()), quorum

def roots_at(leaves, sizes):
    stack, roots = [], {0: H(b"")}
    for size, leaf in enumerate(leaves, 1):
        rest = size
        while rest % 2 == 0: leaf = node(stack.pop(), leaf); rest //= 2
        stack.append(leaf)
        if size in sizes: roots[size] = functools.reduce(lambda root, left: node(left, root), reversed(stack))
    return roots

def climb(index, last, proof, left, right):
    """The loop of RFC 9162, 2.1.3.2 and 2.1.4.2."""
    fn, sn = index, last
    for sibling in proof:
        if sn == 0: return False
        if fn % 2 or fn == sn:
            left(sibling)
            while fn % 2 == 0 and fn: fn, sn = fn // 2, sn // 2
        else: right(sibling)
        fn, sn = fn // 2, sn // 2
    return sn == 0

def is_included(leaf, index, proof, head):
    at = [leaf]
    reached = climb(index, head["size"] - 1, proof, lambda s: at.__setitem__(0, node(s, at[0])), lambda s: at.__setitem__(0, node(at[0], s)))
    return index < head["size"] and reached and at[0] == head["root"]

def is_grown_from(old, proof, head):
    """Whether the tree of one head goes on from that of an older one."""
    if old["size"] == head["size"]: return not proof and old["root"] == head["root"]
    if not 0 < old["size"] < head["size"]: return False
    rest = [old["root"]] + proof if old["size"] & (old["size"] - 1) == 0 else list(proof)
    if not rest: return False
    fn, sn, at = old["size"] - 1, head["size"] - 1, [rest[0], rest[0]]
    while fn % 2: fn, sn = fn // 2, sn // 2
    def left(s): at[:] = [node(s, at[0]), node(s, at[1])]
    def right(s): at[1] = node(at[1], s)
    return climb(fn, sn, rest[1:], left, right) and at == [old["root"], head["root"]]

def bundle(data):
    """Entries, each behind its length."""
    entries, at = [], 0
    while at + 2 <= len(data):
        end = at + 2 + struct.unpack_from(">H", data, at)[0]
        entries.append(data[at + 2:end]); at = end
    return entries

def check_entry(entry, seq):
    if len(entry) not in (152, 184) or entry[0] != 1 or entry[6:8] != b"\0\0": return find("entry_mismatch", "not an entry of version 1", "", seq)
    if struct.unpack_from(">Q", entry, 8)[0] != seq: find("seq_gap", "the entry belongs to another place", "", seq)
    if (len(entry) == 184) != bool(entry[3] & 1): find("entry_mismatch", "flags and length do not agree", "", seq)

def opens(entry, part, salt, content):
    commitment = H(b"sallyport/commit/v1\0" + bytes([part]) + salt + uint64(len(content)) + content)
    return entry[24 + 32 * part:56 + 32 * part] == commitment

def expected(entry): return {1} | {part for part, flag in ((2, 2), (3, 4)) if entry[3] & flag and not entry[3] & 8}

class Gone:
    """What tombstones cover: which parts of which records, for which class."""
    def __init__(self): self.stones = []
    def add(self, stone, file, seq):
        if stone.get("approver", 0) == stone.get("requester"): return find("tombstone_invalid", "requester and approver are one", file, seq)
        self.stones.append(stone)
    def covers(self, seq, part, retention):
        return any(PARTS[part][:3] in stone.get("parts", ()) and stone.get("class") in (None, retention)
                   and any(low <= seq <= high for low, high in stone.get("ranges", ())) for stone in self.stones)
