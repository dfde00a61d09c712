import { describe, expect, it } from 'vitest'
import { Chance } from '../../../test/support/masking/random.ts'
import { secretFinder } from '../../../test/support/masking/secret-finder.ts'

const find = secretFinder()
const chance = new Chance(31)
const uuid = () => chance.shaped('h{8}-h{4}-4h{3}-ah{3}-h{12}')

describe('what business is full of', () => {
  it.each([
    ['"id": "', uuid],
    ['"key": "', uuid],
    ['"credentialsId": "', uuid],
    ['"kms_key_id": "', uuid],
    ['"object_key": "', () => `invoices/2024/06/${chance.digits(8)}.pdf`],
    ['"cacheKey": "', () => chance.shaped('h{40}')],
    ['"primary_key": "', () => chance.shaped('w{30}')],
    ['"public_key": "', () => chance.shaped('w{43}')],
    ['"nextPageToken": "', () => chance.shaped('w{40}')],
    ['"tokens_used": "', () => chance.digits(12)],
    ['"key": "', () => `ORDER-${chance.digits(10)}`],
    ['"i18n_key": "', () => 'checkout.payment2.title_1'],
    ['"commit": "', () => chance.shaped('h{40}')],
    ['"token_count": "', () => chance.digits(10)],
    ['"author": "', () => `joe.bloggs${chance.digits(4)}@example.com`],
    ['"discord_channel_id": "', () => chance.digits(18)],
    ['"sha": "', () => `sha512-${chance.shaped('w{86}')}==`],
    ['"image": "', () => `registry.example.com/a/b@sha256:${chance.shaped('h{64}')}`],
    ['"secret_name": "', () => 'prod/db-2/password'],
    ['"token_url": "', () => 'https://login.example.com/oauth2/v2.0/token1'],
    ['"password_changed_at": "', () => '2024-06-01T12:34:56.789Z'],
  ])('is left alone: %s...', (before, make) => {
    for (let count = 0; count < 50; count++) expect(find(`{${before}${make()}","n":1}`, { raw: true })).toEqual([])
  })

  it.each([
    'const token = getToken(request.headers, 1)',
    'apiKey: process.env.API_KEY_2,',
    'password = config.database.password1',
    'if (token === TokenKind2.OpenBrace) return parser.next_token2()',
    'import { Ed25519PrivateKey, Ed25519PublicKey } from "keys"',
    'class AccessToken extends Base64Token implements Token2',
    'The access key opens the door of room 12345678901.',
    'key: value, key2: value2, key3: value3',
    'rapidstring:marm64-uwp=fail',
    'keyVaultToStoreSecrets: cmp2-qat-1208358310',
    'import sk_learn_model_selection_train_test_split_2024 from "ml"',
    'the task-123456789012345678901234567890123456 is done',
    'return s.ReadUint16LengthPrefixed((*cryptobyte.String)(out)) && s.ReadUint24LengthPrefixed(x)',
    's.AcceptanceTimeoutSeconds = 3; s.makeKubeConfigController = args',
    'TOKEN_FILE=/var/run/secrets/kubernetes.io/serviceaccount/token1',
    'api_key = "${API_KEY_1}" secret = "<SECRET_12345>" token = {{ token_1234 }}',
    'global: 1234567890, blob: abcdef1234567890, lobby: a1b2c3d4e5f6',
  ])('code and prose are left alone: %s', (text) => {
    expect(find(text)).toEqual([])
    expect(find(JSON.stringify({ text }), { raw: true })).toEqual([])
  })
})
