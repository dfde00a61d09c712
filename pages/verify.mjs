// Checks an evidence bundle of Sallyport, offline, with nothing but Node: node verify.mjs BUNDLE.zip --key KEY
// KEY is the verifier key of the log, from whoever you trust, not from the bundle. --find TEXT looks for a value in what is shown.
import { Buffer } from 'node:buffer'
import { createHash, createPublicKey, verify } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { inflateRawSync } from 'node:zlib'

const findings = []
const find = (what) => findings.push(what)
const sha256 = (...parts) => createHash('sha256').update(Buffer.concat(parts)).digest()
const leafOf = (entry) => sha256(Buffer.of(0), entry)
const nodeOf = (left, right) => sha256(Buffer.of(1), left, right)
const base64 = (text) => Buffer.from(text, 'base64')

const [file, ...options] = process.argv.slice(2)
if (file === undefined) stop('Say: node verify.mjs BUNDLE.zip --key KEY [--find TEXT]')
const files = unzip(readFileSync(file))
const manifest = JSON.parse(need('manifest.json'))
const entries = split(need('entries.bin'))
const leaves = entries.map(leafOf)
checkFiles()
const head = checkHead(need('checkpoints/head.txt').toString('utf8'))
checkEntries()
checkRange()
const shown = checkParts()
const tombstones = checkTombstones()
checkGone()
report()

function stop(text) {
  process.stderr.write(`${text}\n`)
  process.exit(2)
}

function need(name) {
  const bytes = files.get(name)
  return bytes ?? stop(`${file} is no evidence bundle: ${name} is not in it.`)
}

function option(name) {
  const at = options.indexOf(name)
  return at === -1 ? undefined : options[at + 1]
}

/** Every file is the one that the manifest lists, and no other is there. */
function checkFiles() {
  for (const [name, hash] of Object.entries(manifest.files))
    if (!files.has(name)) find(`${name} is not in the bundle`)
    else if (sha256(files.get(name)).toString('hex') !== hash) find(`${name} was changed`)
  for (const name of files.keys())
    if (name !== 'manifest.json' && manifest.files[name] === undefined) find(`${name} is not in the manifest`)
}

/** C2SP signed-note and tlog-checkpoint, Ed25519. */
function checkHead(note) {
  const cut = note.indexOf('\n\n') + 1
  const [origin, size, root] = note.slice(0, cut).split('\n')
  const given = option('--key')
  const key = given ?? /^log (\S+)/m.exec(need('policy.txt').toString('utf8'))?.[1]
  if (given === undefined) find('no --key was given: the key in the bundle proves nothing about who signed')
  const [, name, id, typed] = /^([^+]+)\+([0-9a-f]{8})\+(.+)$/.exec(key ?? '') ?? stop('The key is no verifier key.')
  if (!isSigned(note, cut, { name, id, raw: base64(typed) })) find('the head is not signed by that key')
  if (name !== origin || origin !== manifest.origin) find('the head is that of another log')
  return { size: Number(size), root: base64(root) }
}

function isSigned(note, cut, { name, id, raw }) {
  const expected = sha256(Buffer.from(`${name}\n`), raw)
    .subarray(0, 4)
    .toString('hex')
  if (raw[0] !== 1 || raw.length !== 33 || expected !== id) return false
  const der = Buffer.concat([Buffer.from('302a300506032b6570032100', 'hex'), raw.subarray(1)])
  const key = createPublicKey({ key: der, format: 'der', type: 'spki' })
  const ours = note
    .slice(cut + 1)
    .split('\n')
    .filter((one) => one.startsWith(`— ${name} `))
  const signatures = ours
    .map((one) => base64(one.split(' ')[2]))
    .filter((one) => one.subarray(0, 4).toString('hex') === id)
  return signatures.some((one) => verify(null, Buffer.from(note.slice(0, cut)), key, one.subarray(4)))
}

function checkEntries() {
  const { first, last } = manifest.range
  if (entries.length !== last - first + 1) find(`there are ${entries.length} entries, not ${last - first + 1}`)
  for (const [i, entry] of entries.entries()) {
    const right = entry[0] === 1 && entry.readUInt16BE(6) === 0 && [152, 184].includes(entry.length)
    if (!right || Number(entry.readBigUInt64BE(8)) !== first + i)
      find(`entry ${first + i} is not one, or stands elsewhere`)
  }
}

/** The leaves, and the hashes beside them, give the signed root: none is missing, altered, added or moved. */
function checkRange() {
  const [kind, numbers = '', ...hashes] = need('proofs/range.txt').toString('utf8').trimEnd().split('\n')
  const [from, count, size] = numbers.split(' ').map(Number)
  const rest = hashes.map(base64)
  const rootOf = (a, b) => {
    if (b <= from || a >= from + count) return rest.shift() ?? Buffer.alloc(32)
    if (b - a === 1) return leaves[a - from] ?? Buffer.alloc(32)
    let k = 1
    while (k * 2 < b - a) k *= 2
    return nodeOf(rootOf(a, a + k), rootOf(a + k, b))
  }
  const fits =
    kind === 'sallyport/range-proof/v1' &&
    from === manifest.range.first &&
    size === head.size &&
    count === entries.length
  if (!fits || !rootOf(0, size).equals(head.root) || rest.length > 0)
    find('the entries are not those of the signed tree')
}

function opens(entry, { part, salt, bytes }) {
  const number = { envelope: 1, request: 2, response: 3 }[part]
  const length = Buffer.alloc(8)
  length.writeBigUInt64BE(BigInt(bytes.length))
  const commitment = sha256(Buffer.from('sallyport/commit/v1\0'), Buffer.of(number), salt, length, bytes)
  return commitment.equals(entry.subarray(56 + 32 * (number - 1), 88 + 32 * (number - 1)))
}

