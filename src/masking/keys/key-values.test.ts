import { describe, expect, it } from 'vitest'
import { expectEverywhere, leaf, unescaped, valuesIn as values } from '../../../test/support/masking/everywhere.ts'
import { NamedValues } from '../../../test/support/masking/named-values.ts'

const names = new NamedValues()
const inString = (text: string): string => `data: ${JSON.stringify({ a: ['x', text], b: { c: 5 } })}\n`

describe('names of two words that are not of ASCII alone', () => {
  it.each(['секретный ключ', 'mật khẩu', 'clé secrète', 'κωδικός πρόσβασης', 'api nøgle'])('%s', (name) => {
    const title = name.replaceAll(/(?<!\p{L})\p{L}/gu, (letter) => letter.toUpperCase())
    for (const key of [name, name.toUpperCase(), title, title.replace(' ', '_')])
      expectEverywhere(`${key}: maple4821`, ['maple4821'])
  })
})

describe('JSON', () => {
  it.each([
    ['{"password":"pw"}', ['pw']],
    ['{"password":"a b c d e f"}', ['a b c d e f']],
    ['{"pin":1234}', ['1234']],
    ['{"password":-12.5e3}', ['-12.5e3']],
    ['{"password":{"users":{"ann":"x","ben":["y"]}}}', ['x', 'y']],
    ['{"token":{"value":"x","text":"y","data":{"c":"z"}}}', ['x', 'y', 'z']],
    ['{"token":{"value":"x","text":"y"},"pin":{"old":1234}}', ['x', 'y', '1234']],
    ['{"phone":{"number":1701234567,"country":"DE"}}', ['1701234567']],
    ['{"secret":{"schema":{"api_secret":{"value":"x"}}}}', ['x']],
    ['{"address":{"host":"x","home_address":{"city":"Berlin"}}}', ['Berlin']],
    ['{"address":{"family":"Doe","city":"Berlin"}}', ['Berlin']],
    ['{"tokens":["ghp_0123abcd","Hel"],"access_tokens":{"ci":"a1b2c3d4"}}', ['ghp_0123abcd', 'a1b2c3d4']],
    ['{"ssn":"078051123"}', ['078051123']],
    ['{"password" : \n "x"}', ['x']],
    ['{"secret":"va\\"lue\\\\"}', ['va\\"lue\\\\']],
    ['{"password":{"a":"x","b":[1,"y",null,true,""]}}', ['x', '1', 'y']],
    ['{"t":"{\\"card\\":4111111111111111}"}', ['4111111111111111']],
    ['{"First Name":"Joe","SSN (last 4)":"1120"}', ['Joe', '1120']],
    [
      '{"address":{"street":"Main 1","number":12,"city":"Berlin","zip":"10115","id":"adr_1"}}',
      ['Main 1', '12', 'Berlin', '10115'],
    ],
    ['{"emails":[{"type":"work","value":"joe@example.com"}]}', ['joe@example.com']],
    ['{"headers":{"authorization":"Bearer abc","Cookie":"a=b; c=d"}}', ['Bearer abc', 'a=b; c=d']],
    ['{"Пароль":"x1","密码":"x2","contraseña":"x3"}', ['x1', 'x2', 'x3']],
    ['["DB_PASSWORD=x1","A=b"]', ['x1']],
  ])('%s', (json, expected) => expect(values(json).toSorted()).toEqual([...expected].toSorted()))

  it('is read at every level of JSON in JSON', () => {
    let text = '{"password":"p\\"w","pin":1234,"token":["x","y"]}'
    for (let level = 1; level <= 4; level++) {
      expect(values(text).map((value) => unescaped(value, level))).toEqual(['p"w', '1234', 'x', 'y'])
      text = leaf(text)
    }
  })

  it('says by which key a value was found, and with which score', () => {
    expect(names.find('{"customerCardNumber":"4111"}')).toMatchObject([
      { entity: 'credit_card', finding: { score: 1, by: 'key', rule: 'key.card_number', word: 'card_number' } },
    ])
  })

  it('finds again in the same view for whoever else asks', () => {
    expect(values('{"password":"pw"}')).toEqual(values('{"password":"pw"}'))
  })
})

describe('the letter of an escape', () => {
  it.each([
    ['a = 1\npi = 3.14159', 'a = 1\nnpi = 3.14159'],
    ['\tfn := 123456782', '\ttfn := 123456782'],
    ['x\nin: 12345678901', 'x\nnin: 12345678901'],
    ['\tel = 5551234', '\ttel = 5551234'],
    ['\x0coken: hunter22', '\x0ctoken: hunter22'],
    ['a\rouse: 1', 'a\rtoken: hunter22'],
  ])('begins no word: %j', (text, named) => {
    for (const form of [leaf, (one: string): string => leaf(leaf(one))]) {
      expect(values(form(text))).toEqual([])
      expect(values(form(named))).toHaveLength(1)
    }
  })
})

