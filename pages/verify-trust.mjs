// Keys, signed heads and trust policies (C2SP signed-note, tlog-checkpoint, tlog-cosignature, tlog-policy), and how trees grow.
// Part of verify.mjs: in a bundle both are one file.
import { Buffer } from 'node:buffer'
import { createHash, createPublicKey, verify } from 'node:crypto'

export const sha256 = (...parts) => createHash('sha256').update(Buffer.concat(parts)).digest()
export const leafOf = (entry) => sha256(Buffer.of(0), entry)
export const nodeOf = (left, right) => sha256(Buffer.of(1), left, right)
export const base64 = (text) => Buffer.from(text, 'base64')

const [NOTE, COSIGNATURE, ML_DSA] = [1, 4, 6]
/** What stands before a raw public key in DER, how long that is, and how long a signature. */
const KEY_TYPES = {
  [NOTE]: { der: '302a300506032b6570032100', key: 32, signature: 64 },
  [COSIGNATURE]: { der: '302a300506032b6570032100', key: 32, signature: 72 },
  [ML_DSA]: { der: '30820532300b06096086480165030403110382052100', key: 1312, signature: 2428 },
}

/** A verifier key, `name+id+base64`; undefined for what is none. */
export function readKey(text) {
  const [, name, id, typed = ''] = /^([^+\s]+)\+([0-9a-f]{8})\+(\S+)$/.exec(text) ?? []
  const raw = base64(typed)
  const known = KEY_TYPES[raw[0]]
  if (name === undefined || known === undefined || raw.length !== 1 + known.key) return undefined
  const expected = sha256(Buffer.from(`${name}\n`), raw).toString('hex', 0, 4)
  return expected === id ? { name, id, type: raw[0], raw: raw.subarray(1) } : undefined
}

export function readHead(note) {
  const cut = note.indexOf('\n\n') + 1
  const [origin, size, root = ''] = note.slice(0, cut).split('\n')
  const signed = note
    .slice(cut + 1)
    .split('\n')
    .filter((line) => line.startsWith('— '))
    .map((line) => line.split(' '))
  const lines = signed.map(([, name, sig = '']) => ({ name, bytes: base64(sig) }))
  return { text: note.slice(0, cut), origin, size: Number(size), root: base64(root), lines }
}

/** C2SP tlog-proof, with the entry in its extra line. */
export function readProof(text) {
  const [, extra = '', index = '', ...proof] = text.split('\n\n')[0].split('\n')
  const entry = base64(extra.slice('extra '.length))
  return { entry, index: Number(index.slice('index '.length)), proof: proof.map(base64) }
}

/** Keys of the list that signed the head, with the time where there is one, and those whose signature is wrong. */
export function signersOf(head, keys) {
  const [right, wrong] = [[], []]
  for (const { name, bytes } of head.lines) {
    const key = keys.find((one) => one.name === name && one.id === bytes.toString('hex', 0, 4))
    if (key === undefined) continue
    const signature = bytes.subarray(4)
    const seconds = key.type === NOTE || signature.length < 8 ? undefined : Number(signature.readBigUInt64BE(0))
    if (isSigned(head, key, { signature, seconds })) right.push({ key, seconds })
    else wrong.push(key)
  }
  return { right, wrong }
}

function isSigned(head, { name, type, raw }, { signature, seconds }) {
  const { der, signature: length } = KEY_TYPES[type]
  if (signature.length !== length || seconds === 0) return false
  const key = createPublicKey({ key: Buffer.concat([Buffer.from(der, 'hex'), raw]), format: 'der', type: 'spki' })
  const message = {
    [NOTE]: () => Buffer.from(head.text),
    [COSIGNATURE]: () => Buffer.from(`cosignature/v1\ntime ${seconds}\n${head.text}`),
    [ML_DSA]: () => subtree(head, name, seconds),
  }[type]()
  return verify(null, message, key, type === NOTE ? signature : signature.subarray(8))
}

/** C2SP tlog-cosignature: a subtree that begins at 0, so the whole tree. */
function subtree({ origin, root, size }, name, seconds) {
  const parts = [...named(name), uint64(seconds), ...named(origin), uint64(0), uint64(size), root]
  return Buffer.concat([Buffer.from('subtree/v1\n\0'), ...parts])
}

function uint64(value) {
  const bytes = Buffer.alloc(8)
  bytes.writeBigUInt64BE(BigInt(value))
  return bytes
}

function named(text) {
  return [Buffer.of(Buffer.byteLength(text)), Buffer.from(text)]
}

