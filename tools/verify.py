#!/usr/bin/env python3
"""Verifies a log of Sallyport with nothing but Python: verify.py DIR [--policy FILE] [--head FILE] [--json]
DIR is the data folder, its audit/, or the folder of one log. Shares no code with the gateway; written from docs/audit.md and
the C2SP formats. Needs python3-cryptography. Ends with 0 if nothing was found, 1 if something was, 2 if it cannot tell."""
import base64, functools, hashlib, json, pathlib, re, struct, sys, zlib
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
H = lambda data: hashlib.sha256(data).digest()
node = lambda left, right: H(b"\x01" + left + right)
PARTS = {1: "envelope", 2: "request", 3: "response"}
findings, unchecked = [], []
def find(code, what, file="", seq=None): findings.append({"code": code, "what": what, "file": str(file), "seq": seq})
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
    """Names of the keys that signed, and whether one of them is wrong. ML-DSA (type 6) is left to others."""
    good, bad = set(), False
    for name, sig in head["lines"]:
        for key in keys:
            if key["name"] != name or key["id"] != sig[:4] or key["type"] == 6: continue
            body, message = sig[4:], head["text"].encode()
            if key["type"] == 4: body, message = body[8:], b"cosignature/v1\ntime %d\n" % struct.unpack(">Q", body[:8]) + message
            try: Ed25519PublicKey.from_public_bytes(key["raw"]).verify(body, message); good.add(key["name"])
            except InvalidSignature: bad = True
    return good, bad
def read_policy(path):
    """C2SP tlog-policy: logs, and a function that says whether these witnesses are a quorum."""
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
    return logs, list(keys.values()), quorum
def roots_at(leaves, sizes):
    stack, roots = [], {0: H(b"")}
    for size, leaf in enumerate(leaves, 1):
        rest = size
        while rest % 2 == 0: leaf = node(stack.pop(), leaf); rest //= 2
        stack.append(leaf)
        if size in sizes: roots[size] = functools.reduce(lambda root, left: node(left, root), reversed(stack))
    return roots
