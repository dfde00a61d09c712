import { NOUNS, randomBytes } from './business-ids.ts'
import { instant, type Makers, wholeNumber } from './business-leaf.ts'
import { two } from './random.ts'

const EXTENSIONS = ['ts', 'py', 'go', 'log', 'json', 'csv', 'png', 'md', 'yaml', 'parquet'] as const
const REALMS = [
  'api.example.com',
  'shop.example.org',
  'cdn.example.net',
  'status.example.com',
  'localhost:8080',
] as const

/** What machines, builds and programs say of themselves. */
export const TECH: Makers = {
  semver: (c) =>
    `${c.between(0, 20)}.${c.between(0, 40)}.${c.between(0, 60)}${c.pick(['', '', '', '-rc.1', '-beta.12', `+build.${c.below(999)}`])}`,
  version_range: (c) => `${c.pick(['^', '~', '>='])}${c.between(0, 20)}.${c.between(0, 40)}.${c.between(0, 60)}`,
  version_four: (c) => `${c.between(1, 20)}.${c.between(0, 255)}.${c.between(0, 99_999)}.${c.between(0, 9999)}`,
  version_like_ip: (c) => [0, 0, 0, 0].map(() => c.between(0, 255)).join('.'),
  browser: (c) =>
    `Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/${c.between(90, 140)}.0.${c.between(4000, 7000)}.${c.between(10, 250)} Safari/537.36`,
  path: (c) =>
    `/${c.pick(['srv', 'var/log', 'opt', 'home/deploy', 'data'])}/${c.pick(NOUNS)}/${c.pick(NOUNS)}-${c.between(1, 99)}.${c.pick(EXTENSIONS)}`,
  path_dated: (c) => {
    const day = new Date(instant(c)).toISOString().slice(0, 10)
    return `s3://${c.pick(NOUNS)}-${c.pick(NOUNS)}/year=${day.slice(0, 4)}/month=${day.slice(5, 7)}/part-${c.digits(5)}-${c.shaped('h{8}-h{4}-4h{3}-8h{3}-h{12}')}.parquet`
  },
  path_windows: (c) =>
    `C:\\${c.pick(['Program Files', 'build', 'Temp'])}\\${c.pick(NOUNS)}\\${c.pick(NOUNS)}.${c.pick(['dll', 'exe', 'cs'])}`,
  url: (c) => `https://${c.pick(REALMS)}/${c.pick(NOUNS)}/${c.between(1, 99_999)}`,
  url_query: (c) =>
    `https://${c.pick(REALMS)}/${c.pick(NOUNS)}?page=${c.between(1, 50)}&sort=${c.pick(['price', '-created'])}&q=${c.pick(NOUNS)}%20${c.pick(NOUNS)}&ts=${instant(c)}`,
  url_asset: (c) =>
    `https://${c.pick(REALMS)}/static/${c.pick(NOUNS)}.${c.shaped('h{8}')}.js?v=${c.between(1, 10 ** 9)}`,
  host: (c) => `${c.pick(NOUNS)}-${two(c.between(1, 20))}.${c.pick(['eu', 'us'])}.internal`,
  image: (c) =>
    `registry.example.com/${c.pick(NOUNS)}/${c.pick(NOUNS)}:${c.between(1, 9)}.${c.between(0, 30)}.${c.between(0, 9)}`,
  mime: (c) => c.pick(['application/json', 'image/png', 'text/csv; charset=utf-8', 'application/pdf']),
  branch: (c) => `${c.pick(['feature', 'fix', 'release'])}/${c.pick(NOUNS)}-${c.pick(NOUNS)}-${c.between(1, 9999)}`,
  color: (c) => `#${c.shaped('h{6}')}`,
  port: (c) => c.pick([80, 443, 5432, 6379, 8080, 9200, 3000]),
  http_status: (c) => c.pick([200, 200, 200, 201, 204, 301, 400, 403, 404, 409, 429, 500, 503]),
  byte_count: (c) => Number(wholeNumber(c, c.between(1, 12))),
  byte_text: (c) => `${c.between(1, 999)}.${c.digits(1)} ${c.pick(['KiB', 'MiB', 'GB', 'kB'])}`,
  metric: (c) => Number(`${c.between(0, 10 ** c.between(0, 5))}.${c.digits(c.between(1, 12))}`),
  metric_small: (c) => Number(`0.${c.digits(c.between(3, 17))}`),
  metric_signed: (c) => -Number(`${c.between(0, 999)}.${c.digits(c.between(1, 6))}`),
  counter: (c) => Number(wholeNumber(c, c.between(1, 13))),
  small_number: (c) => c.between(0, 100),
  bool: (c) => c.below(2) === 0,
  bool_text: (c) => c.pick(['true', 'false', 'yes', 'no', 'Y', 'N', '0', '1']),
  node_name: (c) => `${c.pick(['node', 'worker', 'ip', 'gke'])}-${c.pick([two(c.between(1, 20)), c.shaped('x{5}')])}`,
  address_type: (c) => c.pick(['Hostname', 'InternalDNS']),
  object_kind: (c) => c.pick(['Pod', 'Node', 'Service']),
  ip_family: (c) => c.pick(['IPv4', 'IPv6']),
  ip_protocol: (c) => c.pick(['TCP', 'UDP']),
  ticker: (c) => c.pick(['USDC', 'WETH', 'DAI', 'LINK', 'stETH', 'ARB']),
  word_piece: (c) => c.pick(['Hel', 'lo', ' wor', 'ld', '!', ' the', 'ing', ' 2024', '://', '\n\n', 'quick', ' ##']),
  nothing: () => null,
  enum: (c) =>
    c.pick([
      'ACTIVE',
      'PENDING',
      'IN_PROGRESS',
      'closed',
      'failed',
      'PAYMENT_FAILED',
      'shipped',
      'READY_FOR_PICKUP',
      'card_present',
      'ADDRESS_VALIDATED',
      'password_reset',
      'TOKEN_EXPIRED',
    ]),
  priority: (c) => c.pick(['low', 'medium', 'high', 'P1', 'P2', 'blocker']),
  level: (c) => c.pick(['INFO', 'INFO', 'DEBUG', 'WARN', 'ERROR']),
  team: (c) => `team-${c.pick(NOUNS)}`,
  service: (c) => `${c.pick(NOUNS)}-${c.pick(['api', 'worker', 'db', 'web'])}`,
  region: (c) => c.pick(['eu-central-1', 'us-east-1', 'europe-west3', 'westeurope']),
  field_name: (c) =>
    c.pick([
      'order_id',
      'created_at',
      'card_type',
      'token_count',
      'email_verified',
      'address_count',
      'password_changed_at',
      'phone_required',
      'sku',
      'price_cents',
      'pin_count',
      'session_length',
    ]),
  sql_type: (c) => c.pick(['bigint', 'uuid', 'varchar(255)', 'timestamptz', 'numeric(12,2)', 'jsonb', 'boolean']),
  latitude: (c) => Number(`${c.between(-89, 89)}.${c.digits(c.between(4, 7))}`),
  longitude: (c) => Number(`${c.between(-179, 179)}.${c.digits(c.between(4, 7))}`),
  place: (c) => `${c.between(-89, 89)}.${c.digits(6)}, ${c.between(-179, 179)}.${c.digits(6)}`,
  geohash: (c) => c.text('0123456789bcdefghjkmnpqrstuvwxyz', 9),
  base64_image: (c) => `iVBORw0KGgoAAAANSUhEUgAA${randomBytes(c, c.between(120, 1500)).toString('base64')}`,
  data_uri: (c) =>
    `data:image/${c.pick(['png', 'webp'])};base64,${randomBytes(c, c.between(90, 600)).toString('base64')}`,
  base64_short: (c) => randomBytes(c, c.between(12, 48)).toString('base64'),
  license_text: (c) => c.pick(['MIT', 'Apache-2.0', 'BSD-3-Clause', 'GPL-3.0-only']),
  embedding: (c) =>
    `[${Array.from({ length: 12 }, () => `${c.pick(['', '-'])}0.${c.digits(c.between(7, 17))}`).join(', ')}]`,
}
