import { IDS, NOUNS } from './business-ids.ts'
import { instant, type Make, type Makers, type Scalar } from './business-leaf.ts'
import { SHOP } from './business-shop.ts'
import { TECH } from './business-tech.ts'
import { TIMES } from './business-times.ts'
import type { Chance } from './random.ts'

const KINDS: Makers = { ...IDS, ...TIMES, ...SHOP, ...TECH }

/** Fills `‹kind›` with a value of that kind, and `‹noun›` with a word. */
export function filled(chance: Chance, text: string): string {
  return text.replaceAll(/‹([a-z_0-9]+)›/g, (_, kind: string) =>
    kind === 'noun' ? chance.pick(NOUNS) : String(made(chance, KINDS[kind], kind)),
  )
}

function made(chance: Chance, make: Make | undefined, kind: string): Scalar {
  if (make === undefined) throw new Error(`there is no kind ${kind}`)
  return make(chance)
}

const LOG_LINES = [
  '‹iso_time› ‹level› [‹service›] request_id=‹uuid› method=GET path=/‹noun›/‹serial_id› status=‹http_status› duration_ms=‹duration_ms› bytes=‹byte_count›',
  '‹sql_time›,‹small_number› ‹level› ‹noun›.‹noun› - order ‹order_number› moved to ‹enum› in ‹duration_text›',
  '‹syslog_time› ‹host› systemd[‹serial_id›]: ‹noun›.service: Main process exited, code=exited, status=‹small_number›',
  '[‹epoch_float›] ‹noun›: eth0: link up, 1000Mbps, full duplex, lpa 0x‹git_short›',
  '{"ts":‹epoch_ms›,"level":"‹level›","trace_id":"‹hex_32›","span_id":"‹hex_16›","msg":"cache refreshed","keys":‹small_number›,"took":‹metric›}',
  '‹host› - - [‹local_date›:10:‹small_number›:11 +0000] "POST /‹noun› HTTP/1.1" ‹http_status› ‹byte_count› "-" "‹browser›"',
  'level=‹level› ts=‹epoch_us› caller=‹noun›/‹noun›.go:‹small_number› component=‹noun› msg="token bucket refilled" tokens=‹small_number›',
  'I‹compact_date› ‹noun›.cc:‹small_number›] Compacted ‹small_number›@0 files to L6 => ‹byte_count› bytes; seq ‹counter›',
  '‹iso_micro› ‹level› kafka offset=‹counter› partition=‹small_number› lag=‹serial_id› topic=‹noun›.events.v‹small_number›',
  'GC(‹serial_id›) Pause Young (Normal) ‹small_number›M->12M(256M) ‹duration_text›',
  '‹epoch_ms›|‹level›|‹service›|‹crm_id›|‹decimal_17›|ok',
  'worker ‹numbered› acked message ‹snowflake_discord› after ‹duration_ms› ms (attempt ‹small_number›)',
] as const

const TRACES = [
  'Traceback (most recent call last):\n  File "/srv/‹noun›/‹noun›.py", line ‹small_number›, in ‹noun›\n    self.run(‹serial_id›)\nKeyError: ‹issue_key›',
  "TypeError: Cannot read properties of undefined (reading '‹noun›')\n    at ‹noun› (/app/dist/‹noun›.js:‹small_number›:‹small_number›)\n    at processTicksAndRejections (node:internal/process/task_queues:95:5)",
  'java.lang.IllegalStateException: ‹noun› ‹uuid› is closed\n\tat com.example.‹noun›.Store.get(Store.java:‹small_number›)\n\tat java.base/java.lang.Thread.run(Thread.java:833)',
  'panic: runtime error: index out of range [‹small_number›] with length ‹small_number›\n\ngoroutine ‹serial_id› [running]:\nmain.main()\n\t/src/‹noun›/main.go:‹small_number› +0x‹git_short›',
] as const

const SQL = [
  "SELECT id, sku, price FROM ‹noun› WHERE created_at >= '‹iso_date›' AND status = '‹enum›' ORDER BY id LIMIT ‹small_number›",
  "UPDATE ‹noun› SET quantity = quantity - ‹small_number›, updated_at = now() WHERE sku = '‹sku›'",
  "INSERT INTO ‹noun› (id, ean, price, currency) VALUES (‹serial_id›, '‹ean_13›', ‹price›, 'EUR'), (‹serial_id›, '‹ean_13›', ‹price›, 'EUR')",
  'SELECT count(*) FILTER (WHERE email_verified) AS verified, count(*) AS total FROM users WHERE last_login > ‹epoch_s›',
  "DELETE FROM ‹noun› WHERE id IN (‹serial_id›, ‹serial_id›, ‹long_serial›) AND tenant = '‹uuid›'",
  'CREATE TABLE ‹noun› (id bigint PRIMARY KEY, password_hash text NOT NULL, token text, phone varchar(20), created timestamptz DEFAULT now())',
] as const

