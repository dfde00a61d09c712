import { describe, expect, it } from 'vitest'
import { expectEverywhere, valuesIn } from '../../../test/support/masking/everywhere.ts'

const KEY = 'k3y'.repeat(10)

describe('cells under a sensitive name of a column that blanks part', () => {
  it.each([
    ['names in capitals', `NAME  PHONE  API_KEY\nanna  4155550132  ${KEY}\n`, ['4155550132', KEY]],
    [
      'kubeadm',
      'TOKEN                     TTL   EXPIRES\nabcdef.0123456789abcdef   23h   2026-11-28\nbcdefg.1123456789abcdef   1h    2026-11-28\n',
      ['abcdef.0123456789abcdef', 'bcdefg.1123456789abcdef'],
    ],
    [
      'docker',
      'USER ID   PASSWORD    STATUS\nann       maple       Up 3 hours\nben                   Exited\n',
      ['maple'],
    ],
    ['the last of two words', 'ID   HOME PHONE\n1    4155550132\n', ['4155550132']],
    ['the first of two words', 'CARD NUMBER        ID\n4111222233334444   17\n', ['4111222233334444']],
    [
      'SQLite',
      'name        password\n----------  ----------\nann         maple4821\nben         hun ter\n',
      ['maple4821', 'hun ter'],
    ],
    [
      'PowerShell',
      '\nName Password   Age\n---- --------   ---\nann  maple4821   17\nben  hunter      18\n\nx  y',
      ['maple4821', 'hunter'],
    ],
    ['PowerShell, the last', '\nName Password\n---- --------\nann  maple4821\n', ['maple4821']],
    [
      'sqlcmd',
      'id          password            \n----------- --------------------\n          1 maple               \n          2 qwerty              \n\n(2 rows affected)',
      ['maple', 'qwerty'],
    ],
    [
      'reStructuredText',
      '=====  ========\nname   password\n=====  ========\nann    maple\nben    qwerty\n=====  ========\n',
      ['maple', 'qwerty'],
    ],
    ['pandas', '   name       phone\n0  anna  4155550132\n1   ben  4155550133\n', ['4155550132', '4155550133']],
    [
      'small letters',
      'name   password   email\nann    maple4821  ann@example.com\nben    qwe7rty    ben@example.com',
      ['maple4821', 'ann@example.com', 'qwe7rty', 'ben@example.com'],
    ],
    ['names of people', 'First Name   Last Name   City\nAnna         Lee         Bonn\n', ['Anna', 'Lee']],
    [
      'a text above and below',
      'Found two:\nNAME   PASSWORD\nann    maple\nben    qwerty\nThat is all.',
      ['maple', 'qwerty'],
    ],
    [
      'letters beyond ASCII',
      'NAME   PASSWORD   AGE\nZoë    grüße      17\n王芳   qwerty     18\n',
      ['grüße', 'qwerty'],
    ],
    [
      'a quote and a backslash',
      'NAME   PASSWORD   AGE\na"b    ma"ple     17\na\\b    qwerty     18\n',
      ['ma"ple', 'qwerty'],
    ],
    [
      'two blanks in a cell',
      'NAME   PASSWORD        AGE\nann    c0rrect  horse  17\nben    qwerty          18\n',
      ['c0rrect  horse', 'qwerty'],
    ],
    ['\\r\\n', 'NAME   PASSWORD\r\nann    maple\r\nben    qwerty\r\n', ['maple', 'qwerty']],
    [
      'names and values',
      '====== Data ======\nKey         Value\n---         -----\npassword    maple4821\nusername    ann\n',
      ['maple4821'],
    ],
    ['names and values alone', 'password    maple4821\nusername    ann\n', ['maple4821']],
    ['two blanks between all', 'ID  User  Password\n1  ann  maple4821\n2  ben  qwe7rty\n', ['maple4821', 'qwe7rty']],
    ['a street', 'NAME  ADDRESS\nanna  12 Main Street\n', ['12 Main Street']],
  ])('%s', (_, text, expected) => expectEverywhere(text, expected))

  it('are read where escapes of JSON stand for letters', () => {
    const text = String.raw`{"t":"NAME   PASSWORD   AGE\nZo\u00eb    gr\u00fc\u00dfe\n"}`
    expect(valuesIn(text)).toEqual([String.raw`gr\u00fc\u00dfe`])
  })

  it('are read behind a statement of SQL with a text that nothing closes', () => {
    const text = "insert into t (password) values ('cut\n\nNAME   PASSWORD\nann    maple4821\n"
    expect(valuesIn(text, false)).toEqual(['maple4821'])
  })

  it.each([
    'NAME                  TYPE                                  DATA   AGE\ndefault-token-9x2vk   kubernetes.io/service-account-token   3      3d\nmy-secret             Opaque                                1      2d\n',
    'NAME      SECRETS   AGE\ndefault   0         3d\nbuilder   12        3d\n',
    'NAME   CLASS   HOSTS   ADDRESS      PORTS   AGE\nweb    nginx   a.de    10.0.0.1     80      3d\nb      nginx   b.de    lb.x.de      80      3d\n',
    'REPOSITORY   TAG       IMAGE ID       CREATED        SIZE\nnginx        latest    605c77e624dd   2 weeks ago    141MB\n',
    'USER         PID %CPU %MEM    VSZ   RSS TTY      STAT START   TIME COMMAND\nroot           1  0.0  0.1 169316 13096 ?        Ss   Nov01   0:09 /sbin/init\n',
    '-rw-r--r--  1 root  root  1220 Nov  1 10:00 password\n-rw-r--r--  1 root  root  1220 Nov  1 10:00 token2.txt\n',
    'password   secret    token\nREADME.md  src       test\nLICENSE    makefile  lib\n',
    '  --user      the user\n  --password  the password to use\n  --token     the token1 to use\n',
    'Options:\n  password    Password of the user\n  token       API token, 20 characters\n  username    Name of the user\n',
    'DB_PASSWORD   REQUIRED\nDB_USER       OPTIONAL\n',
    'DB_PASSWORD   Database password\nDB_USER       Database user, 8 characters\n',
    'type User struct {\n\tPassword  string\n\tSha256    string\n\tOAuth2    string\n}',
    '  Password   string\n  OAuth2Key  string\n',
    'OPTIONS\n       The password  is read  from the\n       file that is  named by  argv4x.\n',
    'int      token;\nchar     token2x;\nlong     abc123;\n',
    'password  token\n\nann       maple4821\n',
    'x  y1\npassword  token\nann12345  maple4821\n',
    'NAME   PASSWORD   EXPIRES\nann    yes        never\nben    *****      never\neve    <none>     never\n',
    'Num     Type           Disp Enb Address            What\n1       breakpoint     keep y   0x000000000040060f in main at a.c:5\n2       breakpoint     keep n   <MULTIPLE>\n',
    'type user struct {\n\tSecret     [32]byte\n\tToken      oauth2.Token\n\tSignature  uint32\n\tPrivateKey *x25519.Key\n}',
    'The password  is4long enough\nand the token  was2short\n',
    '  password    4-digit number\n  token       20 characters\n  secret      base64\n',
    'LICENSE  password  token\na1.txt  words  file\n',
    'Column    Type  Password\nNothing that stands under one of them\n',
  ])('are not what only looks like a table: %j', (text) => expectEverywhere(text, []))
})
