"""Checks an evidence bundle; part of verify.py. Its own program, verify.mjs, does the same for Node."""
import base64, json, zipfile
from verify_base import (Gone, PARTS, bundle, check_entry, expected, find, head_of, is_grown_from, is_included, leaf_of, node, opens, signed_by, skip, vkey, H)

NUMBERS = {name: number for number, name in PARTS.items()}

class Bundle:
    def __init__(self, path):
        with zipfile.ZipFile(path) as archive:
            names = archive.namelist()
            if len(set(names)) != len(names): raise ValueError("a file is in the bundle twice")
            self.files = {name: archive.read(name) for name in names}
        self.manifest = json.loads(self.files["manifest.json"])
        self.first, self.last = self.manifest["range"]["first"], self.manifest["range"]["last"]
        self.entries = bundle(self.files["entries.bin"])
        self.head = head_of(self.text("checkpoints/head.txt"))
    def text(self, name): return self.files[name].decode("utf8")
    def entry(self, seq): return self.entries[seq - self.first] if self.first <= seq <= self.last and seq - self.first < len(self.entries) else b""
    def proof(self, name):
        """C2SP tlog-proof: entry, index and hashes."""
        lines = self.text(name).split("\n\n")[0].split("\n")
        return base64.b64decode(lines[1][6:]), int(lines[2][6:]), [base64.b64decode(line) for line in lines[3:]]

def verify_bundle(path, key, policy, require_quorum):
    it = Bundle(path)
    for name, data in it.files.items():
        if name != "manifest.json" and it.manifest["files"].get(name) != H(data).hex(): find("bundle_altered", "%s is not what the manifest says" % name, name)
    for name in it.manifest["files"]:
        if name not in it.files: find("bundle_altered", "%s is not in the bundle" % name, name)
    outer = check_outer(it, policy)
    check_head(it, key, policy, outer)
    check_range(it)
    shown = check_parts(it)
    return {"origin": it.manifest["origin"], "records": [it.first, it.last], "size": it.head["size"], "shown": shown, "witnessed": check_witnessed(it, policy, outer, require_quorum)}

def check_outer(it, policy):
    """The log of logs, where the policy names it: keys and the newest head of this log that it holds."""
    if not policy or "checkpoints/all.txt" not in it.files: return None
    head = head_of(it.text("checkpoints/all.txt"))
    logs = [one for one in policy[0] if one["name"] == head["origin"]]
    if not logs: return None
    good, bad = signed_by(head, logs)
    if bad or not good: find("head_signature", "the head of the log of logs is not signed by the key in the policy", "checkpoints/all.txt")
    said = json.loads(it.files["log-of-logs.json"])
    joined = said_by(it, said["join"], "proofs/join.tlog-proof", 9, head)
    handed_in = said_by(it, said["handed_in"], "proofs/handed-in.tlog-proof", 8, head)
    return {"head": head, "keys": [vkey(text) for text in (joined or {}).get("keys", [])], "handed_in": handed_in}

def said_by(it, opened, name, kind, head):
    entry, index, proof = it.proof(name)
    content = base64.b64decode(opened["bytes"])
    if is_included(leaf_of(entry), index, proof, head) and opens(entry, 1, base64.b64decode(opened["salt"]), content) and entry[1] == kind:
        said = json.loads(content)["node"]
        if said["origin"] == it.manifest["origin"]: return said
    return find("not_proven", "it is not below the head of the log of logs", name)

def check_head(it, key, policy, outer):
    keys = ([vkey(key)] if key else []) + (policy[0] if policy else []) + (outer["keys"] if outer else [])
    keys = [one for one in keys if one["name"] == it.head["origin"]]
    if not keys: find("head_signature", "no key is known that may sign this log: give --key, or a policy that names it or its log of logs", "checkpoints/head.txt")
    good, bad = signed_by(it.head, keys)
    if bad or not good: find("head_signature", "the head is not signed by a key of the log", "checkpoints/head.txt")
    if it.head["origin"] != it.manifest["origin"]: find("head_signature", "the head is that of another log", "checkpoints/head.txt")

