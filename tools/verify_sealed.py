"""Opens what is sealed or encrypted: packs, and running segments under a key; part of verify.py."""
import base64, pathlib, shutil, sqlite3, struct, subprocess, urllib.parse, zlib
from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from verify_base import find, skip

DICTIONARY = pathlib.Path(__file__).parent / "pack-dictionary-1"
ROW = "SELECT k.session, k.wrapped, m.id, m.class, m.month, m.wrapped FROM audit_key k JOIN audit_month_key m ON m.id = k.month_key WHERE k.id = ?"

class NoKey(Exception): pass

def read_master_key(path):
    text = pathlib.Path(path).read_text("ascii").strip()
    raw = bytes.fromhex(text) if len(text) == 64 else base64.b64decode(text.replace("-", "+").replace("_", "/") + "=" * (-len(text) % 4))
    if len(raw) != 32: raise ValueError("%s holds no master key" % path)
    return AESGCM(raw)

def unwrap(under, wrapped, key_id, purpose):
    """nonce, key and tag; bound to its id and to what it is for."""
    return AESGCM(under.decrypt(wrapped[:12], wrapped[12:], b"sallyport/wrap/v1\0" + key_id + purpose.encode()))

class Keys:
    """Those in control.db under the master key. Without either nothing encrypted can be opened, and that is said."""
    def __init__(self, folder, master):
        path = next((parent / "control.db" for parent in folder.resolve().parents if (parent / "control.db").exists()), None)
        self.master, self.known = master, {}
        self.rows = path and sqlite3.connect("file:%s?mode=ro" % urllib.parse.quote(str(path)), uri=True)
    def find(self, key_id):
        if self.master is None: raise NoKey("no --master-key was given")
        if key_id not in self.known: self.known[key_id] = self.open(key_id)
        if self.known[key_id] is None: raise NoKey("its key is not in control.db any more, or never was")
        return self.known[key_id]
    def open(self, key_id):
        row = self.rows and self.rows.execute(ROW, (key_id,)).fetchone()
        if not row: return None
        session, wrapped, month_id, retention, month, month_wrapped = row
        try:
            above = unwrap(self.master, month_wrapped, month_id, "month/%d/%s" % (retention, month))
            return unwrap(above, wrapped, key_id, "group/%d/%s/%s" % (retention, month, session.hex()))
        except InvalidTag: raise NoKey("the master key is another one") from None

def segment_key(data, keys):
    """Of an encrypted segment, by its header."""
    salt, key_id = data[32:48], data[72:88]
    return unwrap(keys.find(key_id), data[88:148], key_id, "segment/" + salt.hex())

def open_commit(key, data, at, body):
    """The frames of records in a sealed commit; it opens in its own place only."""
    return key.decrypt(b"\0\0\0\0" + data[at + 8:at + 16], body, b"sallyport/frame/v1\0" + data[32:48] + data[at + 8:at + 24])

def packed(folder, keys, locked):
    """Yields (seq, part, salt, content, file) of all packs; what cannot be opened is noted in `locked` as (block, class)."""
    for path in sorted((folder / "payload").glob("*/*/*.pack")):
        data = path.read_bytes()
        if data[:8] != b"SLYPPAK1" or data[-8:] != b"SLYPPAK1": find("segment_damaged", "this is no pack", path); continue
        _, _, retention, _, _, blocks, length = struct.unpack_from(">HHHHIIB", data, 8)
        origin, at = data[25:25 + length], 25 + length
        for _ in range(blocks):
            first, _, groups, size, crc = struct.unpack_from(">QHHII", data, at)
            body = data[at + 20:at + 20 + size]
            if zlib.crc32(data[at:at + 16] + body) != crc: find("payload_altered", "a block at byte %d is altered" % at, path, first); break
            yield from block(body, groups, (origin, first, retention), path, keys, locked)
            at += 20 + size

def block(body, groups, place, path, keys, locked):
    origin, first, retention = place
    at = 0
    for _ in range(groups):
        key_id, nonce, size = body[at:at + 16], body[at + 16:at + 28], struct.unpack_from(">I", body, at + 28)[0]
        data = body[at + 32:at + 32 + size]; at += 32 + size
        try:
            if any(key_id): data = keys.find(key_id).decrypt(nonce, data, b"sallyport/group/v1\0" + origin + struct.pack(">Q", first) + key_id)
            plain = unzstd(data)
        except NoKey as why: locked[(first, retention)] = str(why); continue
        except InvalidTag: find("payload_altered", "a group of records does not open", path, first); continue
        next_part = 0
        while next_part < len(plain):
            end = next_part + 38 + struct.unpack_from(">I", plain, next_part + 34)[0]
            yield first + plain[next_part], plain[next_part + 1], plain[next_part + 2:next_part + 34], plain[next_part + 38:end], path
            next_part = end

def unzstd(data):
    """The first byte says with which dictionary; by whatever this machine has that knows zstd."""
    dictionary = DICTIONARY if data[0] == 1 else None
    try:
        from compression import zstd
        return zstd.decompress(data[1:], dictionary and zstd.ZstdDict(dictionary.read_bytes(), is_raw=True))
    except ImportError: pass
    try:
        import zstandard
        given = dictionary and zstandard.ZstdCompressionDict(dictionary.read_bytes(), dict_type=zstandard.DICT_TYPE_RAWCONTENT)
        return zstandard.ZstdDecompressor(dict_data=given).decompressobj().decompress(data[1:])
    except ImportError: pass
    if shutil.which("zstd") is None: raise NoKey("neither python3-zstandard nor the program zstd is here")
    done = subprocess.run(["zstd", "-dcq"] + (["-D", str(dictionary)] if dictionary else []), input=data[1:], capture_output=True)
    if done.returncode != 0: raise InvalidTag()
    return done.stdout