const CONFIG = [
  '{"service":"‹service›","replicas":‹small_number›,"image":"‹image›","resources":{"memory":"512Mi","cpu":"250m"},"timeoutMs":‹duration_ms›}',
  '{"model":"text-large","max_tokens":‹serial_id›,"temperature":0.‹small_number›,"stop":["\\n"],"seed":‹serial_id›,"top_p":1}',
  '{"passwordPolicy":{"minLength":12,"requireDigits":true,"maxAgeDays":‹small_number›},"session":{"ttl":"8h"},"tokenType":"bearer"}',
  'apiVersion: v1\nkind: Service\nmetadata:\n  name: ‹service›\n  labels:\n    app: ‹noun›\nspec:\n  ports:\n    - port: ‹port›\n      targetPort: ‹port›',
  'name: ‹noun›\non:\n  push:\n    branches: [main]\njobs:\n  build:\n    runs-on: ubuntu-latest\n    steps:\n      - uses: actions/checkout@‹git_sha›\n      - run: make ‹noun›',
  '[server]\nport = ‹port›\nworkers = ‹small_number›\nlog_level = ‹level›\n\n[database]\nhost = ‹host›\npool_size = ‹small_number›\nsecret_name = ‹noun›/db',
  'resource "aws_sqs_queue" "‹noun›" {\n  name                      = "‹noun›-‹noun›"\n  message_retention_seconds = ‹serial_id›\n  tags = { team = "‹team›" }\n}',
  'DB_HOST=‹host›\nDB_PORT=‹port›\nLOG_LEVEL=‹level›\nFEATURE_CARDS=true\nMAX_TOKENS=‹serial_id›\nRELEASE=‹git_sha›',
] as const

const CODE = [
  'export function total(items: readonly Item[]): number {\n  return items.reduce((sum, { price, count }) => sum + price * count, ‹small_number›)\n}',
  'const res = await fetch(`${base}/‹noun›/${id}`, { headers: { accept: "application/json" } })\nif (!res.ok) throw new Error(`status ${res.status}`)',
  'def parse(line: str) -> tuple[int, str]:\n    head, _, rest = line.partition(":")\n    return int(head, 16), rest.strip()',
  'class Tokenizer:\n    def __init__(self, vocab_size: int = ‹serial_id›):\n        self.pad_token_id = ‹small_number›\n        self.tokens = []',
  'func (s *Store) Get(ctx context.Context, id string) (*Order, error) {\n\tvar o Order\n\tif err := s.db.QueryRow(ctx, q, id).Scan(&o.ID); err != nil {\n\t\treturn nil, fmt.Errorf("get %s: %w", id, err)\n\t}\n\treturn &o, nil\n}',
  'public record Money(long cents, String currency) {\n    public Money plus(Money other) { return new Money(cents + other.cents, currency); }\n}',
  '#include <stdint.h>\nstatic const uint32_t table[4] = { 0x‹git_short›, 0x‹git_short›, 0x‹git_short›, 0x‹git_short› };',
  'fn checksum(data: &[u8]) -> u32 {\n    data.iter().fold(‹counter›, |acc, b| acc.wrapping_mul(16777619) ^ u32::from(*b))\n}',
  'set -euo pipefail\nfor f in /data/‹noun›/*.csv; do\n  gzip -9 "$f" && mv "$f.gz" "/archive/‹compact_date›/"\ndone',
  '.card { padding: 12px 16px; color: ‹color›; transition: opacity 150ms }\n.card__pin { position: absolute; top: ‹small_number›px }',
  '<section class="card" data-id="‹serial_id›"><h2>Shipping address</h2><p>Enter the address below.</p></section>',
  'if (!user.password) return res.status(401).json({ error: "password is required" })\nconst token = await issueToken(user.id)',
  'SELECT * FROM "‹noun›" -- rev ‹git_short›\n',
  'puts orders.map { |o| "#{o.number}: #{o.total}" }.join("\\n")',
  'diff --git a/‹noun›.ts b/‹noun›.ts\nindex ‹git_short›..‹git_short› 100644\n--- a/‹noun›.ts\n+++ b/‹noun›.ts\n@@ -‹small_number›,7 +‹small_number›,7 @@\n-const LIMIT = ‹serial_id›\n+const LIMIT = ‹serial_id›',
] as const

const CSV_LINES = [
  '‹serial_id›,‹sku›,‹ean_13›,‹price›,‹quantity›,‹iso_date›',
  '‹uuid›;‹epoch_ms›;‹enum›;‹metric›;‹bool_text›',
  '"‹order_number›","‹price_text›","‹tracking_ups›",‹epoch_s›',
  '‹epoch_us›\t‹hex_16›\t‹http_status›\t‹byte_count›',
] as const

/** Lines and passages that machines or people wrote for machines. */
export const CODES: Makers = {
  log_line: (c) => filled(c, c.pick(LOG_LINES)),
  stack_trace: (c) => filled(c, c.pick(TRACES)),
  sql: (c) => filled(c, c.pick(SQL)),
  config: (c) => filled(c, c.pick(CONFIG)),
  source_code: (c) => filled(c, c.pick(CODE)),
  csv_line: (c) => filled(c, c.pick(CSV_LINES)),
  log_page: (c) => Array.from({ length: c.between(4, 12) }, () => filled(c, c.pick(LOG_LINES))).join('\n'),
  script: (c) =>
    [`// ${new Date(instant(c)).getUTCFullYear()}`, filled(c, c.pick(CODE)), filled(c, c.pick(CODE))].join('\n\n'),
}
