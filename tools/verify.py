#!/usr/bin/env python3
"""Verifies a log of Sallyport, or an evidence bundle of it, with nothing but Python:
verify.py DIR [--policy FILE] [--head FILE] [--master-key FILE] [--json]
verify.py BUNDLE.zip [--key KEY] [--policy FILE [--require-quorum]] [--json]
DIR is the data folder, its audit/, or the folder of one log. Shares no code with the gateway; written from docs/audit.md and
the C2SP formats. Needs python3-cryptography; for what is sealed also python3-zstandard, the program zstd, or Python 3.14, and
the master key where it is encrypted. Ends with 0 if nothing was found, 1 if something was, 2 if it cannot tell."""
import base64, json, pathlib, struct, sys, zipfile, zlib
from cryptography.exceptions import InvalidTag
sys.dont_write_bytecode = True  # What checks a log leaves nothing behind.
from verify_base import Gone, PARTS, bundle, check_entry, expected, find, findings, head_of, leaf_of, notes_in, opens, read_policy, roots_at, signed_by, skip, unchecked, vkey
from verify_bundle import verify_bundle
from verify_sealed import Keys, NoKey, open_commit, packed, read_master_key, segment_key

def tile(folder, level, index, width):
    digits = str(index).zfill(-(-len(str(index)) // 3) * 3)
    path = folder / "tile" / str(level) / "/".join(["x" + digits[i:i + 3] for i in range(0, len(digits) - 3, 3)] + [digits[-3:]])
    for one in [path] if width == 256 else [path.parent / (path.name + ".p") / str(width), path]:
        if one.exists(): return one.read_bytes(), one
    return None, path

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
            if data and hashes and leaf_of(entry) != leaf: find("entry_mismatch", "the entry does not hash to its leaf", path, index * 256 + i)
            entries.append(entry); leaves.append(leaf if len(leaf) == 32 else leaf_of(entry))
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

class Records:
    """What was found of each record: its entry, which parts open their commitment, and what the log says of itself."""
    def __init__(self, entries): self.entries, self.stored, self.parts, self.said, self.files = entries, {}, {}, {}, {}
    def add(self, seq, entry, part, salt, content, file):
        right = opens(entry, part, salt, content)
        self.parts.setdefault(seq, {})[part] = right; self.files[seq] = file
        if part == 1 and right and (entry[1] < 0x10 or entry[1] >= 0x70): self.said[seq] = json.loads(content)

def read_segments(folder, keys, records):
    """Records of running segments. What no footer closes was never acknowledged. Returns from where on they cannot be opened."""
    heads, locked = [], float("inf")
    for path in sorted((folder / "wal").glob("*.seg")):
        data = path.read_bytes()
        if data[:8] != b"SLYPSEG1": continue
        if zlib.crc32(data[:4092]) != struct.unpack_from(">I", data, 4092)[0]: find("segment_damaged", "the header is torn", path); continue
        heads.append((path, data, struct.unpack_from(">Q", data, 64)[0]))
    for i, (path, data, _) in enumerate(heads):
        end = min(len(data), heads[i + 1][2]) if i + 1 < len(heads) and heads[i + 1][1][4096:4100] != b"\0\0\0\0" else len(data)
        try: key = segment_key(data, keys) if struct.unpack_from(">H", data, 10)[0] & 1 else None
        except NoKey as why: skip("%s is encrypted, and %s" % (path, why)); locked = min(locked, struct.unpack_from(">Q", data, 24)[0]); continue
        except InvalidTag: find("segment_damaged", "the key in the header was altered", path); continue
        read_frames(data, 4096, end, key, path, records)
    return locked

def read_frames(data, at, end, key, path, records):
    commit = []
    while at + 24 <= end:
        length, crc, seq, kind = struct.unpack_from(">IIQB", data, at)
        body = data[at + 24:at + 24 + length]
        right = zlib.crc32(data[32:48] + data[at:at + 4] + data[at + 8:at + 24] + body) == crc
        if length and not right: find("segment_damaged", "a frame at byte %d is torn or altered" % at, path)
        if not length or not right: break
        if kind == 1: commit.append((seq, body))
        if kind == 2:
            try: commit.extend(sealed_records(key, data, at, body))
            except InvalidTag: find("segment_damaged", "an encrypted commit at byte %d was altered" % at, path); break
        if kind == 3:
            for one, record in commit: add_record(one, record, path, records)
            commit = []
        at += 24 + -(-length // 8) * 8

def sealed_records(key, data, at, body):
    plain, place = open_commit(key, data, at, body), 0
    while place < len(plain):
        length, _, seq, _ = struct.unpack_from(">IIQB", plain, place)
        yield seq, plain[place + 24:place + 24 + length]
        place += 24 + -(-length // 8) * 8

def add_record(seq, body, path, records):
    at = 2 + struct.unpack_from(">H", body)[0]
    records.stored[seq] = body[2:at]; records.parts[seq] = {}; records.files[seq] = path
    while at < len(body):
        end = at + 37 + struct.unpack_from(">I", body, at + 33)[0]
        entry = records.entries[seq] if seq < len(records.entries) else records.stored[seq]
        records.add(seq, entry, body[at], body[at + 1:at + 33], body[at + 37:end], path); at = end

def check_payload(folder, entries, master):
    counts = dict.fromkeys(("verified", "erased", "missing", "altered", "unchecked"), 0)
    keys, records, locked, gone = Keys(folder, master), Records(entries), {}, Gone()
    closed = read_segments(folder, keys, records)
    for seq, part, salt, content, path in packed(folder, keys, locked):
        if seq not in records.stored and seq < len(entries): records.add(seq, entries[seq], part, salt, content, path)
    for why in sorted(set(locked.values())): skip("what is in %d groups of packs: %s" % (sum(one == why for one in locked.values()), why))
    for seq, said in sorted(records.said.items()):
        if seq < len(entries) and 0x70 <= entries[seq][1] < 0x75: gone.add(said.get("tombstone", {}), records.files[seq], seq)
    for seq, entry in enumerate(entries):
        check_entry(entry, seq)
        unseen = seq >= closed or (seq // 256 * 256, int.from_bytes(entry[4:6], "big")) in locked
        counts[state_of(seq, entry, records, gone, unseen)] += 1
    return counts, records

def state_of(seq, entry, records, gone, unseen):
    file, parts, state = records.files.get(seq, ""), records.parts.get(seq, {}), "verified"
    if records.stored.get(seq, entry) != entry: find("entry_mismatch", "segment and bundle hold different entries", file, seq); return "altered"
    for part in sorted(expected(entry)) if len(entry) >= 152 else ():
        if parts.get(part): continue
        if part in parts: state = "altered"; find("payload_altered", "the %s is not what was recorded" % PARTS[part], file, seq)
        elif gone.covers(seq, part, entry[4] << 8 | entry[5]): state = "erased"
        elif unseen: state = "unchecked"
        else: state = "missing"; find("payload_missing", "the %s is not there" % PARTS[part], file, seq)
    return state

def verify(folder, policy, known, master):
    logs, witnesses, quorum = policy or ([], [], None)
    heads = [head_of(note) for note in notes_in(folder / "checkpoints")]
    if not heads: return find("head_signature", "there is no signed head", folder / "checkpoints")
    newest, origin = heads[-1], heads[-1]["origin"]
    others = [head_of(note) for name in ("witnessed", "checkpoint") for note in notes_in(folder / name)] + known["heads"].get(origin, [])
    entries, leaves = check_tiles(folder, newest["size"])
    counts, records = check_payload(folder, entries, master)
    keys = [key for key in logs if key["name"] == origin] + known["keys"].get(origin, [])
    if not keys and 0 in records.said:
        keys = [vkey(key) for key in records.said[0]["log"]["keys"]]
        skip("the keys of %s are those that it names itself; give --policy" % origin)
    announced = [(seq, vkey(said["log"]["key"])) for seq, said in sorted(records.said.items()) if seq < len(entries) and entries[seq][1] == 4]
    roots, before, witnessed = roots_at(leaves, {head["size"] for head in heads + others}), -1, None
    for i, head in enumerate(heads + others):
        good, bad = signed_by(head, keys)
        if bad or not good: find("head_signature", "a head of size %d is not signed by a key of the log" % head["size"], folder)
        if head["size"] > newest["size"]: find("rolled_back", "a head of size %d is known; here are %d" % (head["size"], newest["size"]), folder)
        elif roots.get(head["size"]) != head["root"]: find("head_conflict", "the tree does not give the root of the head of size %d" % head["size"], folder)
        elif good and not bad: keys = keys + [key for seq, key in announced if seq < head["size"] and key not in keys]
        if i < len(heads) and head["size"] < before: find("head_conflict", "a head is smaller than the one before it", folder)
        before, (cosigned, wrong) = head["size"], signed_by(head, witnesses)
        if wrong: find("head_signature", "a cosignature of the head of size %d is wrong" % head["size"], folder)
        if quorum and quorum(cosigned): witnessed = max(witnessed or 0, head["size"])
    for seq, said in sorted(records.said.items()):
        said = said.get("node", {}) if seq < len(entries) and entries[seq][1] in (8, 9) else {}
        if "keys" in said: known["keys"].setdefault(said["origin"], []).extend(vkey(key) for key in said["keys"])
        if "checkpoint" in said: known["heads"].setdefault(said["origin"], []).append(head_of(said["checkpoint"]))
    return {"origin": origin, "size": newest["size"], "root": base64.b64encode(newest["root"]).decode(), "witnessed": witnessed, "records": counts}

def main(args):
    options = {name: args.pop(args.index(name) + 1) for name in ("--policy", "--head", "--key", "--master-key") if name in args}
    paths = [pathlib.Path(arg) for arg in args if not arg.startswith("--")]
    if len(paths) != 1: print(__doc__, file=sys.stderr); return 2
    try:
        policy = read_policy(pathlib.Path(options["--policy"])) if "--policy" in options else None
        master = read_master_key(options["--master-key"]) if "--master-key" in options else None
        results = check_bundle(paths[0], options, policy, args) if paths[0].is_file() else check_logs(paths[0], options, policy, master)
    except (OSError, ValueError, KeyError, IndexError) as error: print("%s: %s" % (type(error).__name__, error), file=sys.stderr); return 2
    if "--json" in args: print(json.dumps({"ok": not findings, "logs": results, "findings": findings, "unchecked": unchecked}))
    else:
        for finding in findings: print("{code}: {what} ({file}, record {seq})".format(**finding))
        for text in unchecked: print("not checked: " + text)
        for result in filter(None, results): print("{origin}: {size} records, witnessed {witnessed}, {records}".format(**result))
        print("Verified." if not findings else "NOT verified.")
    return 1 if findings else 0

def check_bundle(path, options, policy, args):
    try: return [verify_bundle(path, options.get("--key"), policy, "--require-quorum" in args)]
    except (ValueError, KeyError, IndexError, TypeError, struct.error, zipfile.BadZipFile) as error: find("unreadable", "%s: %s" % (type(error).__name__, error), path)
    return [None]

def check_logs(path, options, policy, master):
    # Outside in: the log of logs announces keys and heads of the others.
    folders = sorted({one.parent for one in path.glob("**/checkpoints") if one.is_file()}, key=lambda one: (one.parent.name != "all", one))
    if not folders: raise ValueError("there is no log in %s" % path)
    known, results = {"keys": {}, "heads": {}}, []
    for head in map(head_of, notes_in(pathlib.Path(options["--head"])) if "--head" in options else []): known["heads"].setdefault(head["origin"], []).append(head)
    for folder in folders:
        try: results.append(verify(folder, policy, known, master))
        except (OSError, ValueError, KeyError, IndexError, TypeError, struct.error) as error: results.append(None); find("unreadable", "%s: %s" % (type(error).__name__, error), folder)
    return results

if __name__ == "__main__": sys.exit(main(sys.argv[1:]))
