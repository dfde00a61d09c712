import { Buffer } from 'node:buffer'
import { createHash, verify, X509Certificate } from 'node:crypto'
import { ASN1Obj } from '@sigstore/core'
import { concat, equal, toHex } from '../base/bytes.ts'

/** What a time-stamping authority says, verified: that these bytes existed then. */
export interface TimeStamp {
  readonly time: Date
  /** Serial number of the token, hexadecimal. */
  readonly serial: string
  readonly authority: string
}

export interface TimeStampExpected {
  /** SHA-256 of what was stamped. */
  readonly sha256: Uint8Array
  /** Of the request, where it is known. */
  readonly nonce?: Uint8Array | undefined
  /** Certificates that are believed: authorities, or the one that signs. */
  readonly trusted: readonly X509Certificate[]
}

const OID = {
  signedData: '1.2.840.113549.1.7.2',
  tstInfo: '1.2.840.113549.1.9.16.1.4',
  contentType: '1.2.840.113549.1.9.3',
  messageDigest: '1.2.840.113549.1.9.4',
  signingCertificate: '1.2.840.113549.1.9.16.2.12',
  signingCertificateV2: '1.2.840.113549.1.9.16.2.47',
  timeStamping: '1.3.6.1.5.5.7.3.8',
} as const

const DIGESTS: Readonly<Record<string, string>> = {
  '2.16.840.1.101.3.4.2.1': 'sha256',
  '2.16.840.1.101.3.4.2.2': 'sha384',
  '2.16.840.1.101.3.4.2.3': 'sha512',
}
/** Of the signature; a plain RSA key signs the digest of the attributes. */
const SIGNATURES: Readonly<Record<string, string>> = {
  '1.2.840.113549.1.1.11': 'sha256',
  '1.2.840.113549.1.1.12': 'sha384',
  '1.2.840.113549.1.1.13': 'sha512',
  '1.2.840.10045.4.3.2': 'sha256',
  '1.2.840.10045.4.3.3': 'sha384',
  '1.2.840.10045.4.3.4': 'sha512',
}
const RSA = '1.2.840.113549.1.1.1'
/** Longer chains are not used for time stamps. */
const CHAIN_MAX = 5

/** Opens a TimeStampResp (RFC 3161) and checks all of it. Throws an Error that says what does not fit. */
export function openTimeStamp(response: Uint8Array, expected: TimeStampExpected): TimeStamp {
  const token = tokenOf(response)
  const info = parsed(token.content, 'the statement')
  checkStatement(info, expected)
  const signer = signerOf(token)
  checkSignature(token, signer.certificate)
  const time = at(info, 4, 'the time').toDate()
  checkCertificate(signer.certificate, { time, others: token.certificates, trusted: expected.trusted })
  return {
    time,
    serial: toHex(at(info, 3, 'the serial').value),
    authority: signer.certificate.subject.replaceAll('\n', ', '),
  }
}

interface Token {
  /** DER of the TSTInfo. */
  readonly content: Uint8Array
  readonly certificates: readonly X509Certificate[]
  readonly signerInfo: ASN1Obj
  readonly attributes: ASN1Obj
}

function tokenOf(response: Uint8Array): Token {
  const answer = parsed(response, 'the answer')
  const status = at(at(answer, 0, 'the status'), 0, 'the status').toInteger()
  if (status !== 0n && status !== 1n) throw new Error(`the time stamp was refused with status ${status}`)
  const info = at(answer, 1, 'the token')
  if (at(info, 0, 'its type').toOID() !== OID.signedData) throw new Error('the token is not signed data')
  const signed = at(at(info, 1, 'its content'), 0, 'its content')
  const encapsulated = at(signed, 2, 'the statement')
  if (at(encapsulated, 0, 'its type').toOID() !== OID.tstInfo) throw new Error('the token is not a time stamp')
  const infos = signed.subs.at(-1)
  const signerInfo = infos && at(infos, 0, 'the signer')
  if (signerInfo === undefined || infos?.subs.length !== 1) throw new Error('a time stamp has one signer')
  const attributes = signerInfo.subs.find(({ tag }) => tag.isContextSpecific(0))
  if (attributes === undefined) throw new Error('the signer signed no attributes')
  const certificates = signed.subs.find(({ tag }) => tag.isContextSpecific(0))?.subs ?? []
  return {
    content: at(at(encapsulated, 1, 'the statement'), 0, 'the statement').value,
    certificates: certificates.map((one) => new X509Certificate(derOf(one.tag.toDER(), one.value))),
    signerInfo,
    attributes,
  }
}

function checkStatement(info: ASN1Obj, { nonce, sha256 }: TimeStampExpected): void {
  const imprint = at(info, 2, 'the imprint')
  const algorithm = at(at(imprint, 0, 'the imprint'), 0, 'the imprint').toOID()
  if (DIGESTS[algorithm] !== 'sha256' || !equal(at(imprint, 1, 'the imprint').value, sha256))
    throw new Error('the time stamp is of something else')
  if (nonce === undefined) return
  const stamped = info.subs.slice(5).find(({ tag }) => tag.isInteger())
  if (stamped === undefined || !equal(stamped.value, nonce)) throw new Error('the time stamp answers another request')
}