/** What is shown is what was recorded. */
function checkParts() {
  const found = new Map()
  for (const [name, bytes] of files) {
    if (!name.startsWith('payload/')) continue
    for (const line of bytes
      .toString('utf8')
      .split('\n')
      .filter((one) => one !== '')) {
      const { seq, part, ...rest } = JSON.parse(line)
      const one = { part, salt: base64(rest.salt), bytes: base64(rest.bytes) }
      const entry = entries[seq - manifest.range.first]
      if (entry === undefined || !opens(entry, one)) find(`the ${part} of record ${seq} is not what was recorded`)
      found.set(`${seq} ${part}`, one.bytes)
    }
  }
  return found
}

/** Each is in the same tree, and its text is the recorded one. */
function checkTombstones() {
  return JSON.parse(need('tombstones.json')).tombstones.flatMap(({ seq, envelope }) => {
    const proof = need(`proofs/tombstone-${seq}.tlog-proof`).toString('utf8').split('\n\n')[0].split('\n')
    const entry = base64(proof[1].slice('extra '.length))
    const proven = inTree(leafOf(entry), seq, proof.slice(3).map(base64)) && Number(entry.readBigUInt64BE(8)) === seq
    const one = envelope && { part: 'envelope', salt: base64(envelope.salt), bytes: base64(envelope.bytes) }
    if (proven && one && opens(entry, one)) return [JSON.parse(one.bytes.toString('utf8')).tombstone ?? {}]
    find(`the tombstone in record ${seq} is not proven`)
    return []
  })
}

/** RFC 9162, 2.1.3.2. */
function inTree(leaf, index, proof) {
  let [fn, sn, hash] = [index, head.size - 1, leaf]
  for (const sibling of proof) {
    if (sn === 0) return false
    if (fn % 2 === 1 || fn === sn) {
      hash = nodeOf(sibling, hash)
      while (fn % 2 === 0 && fn !== 0) [fn, sn] = [Math.floor(fn / 2), Math.floor(sn / 2)]
    } else hash = nodeOf(hash, sibling)
    ;[fn, sn] = [Math.floor(fn / 2), Math.floor(sn / 2)]
  }
  return sn === 0 && hash.equals(head.root)
}

/** Of each selected record every part is shown, or a proven tombstone says why not. */
function checkGone() {
  for (const seq of manifest.selected) {
    const entry = entries[seq - manifest.range.first]
    const flags = entry?.readUInt16BE(2) ?? 0
    const expected = [
      'envelope',
      ...(flags & 8 ? [] : [...(flags & 2 ? ['request'] : []), ...(flags & 4 ? ['response'] : [])]),
    ]
    for (const part of expected)
      if (!shown.has(`${seq} ${part}`) && !isCovered(seq, part))
        find(`the ${part} of record ${seq} is missing, and no tombstone covers it`)
  }
}

function isCovered(seq, part) {
  const short = { envelope: 'env', request: 'req', response: 'res' }[part]
  const retention = entries[seq - manifest.range.first].readUInt16BE(4)
  return tombstones.some(
    ({ class: only, parts = [], ranges = [] }) =>
      parts.includes(short) &&
      (only === undefined || only === retention) &&
      ranges.some(([first, last]) => seq >= first && seq <= last),
  )
}

function report() {
  const wanted = option('--find')
  const places =
    wanted === undefined ? [] : [...shown].filter(([, bytes]) => bytes.includes(wanted)).map(([place]) => place)
  for (const what of findings) process.stdout.write(`FINDING: ${what}\n`)
  if (wanted !== undefined)
    process.stdout.write(
      places.length === 0
        ? 'The value stands nowhere in what is shown.\n'
        : `The value stands in: ${places.join(', ')}\n`,
    )
  const { first, last } = manifest.range
  const says = findings.length === 0 ? 'Verified' : 'NOT verified'
  process.stdout.write(
    `${says}: records ${first} to ${last} of ${manifest.origin}, all of them, below the head of size ${head.size}; ${shown.size} parts shown, ${tombstones.length} tombstones.\n`,
  )
  process.exit(findings.length === 0 ? 0 : 1)
}

function split(bundle) {
  const found = []
  for (let at = 0; at + 2 <= bundle.length;) {
    const end = at + 2 + bundle.readUInt16BE(at)
    found.push(bundle.subarray(at + 2, end))
    at = end
  }
  return found
}

/** The files of a zip, by its central directory; stored or deflated. */
function unzip(zip) {
  const end = zip.lastIndexOf(Buffer.from('504b0506', 'hex'))
  if (end === -1) stop(`${file} is no zip.`)
  const found = new Map()
  let at = zip.readUInt32LE(end + 16)
  for (let left = zip.readUInt16LE(end + 10); left > 0; left -= 1) {
    const [method, packed, nameLength, extra, comment, local] = [
      zip.readUInt16LE(at + 10),
      zip.readUInt32LE(at + 20),
      zip.readUInt16LE(at + 28),
      zip.readUInt16LE(at + 30),
      zip.readUInt16LE(at + 32),
      zip.readUInt32LE(at + 42),
    ]
    const name = zip.subarray(at + 46, at + 46 + nameLength).toString('utf8')
    const start = local + 30 + zip.readUInt16LE(local + 26) + zip.readUInt16LE(local + 28)
    const data = zip.subarray(start, start + packed)
    if (found.has(name)) stop(`${name} is in the bundle twice.`)
    found.set(name, method === 0 ? data : inflateRawSync(data))
    at += 46 + nameLength + extra + comment
  }
  return found
}