describe('settings and logs', () => {
  it.each([
    ['DB_PASSWORD=hunter2', ['hunter2']],
    ['A=1\nDB_PASSWORD=hun ter2\nB=2', ['hun ter2']],
    ['A=1\r\nDB_PASSWORD="hun ter2"\r\nB=2', ['hun ter2']],
    ["DB_PASSWORD='hun ter2'\nB=2", ['hun ter2']],
    ['password=ab"cd\nx=1', ['ab"cd']],
    ['password=a#b;c&d,e\n', ['a#b;c&d,e']],
    ['STRIPE_KEY=Zk93jfQ0aPq8LmXw72Bd', ['Zk93jfQ0aPq8LmXw72Bd']],
    ['openaiKey: "Zk93jfQ0aPq8LmXw72Bd"', ['Zk93jfQ0aPq8LmXw72Bd']],
    ['google_key: title', []],
    ['AZURE_KEY_VAULT=https://x.vault.azure.net', []],
    ['export API_KEY=abc123 other', ['abc123']],
    ['[default]\naws_secret_access_key = abcdEFGH1234/+\nregion = x', ['abcdEFGH1234/+']],
    ['spring.datasource.password=hunter2', ['hunter2']],
    ['time=1 level=info user=joe password=hunter2 ok=true', ['hunter2']],
    ['level=info password="hun ter2" ok=true', ['hun ter2']],
    ['Server=db;User=sa;Password=hunter2;Timeout=5', ['hunter2']],
    ['mysql --password=hunter2 -h x', ['hunter2']],
    ['mysql --password hunter2 -h x', ['hunter2']],
    ['echo off\r\nset DB_PASSWORD=correct horse\r\nset X=1', ['correct horse']],
    ['UPDATE users SET password=hunter2 WHERE id=1', ['hunter2']],
    ["UPDATE users SET password='it''s a secret', x='y'", ["it''s a secret"]],
    ["f(password='', x='y')", []],
    ["f(password='hunter2', x='')", ['hunter2']],
  ])('%j', (text, expected) => expectEverywhere(text, expected))
})

describe('results of databases in JSON', () => {
  const [a, b, c] = ['maple4821', 'birch7733', 'cedar9911']
  const fields = [{ name: 'id' }, { name: 'password' }]
  it.each([
    ['rows under their columns', { columns: ['id', 'password'], rows: [[1, a]] }, [a]],
    ['ClickHouse', { meta: fields, data: [[1, a]], rows: 1 }, [a]],
    ['Snowflake', { resultSetMetaData: { rowType: fields }, data: [['1', a]] }, [a]],
    [
      'Athena',
      {
        Rows: [{ Data: [{ VarCharValue: '1' }, { VarCharValue: a }] }],
        Metadata: { ColumnInfo: [{ Name: 'id' }, { Name: 'password' }] },
      },
      [a],
    ],
    ['the Data API of RDS', { records: [[{ longValue: 1 }, { stringValue: a }]], columnMetadata: fields }, [a]],
    [
      'frames of Grafana',
      {
        schema: { fields },
        data: {
          values: [
            [1, 2],
            [a, b],
          ],
        },
      },
      [a, b],
    ],
    [
      'arrays of columns',
      {
        fields,
        values: [
          [1, 2, 3],
          [a, b, c],
        ],
      },
      [a, b, c],
    ],
    [
      'rows of a square',
      {
        fields,
        values: [
          [1, a],
          [2, b],
        ],
      },
      [a, b],
    ],
    ['no columns', { schema: { fields }, data: { values: [1, 2] } }, []],
  ])('%s', (_, result, expected) => expectEverywhere(JSON.stringify(result), expected))
})

