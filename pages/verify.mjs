// Checks an evidence bundle of Sallyport, offline, with nothing but Node: node verify.mjs BUNDLE.zip --key KEY
// KEY is the verifier key of the log, from whoever you trust, not from the bundle. --policy FILE is a trust policy instead or
// besides: it may name the log of logs alone, and says whose cosignatures are enough; with --require-quorum what they have not
// seen is a finding. --find TEXT looks for a value in what is shown.
import { Buffer } from 'node:buffer'
import { readFileSync } from 'node:fs'
import {
  base64,
  isGrownFrom,
  isIncluded,
  judge,
  leafOf,
  nodeOf,
  readHead,
  readKey,
  readPolicy,
  readProof,
  sha256,
  signersOf,
} from './verify-trust.mjs'
import { split, unzip } from './verify-zip.mjs'

const NO_KEY = 'no --key was given: the key in the bundle proves nothing about who signed'
const findings = []
const find = (what) => findings.push(what)
const [file, ...options] = process.argv.slice(2)
if (file === undefined)
  stop('Say: node verify.mjs BUNDLE.zip --key KEY [--policy FILE [--require-quorum]] [--find TEXT]')
const files = unzip(readFileSync(file)) ?? stop(`${file} is no bundle: it is no zip, or holds a file twice.`)
const manifest = JSON.parse(need('manifest.json'))
const entries = split(need('entries.bin'))
const leaves = entries.map(leafOf)
checkFiles()
const policy = readTrust()
const outer = checkOuter()
const head = checkHead(readHead(textOf('checkpoints/head.txt')))
const witnessed = checkWitnessed()
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

function textOf(name) {
  return need(name).toString('utf8')
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

function readTrust() {
  const path = option('--policy')
  try {
    return path === undefined ? undefined : readPolicy(readFileSync(path, 'utf8'))
  } catch (error) {
    return stop(error.message)
  }
}

/**
 * The log of logs, which is what witnesses see: which keys it says that this log has, and which head of it it holds. Undefined
 * where a policy does not name it, or the bundle does not hold it.
 */
function checkOuter() {
  if (!files.has('checkpoints/all.txt')) return undefined
  const all = readHead(textOf('checkpoints/all.txt'))
  const logs = policy?.logs.filter(({ name }) => name === all.origin) ?? []
  if (logs.length === 0) return undefined
  const { right, wrong } = signersOf(all, logs)
  if (right.length === 0 || wrong.length > 0) find('the head of the log of logs is not signed by the key in the policy')
  const said = JSON.parse(need('log-of-logs.json'))
  const joined = saidBy(said.join, 'proofs/join.tlog-proof', { kind: 9, all })
  const handedIn = saidBy(said.handed_in, 'proofs/handed-in.tlog-proof', { kind: 8, all })
  return { all, keys: (joined?.keys ?? []).flatMap((key) => readKey(key) ?? []), handedIn }
}

/** What a record of the log of logs says of this log, once its place and its text are proven. */
function saidBy(opened, name, { kind, all }) {
  const { entry, index, proof } = readProof(textOf(name))
  const one = { part: 'envelope', salt: base64(opened.salt), bytes: base64(opened.bytes) }
  const proven = isIncluded(leafOf(entry), index, proof, all) && opens(entry, one) && entry[1] === kind
  const said = proven ? JSON.parse(one.bytes.toString('utf8')).node : undefined
  if (said?.origin === manifest.origin) return said
  find(`${name} is not proven by the head of the log of logs`)
  return undefined
}

/** The head of the log itself, by a key from outside: given, in the policy, or announced by the log of logs of the policy. */
function checkHead(signed) {
  const { right, wrong } = signersOf(signed, keysFor(signed))
  if (right.length === 0 || wrong.length > 0) find('the head is not signed by that key')
  if (signed.origin !== manifest.origin) find('the head is that of another log')
  return signed
}

function keysFor({ origin }) {
  const given = option('--key')
  const key = given === undefined ? undefined : (readKey(given) ?? stop('The key is no verifier key.'))
  if (key !== undefined && key.name !== origin) find('the key is that of another log')
  const keys = [key, ...(policy?.logs ?? []), ...(outer?.keys ?? [])].filter((one) => one?.name === origin)
  if (keys.length > 0 || key !== undefined) return keys
  find(
    policy === undefined
      ? NO_KEY
      : 'neither the policy nor the log of logs that it names says which key is that of the log',
  )
  return [...textOf('policy.txt').matchAll(/^log (\S+)/gm)].flatMap(([, hint]) => readKey(hint) ?? [])
}

/** How many records a quorum of the policy has seen: of this log's own head, or of the one that the log of logs holds. */
function checkWitnessed() {
  if (policy === undefined) return undefined
  const own = judged(head)
  if (own.enough) return { ...own, size: head.size }
  if (outer?.handedIn === undefined) return own
  const seen = readHead(outer.handedIn.checkpoint)
  const [, , ...proof] = textOf('proofs/consistency.txt').trimEnd().split('\n')
  const grown = seen.origin === head.origin && isGrownFrom(seen, proof.map(base64), head)
  if (!grown) find('the log is not the one whose head the log of logs holds')
  return { ...judged(outer.all), size: grown ? seen.size : 0 }
}

function judged(one) {
  const verdict = judge(one, policy)
  for (const key of verdict.wrong) find(`the cosignature of ${String(key.name)} is wrong`)
  return verdict
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
    const { entry, index, proof } = readProof(textOf(`proofs/tombstone-${seq}.tlog-proof`))
    const proven =
      index === seq && isIncluded(leafOf(entry), seq, proof, head) && Number(entry.readBigUInt64BE(8)) === seq
    const one = envelope && { part: 'envelope', salt: base64(envelope.salt), bytes: base64(envelope.bytes) }
    if (proven && one && opens(entry, one)) return [JSON.parse(one.bytes.toString('utf8')).tombstone ?? {}]
    find(`the tombstone in record ${seq} is not proven`)
    return []
  })
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

/** Undefined where no policy was given, which says who the witnesses are. */
function witnessedWords() {
  if (witnessed === undefined) return undefined
  const { first, last } = manifest.range
  const { by, enough, seconds, size = 0 } = witnessed
  const upTo = enough ? Math.min(size - 1, last) : -1
  if (upTo < last && options.includes('--require-quorum'))
    find(`a quorum of witnesses has not seen records ${Math.max(first, upTo + 1)} to ${last}`)
  if (upTo < first) return 'Not witnessed: no quorum of the policy has seen a head above these records.'
  const at = by.length === 0 ? 'nobody, as the policy asks for nobody' : `${by.join(', ')} at ${iso(seconds)}`
  return `Witnessed: records ${first} to ${upTo}, by ${at}.${upTo < last ? ` Records ${upTo + 1} to ${last} are not yet.` : ''}`
}

function iso(seconds) {
  return new Date(seconds * 1000).toISOString().slice(0, 19).concat('Z')
}

function report() {
  const witnesses = witnessedWords()
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
  if (witnesses !== undefined) process.stdout.write(`${witnesses}\n`)
  process.exit(findings.length === 0 ? 0 : 1)
}