/** The certificate that the signer has bound to the token (RFC 5035): no other with the same key can take its place. */
function signerOf({ attributes, certificates }: Token): { certificate: X509Certificate } {
  const v2 = attributeOf(attributes, OID.signingCertificateV2)
  const v1 = v2 === undefined ? attributeOf(attributes, OID.signingCertificate) : undefined
  const id = v2 ?? v1
  if (id === undefined) throw new Error('the token does not name the certificate of its signer')
  const named = at(at(id, 0, 'the certificate'), 0, 'the certificate')
  const first = at(named, 0, 'the certificate')
  // Version 2 leaves the algorithm out where it is SHA-256.
  const isShort = first.tag.isOctetString()
  const hash = isShort ? first : at(named, 1, 'the hash of the certificate')
  const algorithm = v1 !== undefined ? 'sha1' : isShort ? 'sha256' : DIGESTS[at(first, 0, 'the hash').toOID()]
  if (algorithm === undefined) throw new Error('the token names its certificate by a hash that is not known here')
  const certificate = certificates.find((one) => equal(createHash(algorithm).update(one.raw).digest(), hash.value))
  if (certificate === undefined) throw new Error('the certificate of the signer is not in the token')
  return { certificate }
}

function checkSignature({ attributes, content, signerInfo }: Token, certificate: X509Certificate): void {
  const digest = DIGESTS[at(at(signerInfo, 2, 'the digest'), 0, 'the digest').toOID()]
  if (digest === undefined) throw new Error('the token uses a hash that is not known here')
  const type = attributeOf(attributes, OID.contentType)?.toOID()
  const stated = attributeOf(attributes, OID.messageDigest)?.value
  if (type !== OID.tstInfo || stated === undefined || !equal(createHash(digest).update(content).digest(), stated))
    throw new Error('the signature is of another statement')
  const algorithm = at(at(signerInfo, 4, 'the signature'), 0, 'the signature').toOID()
  const hash = algorithm === RSA ? digest : SIGNATURES[algorithm]
  if (hash === undefined) throw new Error(`signatures of kind ${algorithm} cannot be verified here`)
  // The attributes are signed as a SET (RFC 5652, 5.4).
  const signed = derOf(0x31, attributes.value)
  if (!verify(hash, signed, certificate.publicKey, at(signerInfo, 5, 'the signature').value))
    throw new Error('the signature of the time stamp does not verify')
}

interface Chain {
  readonly time: Date
  readonly others: readonly X509Certificate[]
  readonly trusted: readonly X509Certificate[]
}

function checkCertificate(signer: X509Certificate, chain: Chain): void {
  const uses: readonly string[] = signer.keyUsage ?? []
  if (uses.length !== 1 || uses[0] !== OID.timeStamping)
    throw new Error('the certificate is not one for time stamps alone')
  let current = signer
  for (let depth = 0; depth < CHAIN_MAX; depth++) {
    if (!isValidAt(current, chain.time)) throw new Error('a certificate was not valid at the time that it states')
    if (chain.trusted.some((one) => one.fingerprint256 === current.fingerprint256)) return
    const issuer = [...chain.trusted, ...chain.others].find((one) => hasIssued(one, current))
    if (issuer === undefined) break
    current = issuer
  }
  throw new Error('the certificate of the time stamp leads to none that is trusted')
}

function hasIssued(issuer: X509Certificate, one: X509Certificate): boolean {
  return (
    issuer.ca && one.fingerprint256 !== issuer.fingerprint256 && one.checkIssued(issuer) && one.verify(issuer.publicKey)
  )
}

function isValidAt({ validFromDate, validToDate }: X509Certificate, time: Date): boolean {
  return validFromDate <= time && time <= validToDate
}

/** The one value of an attribute. */
function attributeOf(attributes: ASN1Obj, oid: string): ASN1Obj | undefined {
  const found = attributes.subs.filter((one) => one.subs[0]?.tag.isOID() === true && one.subs[0].toOID() === oid)
  return found.length === 1 ? found[0]?.subs[1]?.subs[0] : undefined
}

function at(parent: ASN1Obj, i: number, what: string): ASN1Obj {
  const child = parent.subs[i]
  if (child === undefined) throw new Error(`${what} is missing`)
  return child
}

/** From the bytes as they came: the library writes what it has read again, which is not the same for every length. */
function derOf(tag: number, value: Uint8Array): Uint8Array {
  const { length } = value
  const sized = length < 0x80 ? [length] : length < 0x100 ? [0x81, length] : [0x82, length >>> 8, length & 0xff]
  return concat([Uint8Array.of(tag, ...sized), value])
}

function parsed(der: Uint8Array, what: string): ASN1Obj {
  try {
    return ASN1Obj.parseBuffer(Buffer.from(der))
  } catch {
    throw new Error(`${what} is not DER`)
  }
}