def check_range(it):
    """The entries, and the hashes beside them, give the signed root."""
    for i, entry in enumerate(it.entries): check_entry(entry, it.first + i)
    kind, numbers, *hashes = it.text("proofs/range.txt").rstrip("\n").split("\n")
    start, count, size = (int(number) for number in numbers.split())
    leaves, rest = [leaf_of(entry) for entry in it.entries], [base64.b64decode(line) for line in hashes]
    def root_of(a, b):
        if b <= start or a >= start + count: return rest.pop(0) if rest else bytes(32)
        if b - a == 1: return leaves[a - start]
        k = 1
        while k * 2 < b - a: k *= 2
        return node(root_of(a, a + k), root_of(a + k, b))
    fits = kind == "sallyport/range-proof/v1" and start == it.first and size == it.head["size"] and count == len(leaves) == it.last - it.first + 1
    if not fits or root_of(0, size) != it.head["root"] or rest: find("root_mismatch", "the entries are not those of the signed tree", "entries.bin")

def check_parts(it):
    """What is shown is what was recorded; what is not there is covered by a tombstone of the same tree."""
    shown = set()
    for name in sorted(name for name in it.files if name.startswith("payload/")):
        for line in it.text(name).splitlines():
            one = json.loads(line); part = NUMBERS[one["part"]]
            if not opens(it.entry(one["seq"]), part, base64.b64decode(one["salt"]), base64.b64decode(one["bytes"])): find("payload_altered", "the %s is not what was recorded" % one["part"], name, one["seq"])
            shown.add((one["seq"], part))
    gone = Gone()
    for stone in json.loads(it.files["tombstones.json"])["tombstones"]:
        entry, index, proof = it.proof("proofs/tombstone-%d.tlog-proof" % stone["seq"])
        opened = {name: base64.b64decode(text) for name, text in (stone.get("envelope") or {}).items()}
        if opened and index == stone["seq"] and is_included(leaf_of(entry), index, proof, it.head) and opens(entry, 1, opened["salt"], opened["bytes"]):
            gone.add(json.loads(opened["bytes"])["tombstone"], "tombstones.json", index)
        else: find("tombstone_invalid", "the tombstone is not proven", "tombstones.json", stone["seq"])
    for seq in it.manifest["selected"]:
        entry = it.entry(seq)
        for part in expected(entry) if len(entry) >= 152 else ():
            if (seq, part) not in shown and not gone.covers(seq, part, entry[4] << 8 | entry[5]): find("payload_missing", "the %s is not there, and no tombstone covers it" % PARTS[part], "", seq)
    return len(shown)

def check_witnessed(it, policy, outer, require_quorum):
    """Up to which record a quorum of the policy has seen the log."""
    if not policy: return skip("what witnesses have seen: give --policy")
    upto = 0
    for head, size in [(it.head, it.head["size"])] + ([(outer["head"], None)] if outer and outer["handed_in"] else []):
        good, bad = signed_by(head, policy[1])
        if bad: find("head_signature", "a cosignature is wrong", "checkpoints")
        if size is None:
            seen, lines = head_of(outer["handed_in"]["checkpoint"]), it.text("proofs/consistency.txt").rstrip("\n").split("\n")[2:]
            grown = seen["origin"] == it.head["origin"] and is_grown_from(seen, [base64.b64decode(line) for line in lines], it.head)
            if not grown: find("head_conflict", "the log is not the one whose head the log of logs holds", "proofs/consistency.txt")
            size = seen["size"] if grown else 0
        if policy[2](good): upto = max(upto, size)
    if require_quorum and upto <= it.last: find("witness_missing", "a quorum has not seen records from %d on" % max(it.first, upto))
    return upto