/** Logs, witnesses, and whether these names of witnesses are enough. Throws an Error that says which line is wrong. */
export function readPolicy(text) {
  const read = {
    logs: [],
    witnesses: [],
    members: new Map([['none', () => true]]),
    placed: new Set(),
    isQuorum: undefined,
  }
  for (const [i, line] of text.split('\n').entries()) {
    const [word, ...rest] = line.split(/[ \t]+/).filter(Boolean)
    if (word === undefined || word.startsWith('#')) continue
    const wrong = Object.hasOwn(POLICY_LINES, word) ? POLICY_LINES[word](read, ...rest) : 'it is no line of a policy'
    if (typeof wrong === 'string') throw new Error(`Line ${i + 1} of the trust policy: ${wrong}.`)
  }
  if (read.isQuorum === undefined) throw new Error('The trust policy has no quorum line.')
  return read
}

/** Each takes its line in, or says what is wrong with it. */
const POLICY_LINES = {
  log: ({ logs }, text = '') => {
    const key = readKey(text)
    return key === undefined ? 'the key is no verifier key' : logs.push(key)
  },
  witness: ({ members, witnesses }, name, text = '') => {
    const key = readKey(text)
    if (key === undefined || key.type === NOTE) return 'the key is not that of a witness'
    if (members.has(name) || witnesses.some((one) => one.key.raw.equals(key.raw)))
      return 'the witness stands there twice'
    members.set(name, (names) => names.has(name))
    return witnesses.push({ name, key })
  },
  group: ({ members, placed }, name, threshold, ...names) => {
    const least = { any: 1, all: names.length }[threshold] ?? Number(threshold)
    const free = names.filter((one) => one !== 'none' && members.has(one) && !placed.has(one))
    if (members.has(name) || free.length < names.length || new Set(names).size < names.length)
      return 'the name is taken, or a member is not defined above, or is in a group already'
    if (!(Number.isInteger(least) && least >= 1 && least <= names.length)) return 'so many are not in the group'
    for (const one of names) placed.add(one)
    const of = names.map((one) => members.get(one))
    return members.set(name, (found) => of.filter((isEnough) => isEnough(found)).length >= least)
  },
  quorum: (read, name) => {
    if (read.isQuorum !== undefined || !read.members.has(name))
      return 'there is another one, or it is not defined above'
    read.isQuorum = read.members.get(name)
    return undefined
  },
}

/** Who of the policy cosigned a head, and whether they are enough. */
export function judge(head, { witnesses, isQuorum }) {
  const { right, wrong } = signersOf(
    head,
    witnesses.map(({ key }) => key),
  )
  const by = witnesses.filter(({ key }) => right.some((one) => one.key === key)).map(({ name }) => name)
  const seconds = Math.max(0, ...right.map((one) => one.seconds ?? 0))
  return { by, seconds, wrong, enough: isQuorum(new Set(by)) }
}

/** RFC 9162, 2.1.3.2: the leaf is at that place below the head. */
export function isIncluded(leaf, index, proof, head) {
  let hash = leaf
  const reached = climb([index, head.size - 1], proof, {
    left: (sibling) => (hash = nodeOf(sibling, hash)),
    right: (sibling) => (hash = nodeOf(hash, sibling)),
  })
  return index < head.size && reached && hash.equals(head.root)
}

/** RFC 9162, 2.1.4.2: what was below the old head is below the new one, as it was. */
export function isGrownFrom(old, proof, head) {
  if (!(old.size >= 1 && old.size <= head.size)) return false
  if (old.size === head.size) return proof.length === 0 && old.root.equals(head.root)
  const whole = 2 ** Math.round(Math.log2(old.size)) === old.size
  const [first, ...rest] = whole ? [old.root, ...proof] : proof
  if (first === undefined) return false
  let [fn, sn, before, now] = [old.size - 1, head.size - 1, first, first]
  while (fn % 2 === 1) [fn, sn] = [Math.floor(fn / 2), Math.floor(sn / 2)]
  const reached = climb([fn, sn], rest, {
    left: (sibling) => ([before, now] = [nodeOf(sibling, before), nodeOf(sibling, now)]),
    right: (sibling) => (now = nodeOf(now, sibling)),
  })
  return reached && before.equals(old.root) && now.equals(head.root)
}

function climb([index, last], proof, join) {
  let [fn, sn] = [index, last]
  for (const sibling of proof) {
    if (sn === 0) return false
    if (fn % 2 === 1 || fn === sn) {
      join.left(sibling)
      while (fn % 2 === 0 && fn !== 0) [fn, sn] = [Math.floor(fn / 2), Math.floor(sn / 2)]
    } else join.right(sibling)
    ;[fn, sn] = [Math.floor(fn / 2), Math.floor(sn / 2)]
  }
  return sn === 0
}
