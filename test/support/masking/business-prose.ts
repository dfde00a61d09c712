import { filled } from './business-code.ts'
import type { Makers } from './business-leaf.ts'
import type { Chance } from './random.ts'

/** Sentences as shops, trackers and support write them, of nobody. */
const SENTENCES: Readonly<Record<string, readonly string[]>> = {
  english: [
    'The customer cannot reset the password after the update to ‹semver›.',
    'Order ‹order_number› was shipped on ‹local_date› with two parcels.',
    'The card layout breaks on small screens since build ‹compact_date›.‹small_number›.',
    'The phone app crashes on start when the cache is older than ‹small_number› days.',
    'Refund of ‹price_text› was approved, see invoice ‹invoice_number›.',
    'Please add an address field to the export; the token limit is ‹serial_id›.',
    'Latency rose from ‹small_number› ms to ‹duration_ms› ms between 10:15 and 11:40.',
    'We retried job ‹numbered› three times; the last error was 0x‹git_short›.',
  ],
  german: [
    'Die Bestellung ‹order_number› wurde am ‹local_date› versandt.',
    'Das Passwort lässt sich nach dem Update auf ‹semver› nicht ändern.',
    'Der Artikel ‹sku› ist seit KW ‹small_number› nicht lieferbar, ‹quantity› Stück fehlen.',
    'Bitte die Rechnung ‹invoice_number› über ‹price_text› prüfen.',
    'Die Karte wird auf dem Telefon nicht richtig angezeigt.',
  ],
  french: [
    'La commande ‹order_number› a été expédiée le ‹local_date›.',
    'La facture ‹invoice_number› de ‹price_text› est en attente.',
    'Le mot de passe ne peut pas être changé depuis la version ‹semver›.',
    'Il manque ‹quantity› pièces de la référence ‹sku›.',
  ],
  spanish: [
    'El pedido ‹order_number› salió el ‹local_date› en dos paquetes.',
    'La factura ‹invoice_number› por ‹price_text› sigue pendiente.',
    'La contraseña no se puede cambiar desde la versión ‹semver›.',
    'Faltan ‹quantity› unidades del artículo ‹sku›.',
  ],
  italian: [
    'L’ordine ‹order_number› è stato spedito il ‹local_date›.',
    'La fattura ‹invoice_number› di ‹price_text› è in attesa.',
    'La carta non si vede bene sul telefono dalla versione ‹semver›.',
  ],
  portuguese: [
    'A encomenda ‹order_number› foi enviada em ‹local_date›.',
    'A fatura ‹invoice_number› de ‹price_text› está pendente.',
    'A senha não pode ser alterada desde a versão ‹semver›.',
  ],
  dutch: [
    'Bestelling ‹order_number› is op ‹local_date› verzonden.',
    'De factuur ‹invoice_number› van ‹price_text› staat nog open.',
    'Het wachtwoord kan sinds versie ‹semver› niet worden gewijzigd.',
  ],
  polish: [
    'Zamówienie ‹order_number› wysłano ‹local_date›.',
    'Faktura ‹invoice_number› na ‹price_text› czeka na zapłatę.',
    'Hasła nie można zmienić od wersji ‹semver›.',
  ],
  japanese: [
    '注文‹order_number›は‹iso_date›に発送されました。',
    'バージョン‹semver›以降、パスワードを変更できません。',
    '請求書‹invoice_number›の金額は‹price›円です。',
  ],
  chinese: [
    '订单‹order_number›已于‹iso_date›发货。',
    '自‹semver›版本起无法修改密码。',
    '发票‹invoice_number›金额为‹price›元。',
  ],
  russian: [
    'Заказ ‹order_number› отправлен ‹local_date›.',
    'Пароль нельзя изменить с версии ‹semver›.',
    'Счёт ‹invoice_number› на ‹price_text› ждёт оплаты.',
  ],
}

const PRODUCTS = [
  'Stainless bottle, ‹small_number›0 ml, leak-proof, ‹weight›',
  'USB-C cable ‹small_number› cm, 60 W, article ‹sku›',
  'Wall shelf ‹dimensions›, oak, set of ‹small_number›',
  'Postcard set, ‹small_number› pieces, recycled paper',
  'Ink for model ‹part_number›, EAN ‹ean_13›',
  'Book: Gardens of the North, ISBN ‹isbn_13_dashes›, ‹small_number›th edition',
] as const

const COMMITS = [
  'fix: refresh token before it expires (#‹small_number›)',
  'chore(deps): bump undici from ‹semver› to ‹semver›',
  'feat(‹noun›): show card type beside the order, closes ‹issue_key›',
  'Revert "perf: cache addresses" — this reverts commit ‹git_sha›.',
  'docs: say how the pin count is computed',
  'Merge pull request #‹serial_id› from example/‹branch›',
] as const

const TITLES = [
  'Password reset mail is sent twice',
  'Token counter off by one in ‹noun›',
  'Address validation rejects ‹noun› orders',
  'Phone layout: ‹noun› overlaps footer',
  'Error ‹http_status› on /‹noun› since ‹semver›',
  '‹noun›: card view is empty',
  'Export of ‹noun› takes ‹duration_text›',
  'Upgrade ‹noun› to ‹semver›',
  'Secret rotation runbook is out of date',
] as const

function paragraph(chance: Chance, sentences: readonly string[], count: number): string {
  return Array.from({ length: count }, () => filled(chance, chance.pick(sentences))).join(' ')
}

const LANGUAGES = Object.keys(SENTENCES)

/** What people write, in eleven languages. */
export const PROSE: Makers = {
  support_text: (c) => paragraph(c, SENTENCES[c.pick(LANGUAGES)] ?? [], c.between(1, 4)),
  comment: (c) => paragraph(c, SENTENCES[c.pick(['english', 'english', 'german'])] ?? [], c.between(1, 2)),
  product_text: (c) => filled(c, c.pick(PRODUCTS)),
  commit_message: (c) => filled(c, c.pick(COMMITS)),
  title: (c) => filled(c, c.pick(TITLES)),
  markdown: (c) =>
    `## ${filled(c, c.pick(TITLES))}\n\n${paragraph(c, SENTENCES['english'] ?? [], 2)}\n\n- ${filled(c, c.pick(COMMITS))}\n- ${filled(c, c.pick(COMMITS))}\n\nSee [notes](${filled(c, '‹url›')}).`,
}