def tile(folder, level, index, width):
    digits = str(index).zfill(-(-len(str(index)) // 3) * 3)
    path = folder / "tile" / str(level) / "/".join(["x" + digits[i:i + 3] for i in range(0, len(digits) - 3, 3)] + [digits[-3:]])
    for one in [path] if width == 256 else [path.parent / (path.name + ".p") / str(width), path]:
        if one.exists(): return one.read_bytes(), one
    return None, path
def bundle(data):
    entries, at = [], 0
    while at + 2 <= len(data):
        end = at + 2 + struct.unpack_from(">H", data, at)[0]
        entries.append(data[at + 2:end]); at = end
    return entries
def check_tiles(folder, size):
    """Entries and leaves of the tree of that size; each upper tile against the one below."""
    entries, leaves = [], []
    for index in range(-(-size // 256)):
        width = min(256, size - index * 256)
        (data, path), (hashes, hash_path) = tile(folder, "entries", index, width), tile(folder, 0, index, width)
        if data is None: find("tile_missing", "entries are not there", path, index * 256)
        if hashes is None: find("tile_missing", "hashes are not there", hash_path, index * 256)
        found = bundle(data or b"")
        for i in range(width):
            leaf, entry = (hashes or b"")[i * 32:i * 32 + 32], found[i] if i < len(found) else b""
            if data and hashes and H(b"\x00" + entry) != leaf: find("entry_mismatch", "the entry does not hash to its leaf", path, index * 256 + i)
            entries.append(entry); leaves.append(leaf if len(leaf) == 32 else H(b"\x00" + entry))
    below, level = leaves, 0
    while len(below) >= 256:
        level += 1
        below = [roots_at(below[i:i + 256], {256})[256] for i in range(0, len(below) // 256 * 256, 256)]
        for index in range(-(-len(below) // 256)):
            part = below[index * 256:index * 256 + 256]
            data, path = tile(folder, level, index, len(part))
            if data is None: find("tile_missing", "an upper tile is not there", path)
            elif data[:len(part) * 32] != b"".join(part): find("tile_mismatch", "a tile is not what is below it", path)
    return entries, leaves
def check_entry(entry, seq):
    if len(entry) not in (152, 184) or entry[0] != 1 or entry[6:8] != b"\0\0": return find("entry_mismatch", "not an entry of version 1", "", seq)
    if struct.unpack_from(">Q", entry, 8)[0] != seq: find("seq_gap", "the entry belongs to another place", "", seq)
    if (len(entry) == 184) != bool(entry[3] & 1): find("entry_mismatch", "flags and length do not agree", "", seq)
def opens(entry, part, salt, content):
    commitment = H(b"sallyport/commit/v1\0" + bytes([part]) + salt + struct.pack(">Q", len(content)) + content)
    return entry[24 + 32 * part:56 + 32 * part] == commitment
def expected(entry): return {1} | {part for part, flag in ((2, 2), (3, 4)) if entry[3] & flag and not entry[3] & 8}
def segments(folder):
    """Records of running segments: seq -> (entry, {part: (salt, content)}, file). What no footer closes was never acknowledged."""
    heads, records = [], {}
    for path in sorted((folder / "wal").glob("*.seg")):
        data = path.read_bytes()
        if data[:8] != b"SLYPSEG1": continue
        if zlib.crc32(data[:4092]) != struct.unpack_from(">I", data, 4092)[0]: find("segment_damaged", "the header is torn", path); continue
        heads.append((path, data, struct.unpack_from(">Q", data, 64)[0]))
    for i, (path, data, _) in enumerate(heads):
        end = min(len(data), heads[i + 1][2]) if i + 1 < len(heads) and heads[i + 1][1][4096:4100] != b"\0\0\0\0" else len(data)
        if struct.unpack_from(">H", data, 10)[0] & 1: unchecked.append("%s is encrypted" % path); continue
        at, commit = 4096, {}
        while at + 24 <= end:
            length, crc, seq, kind = struct.unpack_from(">IIQB", data, at)
            body = data[at + 24:at + 24 + length]
            right = zlib.crc32(data[32:48] + data[at:at + 4] + data[at + 8:at + 24] + body) == crc
            if length and not right: find("segment_damaged", "a frame at byte %d is torn or altered" % at, path)
            if not length or not right: break
            if kind == 1: commit[seq] = read_record(body) + (path,)
            if kind == 3: records.update(commit); commit = {}
            at += 24 + -(-length // 8) * 8
    return records
def read_record(body):
    first = at = 2 + struct.unpack_from(">H", body)[0]; parts = {}
    while at < len(body):
        end = at + 37 + struct.unpack_from(">I", body, at + 33)[0]
        parts[body[at]] = (body[at + 1:at + 33], body[at + 37:end]); at = end
    return body[2:first], parts
def check_payload(folder, entries):
    counts, records, gone = dict.fromkeys(("verified", "erased", "missing", "altered", "unchecked"), 0), segments(folder), {}
    first = min(records, default=len(entries))
    if first > 0 and (folder / "payload").exists(): unchecked.append("records 0 to %d are in packs, which are compressed" % (first - 1))
    for seq, (entry, parts, path) in records.items():
        if not (0x70 <= entry[1] < 0x75 and seq < len(entries) and 1 in parts and opens(entries[seq], 1, *parts[1])): continue
        stone = json.loads(parts[1][1]).get("tombstone", {})
        if stone.get("approver", 0) == stone.get("requester"): find("tombstone_invalid", "requester and approver are one", path, seq); continue
        for one in (one for low, high in stone["ranges"] for one in range(low, min(high, len(entries) - 1) + 1)):
            if stone.get("class") in (None, entries[one][5]): gone.setdefault(one, set()).update(stone["parts"])
    for seq, entry in enumerate(entries):
        check_entry(entry, seq)
        if seq not in records: counts["unchecked" if seq < first and unchecked else "missing"] += 1; continue
        stored, parts, path = records[seq]
        state = "verified" if stored == entry else "altered"
        if stored != entry: find("entry_mismatch", "segment and bundle hold different entries", path, seq)
        for part in expected(entry) if len(entry) >= 152 else ():
            if part in parts and opens(entry, part, *parts[part]): continue
            state = "altered" if part in parts else "erased" if PARTS[part][:3] in gone.get(seq, ()) else "missing"
            if state == "altered": find("payload_altered", "the %s is not what was recorded" % PARTS[part], path, seq)
            if state == "missing": find("payload_missing", "the %s is not there" % PARTS[part], path, seq)
        counts[state] += 1
    if counts["missing"] and not any(f["code"] == "payload_missing" for f in findings): find("payload_missing", "%d records are not there" % counts["missing"], folder)
    return counts, records
def verify(folder, policy, known):
    logs, witnesses, quorum = policy or ([], [], None)
    heads = [head_of(note) for note in notes_in(folder / "checkpoints")]
    if not heads: return find("head_signature", "there is no signed head", folder / "checkpoints")
    newest, origin = heads[-1], heads[-1]["origin"]
    others = [head_of(note) for name in ("witnessed", "checkpoint") for note in notes_in(folder / name)] + known["heads"].get(origin, [])
    entries, leaves = check_tiles(folder, newest["size"])
    counts, records = check_payload(folder, entries)
    keys = [key for key in logs if key["name"] == origin] + known["keys"].get(origin, [])
    if not keys and 0 in records:
        keys = [vkey(key) for key in json.loads(records[0][1][1][1])["log"]["keys"]]
        unchecked.append("the keys of %s are those that it names itself; give --policy" % origin)
    roots, before, witnessed = roots_at(leaves, {head["size"] for head in heads + others}), -1, None
    for i, head in enumerate(heads + others):
        good, bad = signed_by(head, keys)
        if bad or not good: find("head_signature", "a head of size %d is not signed by a key of the log" % head["size"], folder)
        if head["size"] > newest["size"]: find("rolled_back", "a head of size %d is known; here are %d" % (head["size"], newest["size"]), folder)
        elif roots.get(head["size"]) != head["root"]: find("head_conflict", "the tree does not give the root of the head of size %d" % head["size"], folder)
        if i < len(heads) and head["size"] < before: find("head_conflict", "a head is smaller than the one before it", folder)
        before, (cosigned, wrong) = head["size"], signed_by(head, witnesses)
        if wrong: find("head_signature", "a cosignature of the head of size %d is wrong" % head["size"], folder)
        if quorum and quorum(cosigned): witnessed = max(witnessed or 0, head["size"])
    for seq, (entry, parts, _) in sorted(records.items()):
        said = json.loads(parts[1][1]).get("node", {}) if entry[1] in (8, 9) and 1 in parts else {}
        if "keys" in said: known["keys"].setdefault(said["origin"], []).extend(vkey(key) for key in said["keys"])
        if "checkpoint" in said: known["heads"].setdefault(said["origin"], []).append(head_of(said["checkpoint"]))
    return {"origin": origin, "size": newest["size"], "root": base64.b64encode(newest["root"]).decode(), "witnessed": witnessed, "records": counts}
def main(args):
    options = {name: args.pop(args.index(name) + 1) for name in ("--policy", "--head") if name in args}
    paths = [arg for arg in args if not arg.startswith("--")]
    if len(paths) != 1: print(__doc__, file=sys.stderr); return 2
    # Outside in: the log of logs announces keys and heads of the others.
    folders = sorted({path.parent for path in pathlib.Path(paths[0]).glob("**/checkpoints") if path.is_file()}, key=lambda path: (path.parent.name != "all", path))
    if not folders: print("There is no log in %s. A bundle has a program of its own: verify.mjs." % paths[0], file=sys.stderr); return 2
    policy = read_policy(pathlib.Path(options["--policy"])) if "--policy" in options else None
    known, results = {"keys": {}, "heads": {}}, []
    for head in map(head_of, notes_in(pathlib.Path(options["--head"])) if "--head" in options else []): known["heads"].setdefault(head["origin"], []).append(head)
    for folder in folders:
        try: results.append(verify(folder, policy, known))
        except (OSError, ValueError, KeyError, IndexError, TypeError, struct.error) as error: find("unreadable", "%s: %s" % (type(error).__name__, error), folder)
    if "--json" in args: print(json.dumps({"ok": not findings, "logs": results, "findings": findings, "unchecked": unchecked}))
    else:
        if policy and any(key["type"] == 6 for key in policy[0] + policy[1]): unchecked.append("signatures with ML-DSA-44")
        for finding in findings: print("{code}: {what} ({file}, record {seq})".format(**finding))
        for text in unchecked: print("not checked: " + text)
        for result in filter(None, results): print("{origin}: {size} records, root {root}, witnessed {witnessed}, {records}".format(**result))
    return 1 if findings else 0
if __name__ == "__main__": sys.exit(main(sys.argv[1:]))
