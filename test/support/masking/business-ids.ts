import { Buffer } from 'node:buffer'
import { bits, instant, type Makers, wholeNumber } from './business-leaf.ts'
import type { Chance } from './random.ts'

const CROCKFORD = '0123456789ABCDEFGHJKMNPQRSTVWXYZ'
const URL_BASE64 = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_'
const BASE62 = URL_BASE64.slice(0, 62)
const TWITTER_EPOCH_MS = 1_288_834_974_657
const DISCORD_EPOCH_MS = 1_420_070_400_000
const INSTAGRAM_EPOCH_MS = 1_314_220_021_721

/** Ids of rows, requests, machines and messages, as the systems that make them define them. */
export const IDS: Makers = {
  uuid: (c) => c.shaped(`h{8}-h{4}-4h{3}-${c.pick(['8', '9'])}h{3}-h{12}`),
  uuid_v7: (c) => {
    const time = instant(c).toString(16).padStart(12, '0')
    return `${time.slice(0, 8)}-${time.slice(8)}-${c.shaped('7h{3}-8h{3}-h{12}')}`
  },
  ulid: (c) => inBase(BigInt(instant(c)), CROCKFORD).padStart(10, '0') + c.text(CROCKFORD, 16),
  ksuid: (c) => c.text('012', 1) + c.text(BASE62, 26),
  nanoid: (c) => c.text(URL_BASE64, 21),
  cuid: (c) => c.shaped('cx{24}'),
  object_id: (c) => Math.trunc(instant(c) / 1000).toString(16) + c.shaped('h{16}'),
  serial_id: (c) => c.between(1, 10 ** c.between(2, 7)),
  long_serial: (c) => Number(wholeNumber(c, c.between(8, 12))),
  crm_id: (c) => wholeNumber(c, c.between(10, 14)),
  snowflake_twitter: (c) => String((BigInt(instant(c) - TWITTER_EPOCH_MS) << 22n) | bits(c, 22)),
  snowflake_discord: (c) => String((BigInt(instant(c) - DISCORD_EPOCH_MS) << 22n) | bits(c, 22)),
  snowflake_instagram: (c) => String((BigInt(instant(c) - INSTAGRAM_EPOCH_MS) << 23n) | bits(c, 23)),
  decimal_15: (c) => wholeNumber(c, 15),
  decimal_16: (c) => wholeNumber(c, 16),
  decimal_17: (c) => wholeNumber(c, 17),
  decimal_u64: (c) => String(bits(c, 64)),
  hex_16: (c) => c.shaped('h{16}'),
  hex_32: (c) => c.shaped('h{32}'),
  git_sha: (c) => c.shaped('h{40}'),
  git_short: (c) => c.shaped('h{7}'),
  content_hash: (c) => c.shaped('h{64}'),
  digest: (c) => c.shaped(`${c.pick(['sha256', 'sha256', 'sha512'])}:h{64}`),
  integrity: (c) => `sha512-${randomBytes(c, 64).toString('base64')}`,
  etag: (c) =>
    c.pick(['W/"h{8}-h{12}"', '"h{32}"', 'W/"h{2}-w{27}"']).replaceAll(/[hw]\{\d+\}/g, (one) => c.shaped(one)),
  cloud_resource: (c) => c.pick(['i-0', 'vpc-0', 'sg-0', 'subnet-0', 'vol-0', 'ami-0', 'eni-0']) + c.shaped('h{16}'),
  arn: (c) =>
    `arn:aws:${c.pick(['lambda', 'sqs', 'sns', 'ecs'])}:${c.pick(['eu-central-1', 'us-east-1'])}:${wholeNumber(c, 12)}:${c.pick(NOUNS)}-${c.pick(NOUNS)}`,
  project_number: (c) => wholeNumber(c, 12),
  azure_path: (c) =>
    `/subscriptions/${c.shaped('h{8}-h{4}-4h{3}-8h{3}-h{12}')}/resourceGroups/rg-${c.pick(NOUNS)}/providers/Microsoft.Web/sites/${c.pick(NOUNS)}`,
  channel_id: (c) => c.pick(['C', 'G', 'B', 'T']) + c.shaped('0X{9}'),
  message_ts: (c) => `${Math.trunc(instant(c) / 1000)}.${c.digits(6)}`,
  issue_key: (c) => `${c.pick(['OPS', 'WEB', 'DATA', 'PAY', 'CORE'])}-${c.between(1, 9999)}`,
  node_id: (c) => c.pick(['PR_', 'I_', 'IC_', 'R_']) + `kwDO${c.text(URL_BASE64, c.between(8, 14))}`,
  pod: (c) => `${c.pick(NOUNS)}-${c.pick(NOUNS)}-${c.shaped('x{10}-x{5}')}`,
  search_id: (c) => c.text(URL_BASE64, 20),
  object_name: (c) => c.pick(['ch_', 'in_', 'prod_', 'price_', 'evt_', 'sub_']) + c.text(BASE62, 24),
  short_code: (c) => c.text(CROCKFORD, c.between(6, 9)),
  numbered: (c) => `${c.pick(['run', 'job', 'task', 'batch', 'node', 'worker'])}-${c.between(1, 99_999)}`,
  traceparent: (c) => c.shaped('00-h{32}-h{16}-01'),
}

export const NOUNS = [
  'checkout',
  'orders',
  'search',
  'billing',
  'catalog',
  'ingest',
  'mailer',
  'gateway',
  'reports',
  'media',
  'inventory',
  'pricing',
  'scheduler',
  'archive',
  'metrics',
  'sessions',
  'webhooks',
  'exports',
  'frontend',
  'cache',
] as const

export function randomBytes(chance: Chance, length: number): Buffer {
  return Buffer.from(Array.from({ length }, () => chance.below(256)))
}

function inBase(value: bigint, alphabet: string): string {
  const base = BigInt(alphabet.length)
  let text = ''
  for (let left = value; left > 0n; left /= base) text = alphabet.charAt(Number(left % base)) + text
  return text
}
