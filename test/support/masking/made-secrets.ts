// Secrets of every family, made from what their vendors document. The marks are cut in two, so that no scanner of repositories
// takes a line here for a secret.
import { Buffer } from 'node:buffer'
import { type Chance, CAPITALS, DIGITS } from './random.ts'

export interface MadeSecret {
  readonly family: string
  readonly make: (chance: Chance) => string
}

const cut = (mark: string): string => mark.replace('·', '')

const family = (name: string, mark: string, ...shapes: string[]): MadeSecret => ({
  family: name,
  make: (chance) => cut(mark) + chance.shaped(chance.pick(shapes)),
})

/** Found wherever they stand. */
export const MADE_SECRETS: readonly MadeSecret[] = [
  { family: 'aws access key', make: (chance) => `${cut('AK·IA')}${chance.text(`${CAPITALS}234567`, 16)}` },
  family('github token', 'gh·p_', 'w{36}'),
  family('github oauth', 'gh·o_', 'w{36}'),
  family('github server', 'gh·s_', 'w{36}'),
  family('github fine-grained', 'github·_pat_', 'w{22}_w{59}'),
  family('gitlab', 'gl·pat-', 'w{20}'),
  family('slack bot', 'xo·xb-', '9{12}-9{12}-w{24}'),
  family('slack user', 'xo·xp-', '9{12}-9{12}-9{12}-h{32}'),
  family('slack app', 'xa·pp-1-', 'A0X{9}-9{13}-h{64}'),
  family('stripe', 'sk·_live_', 'w{24}', 'w{99}'),
  family('stripe restricted', 'rk·_live_', 'w{24}'),
  { family: 'google api key', make: (chance) => `${cut('AI·za')}${chance.text(WEB64, 35)}` },
  { family: 'anthropic', make: (chance) => `${cut('sk-·ant')}-api03-${chance.text(WEB64, 93)}AA` },
  {
    family: 'openai',
    make: (chance) => `${cut('sk-·proj')}-${chance.text(WEB64, 74)}${cut('T3·Blbk')}FJ${chance.text(WEB64, 74)}`,
  },
  {
    family: 'openai, old',
    make: (chance) => `sk-${chance.shaped('w{20}')}${cut('T3·Blbk')}FJ${chance.shaped('w{20}')}`,
  },
  family('npm', 'np·m_', 'x{36}'),
  { family: 'pypi', make: (chance) => `${cut('pypi-·AgEI')}cHlwaS5vcmc${chance.text(WEB64, 120)}` },
  { family: 'sendgrid', make: (chance) => `${cut('S·G.')}${chance.text(WEB64, 22)}.${chance.text(WEB64, 43)}` },
  family('brevo', 'xkey·sib-', 'h{64}-x{16}'),
  family('shopify', 'shp·at_', 'h{32}'),
  family('hugging face', 'h·f_', 'a{34}'),
  family('digitalocean', 'dop·_v1_', 'h{64}'),
  family('databricks', 'da·pi', 'h{32}'),
  family('doppler', 'dp·.pt.', 'w{43}'),
  family('linear', 'lin·_api_', 'w{40}'),
  family('postman', 'PM·AK-', 'h{24}-h{34}'),
  family('pulumi', 'pu·l-', 'h{40}'),
  family('rubygems', 'ruby·gems_', 'h{48}'),
  family('planetscale', 'pscale·_tkn_', 'w{43}'),
  family('grafana service account', 'gl·sa_', 'w{32}_h{8}'),
  family('vault', 'hv·s.', 'w{95}'),
  family('new relic', 'NR·AK-', 'X{27}'),
  family('twilio', 'S·K', 'h{32}'),
  family('tailscale', 'ts·key-auth-', 'w{17}-w{32}'),
  family('perplexity', 'pp·lx-', 'w{48}'),
  family('atlassian', 'ATA·TT3', 'w{186}'),
  family('sentry user', 'sntr·yu_', 'h{64}'),
  family('square', 'sq0·atp-', 'w{22}'),
  family('duffel', 'duffel·_live_', 'w{43}'),
  { family: 'jwt', make: jwt },
  { family: 'private key', make: pem },
  { family: 'url with a password', make: (chance) => `postgres://app:${chance.shaped('w{14}')}@db.test:5432/main` },
]

/** The name of a variable, and what it holds: found by the name alone. */
export const NAMES_OF_SECRETS = [
  'password',
  'DB_PASSWORD',
  'apiKey',
  'api_key',
  'client_secret',
  'clientSecret',
  'SECRET_KEY',
  'auth_token',
  'accessToken',
  'contraseña',
  'passwort',
  'mot_de_passe',
  'senha',
  'wachtwoord',
  'パスワード',
  '密码',
  'пароль',
  'private_key',
  'encryption_key',
  'session_token',
  'webhook_secret',
]

const WEB64 = `${CAPITALS}${CAPITALS.toLowerCase()}${DIGITS}_-`

function jwt(chance: Chance): string {
  return `${part({ alg: 'HS256', typ: 'JWT' })}.${part({ sub: chance.digits(10), iat: 1_516_239_022 })}.${chance.text(WEB64, 43)}`
}

function part(value: unknown): string {
  return Buffer.from(JSON.stringify(value)).toString('base64url')
}

function pem(chance: Chance): string {
  const lines = Array.from({ length: 6 }, () => chance.shaped('w{64}'))
  return [`${cut('-----BEGIN ·RSA')} PRIVATE KEY-----`, ...lines, `${cut('-----END ·RSA')} PRIVATE KEY-----`].join('\n')
}