describe('YAML', () => {
  it.each([
    ['host: x\npassword: hunter2\nuser: joe', ['hunter2']],
    ['host: x\npassword: "hun ter2"\n', ['hun ter2']],
    ['a: b\npassword: correct horse battery\nuser: joe', ['correct horse battery']],
    ['env:\n- name: DB_PASSWORD\n  value: hunter2\n- name: PORT\n  value: 80', ['hunter2']],
    ['env:\n  - name: "API_KEY"\n    value: "ab c"\n', ['ab c']],
    ['env:\r\n  - name: DB_PASSWORD\r\n    value: hunter2\r\n  - name: PORT\r\n', ['hunter2']],
    ['- name: DB_PASSWORD\n  valueFrom:\n    secretKeyRef: x', []],
    ['private_key: |\n  line1\n  line2\nother: x', ['line1\n  line2']],
    ['secret: >-\n  abc\n  def\n', ['abc\n  def']],
    ["host: x\npassword: 'it''s a secret'\nuser: joe", ["it''s a secret"]],
    ['a: b\npassword:\n  hunter2hunter2\nc: d', ['hunter2hunter2']],
    ['a: b\npassword:\n  "hun ter2"\n\nc: d', ['hun ter2']],
    ['password:\n  required\nc: d', []],
    ['password:\n  must be 8 characters\nc: d', []],
    ['passwords:\n  - abc\n  - def\nx: y', ['abc', 'def']],
    ['First Name: Joe\nLast Name: Doe\nCity: Berlin', ['Joe', 'Doe']],
  ])('%j', (text, expected) => expectEverywhere(text, expected))

  it('ends with the string of JSON that it stands in, also where that is a text', () => {
    expect(values(inString('secret: |\n  ab"c'), false)).toEqual([String.raw`ab\"c`])
    expect(values(inString('env:\n- name: DB_PASSWORD\n  value: hun"ter2'), false)).toEqual([String.raw`hun\"ter2`])
  })
})

describe('XML, HTTP and URLs', () => {
  it.each([
    ['<password>hunter2</password>', ['hunter2']],
    ['<c:Password type="x">pw</c:Password>', ['pw']],
    ['<db password="hunter2"/>', ['hunter2']],
    ['<add key="ApiKey" value="xyz1"/>', ['xyz1']],
    ['<entry name="password">pw</entry>', ['pw']],
    ['<property><name>db.password</name><value>secret</value></property>', ['secret']],
    ['<property>\n  <name>db.password</name>\n  <value>a b</value>\n</property>', ['a b']],
    ['<dict><key>password</key><string>hunter2</string></dict>', ['hunter2']],
    ['<name>password</name><type>string</type>', []],
    ['<name>password</name><value>${pw}</value>', []],
    ['<password><![CDATA[a<b]]></password>', ['a<b']],
    ['<password><![CDATA[ab]cd>ef]]></password>', ['ab]cd>ef']],
    ['<password><![CDATA[<password><![CDATA[x7]]></password>', ['x7']],
    ['<password><![CDATA[never closed', []],
    ['GET /x HTTP/1.1\nHost: a\nAuthorization: Basic abc==\nCookie: a=b; c=d\n\n', ['Basic abc==', 'a=b; c=d']],
    ['curl -H "Authorization: Bearer abcdef" http://x', ['Bearer abcdef']],
    ['GET / HTTP/1.1\r\nHost: x\r\nCookie: theme=dark; session=abc\r\n', ['theme=dark; session=abc']],
    ['a:\r\n  user: app\r\n  full_name: Ann Lee\r\n  x: 1\r\n', ['Ann Lee']],
    ["curl -H 'X-Api-Key: abcdef1' http://x", ['abcdef1']],
    ['https://a.b/c?x=1&token=abc123&y=2', ['abc123']],
    ['see (https://a.b/c?token=abc123) now', ['abc123']],
  ])('%j', (text, expected) => expectEverywhere(text, expected))
})

describe('source code', () => {
  it.each([
    ['const password = "hunter2";', ['hunter2']],
    ["password = 'hunter2'", ['hunter2']],
    ['password := "hunter2"', ['hunter2']],
    ['private static final String API_KEY = "abc1";', ['abc1']],
    ['password: str = "hunter2"', ['hunter2']],
    ['config["password"] = "hunter2"', ['hunter2']],
    ["{'password': 'hunter2', 'a': 1}", ['hunter2']],
    ['const a = { password: "x1", token: \'y1\' }', ['x1', 'y1']],
    [':password => "x1"', ['x1']],
  ])('%j', (text, expected) => expectEverywhere(text, expected))
})

describe('prose', () => {
  it.each([
    ['The password is hunter2.', ['hunter2']],
    ['Your password is: Tr0ub4dor&3', ['Tr0ub4dor&3']],
    ['my token: x', ['x']],
    ['**Password:** hunter2', ['hunter2']],
    ['- Password: `hunter2`', ['hunter2']],
    ['das Passwort lautet hunter2', ['hunter2']],
    ['la contraseña es hunter2', ['hunter2']],
    ['密码：hunter2', ['hunter2']],
    ['SSN: 078-05-1120', ['078-05-1120']],
    ['passport number: X1234567', ['X1234567']],
  ])('%j', (text, expected) => expectEverywhere(text, expected))
})
