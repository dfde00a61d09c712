import { describe, expect, it } from 'vitest'
import { cpuMs } from '../../../test/support/cpu-time.ts'
import { expectEverywhere, leaf } from '../../../test/support/masking/everywhere.ts'
import { secretFinder, textsOf } from '../../../test/support/masking/secret-finder.ts'

const BYTES = 262_144
const find = secretFinder()
const values = (text: string, raw: boolean): string[] => textsOf(text, find(text, { raw }))

describe('a password on a command line', () => {
  it.each([
    ['mysql -uroot -pmaple4821', 'maple4821'],
    ['docker exec -it db mysql -u root -pmaple4821 app', 'maple4821'],
    ["mysqldump -u root -p'maple 4821' app > a.sql", 'maple 4821'],
    ['mysql -h db \\\n  -u root \\\n  -p"maple4821" app', 'maple4821'],
    ['mongosh -u app -p maple4821 --authenticationDatabase admin', 'maple4821'],
    ['sshpass -p maple4821 ssh root@h', 'maple4821'],
    ["sshpass -p'maple 4821' scp a b", 'maple 4821'],
    ['redis-cli -h db -a maple4821 ping', 'maple4821'],
    ['run `redis-cli -a maple` there', 'maple'],
    ['ldapsearch -D cn=app -w maple4821 -b dc=x', 'maple4821'],
    ['docker login -u app -p maple4821 r.example.com', 'maple4821'],
    ['az acr login -n x -u app -p=maple4821', 'maple4821'],
    ['htpasswd -cb /etc/users app maple4821', 'maple4821'],
    ["htpasswd -nbB app 'maple4821' > users", 'maple4821'],
    ['curl -sS -uapp:maple4821 https://a.example.com', 'app:maple4821'],
    ['{"cmd":"mysql -uroot -pmaple4821","b":2}', 'maple4821'],
  ])('%j', (text, value) => expectEverywhere(text, [value], values))

  it.each([
    'docker run --name mysql -p 3306:3306 -u 1000 mysql',
    'docker run mysql -p3306:3306',
    'docker run -p 8080:80 app',
    'docker run --name mongo -p 27017:27017 -u 1000 mongo',
    'mysql -u root -p',
    'mysql -uroot -p$PASS',
    'az login --service-principal -u app -p cert1.pem',
    'az login --service-principal -u app -p /etc/ssl/cert1',
    'mysql -u root -p${PASS} app',
    'mysql -uroot -ppassword',
    'mysql -uroot -p<password>',
    'cd mysql && tar -pxzf a1.tgz',
    'mysql is fast\n -pabc123',
    'gcc -lmysql -pthread -u x',
    'docker login -u user -p password',
    'docker login -u "$U" --password-stdin',
    'use redis-cli -a followed by the password',
    'sshpass -p <password> ssh',
    'sshpass -e ssh',
    'curl -uuser:password https://example.com',
    'curl -u"$U:$PW" https://example.com',
    'htpasswd -c file user',
    'htpasswd -b passwordfile username password',
  ])('is nothing where there is none: %j', (text) => {
    expect(values(text, false)).toEqual([])
    expect(values(leaf(text), true)).toEqual([])
  })

  it.each([
    ['["mysql","-u","root","-pmaple4821"]', 'maple4821'],
    ['["mysql", "-u", "root",\n  "-pmaple 4821"]', 'maple 4821'],
    ['{"command":"mysqldump","args":["-uroot","-pmaple&4821"]}', 'maple&4821'],
    ['{"command":["mysql"],"args":["-pmaple4821"]}', 'maple4821'],
    ["run(['sshpass', '-p', 'maple', 'ssh', 'h'])", 'maple'],
    ["spawn('redis-cli', ['-a', 'maple(4821'])", 'maple(4821'],
    ['["docker","login","-u","app","-p","maple4821"]', 'maple4821'],
    ["['docker', 'login', '-u', 'app', '-p', 'maple4821']", 'maple4821'],
    ['["htpasswd","-b","-c","f","app","maple4821"]', 'maple4821'],
    ['["curl","-sS","-u","app:maple 4821","https://a.example.com"]', 'app:maple 4821'],
    ['["/usr/bin/curl","--user","app:maple4821"]', 'app:maple4821'],
    ['command: ["mysql", "-uroot", "-pmaple4821"]', 'maple4821'],
    ['command: ["mysql"]\nargs: ["-pmaple4821"]', 'maple4821'],
    ['command:\n  - mysql\n  - -u\n  - root\n  - -pmaple4821\n', 'maple4821'],
    ['command: mysql\nargs:\n  - "-pmaple4821"\n  - app', 'maple4821'],
    ['- mysql\r\n- -pmaple4821', 'maple4821'],
    [String.raw`["mysql", "-p\"maple4821\""]`, String.raw`\"maple4821\"`],
    [String.raw`["mysql", "-u", "a\\", "-pma\"ple4821", "app"]`, String.raw`ma\"ple4821`],
    [String.raw`["sshpass", "-p", "ma\\ple4821\\", "ssh"]`, String.raw`ma\\ple4821\\`],
    [String.raw`['sshpass', '-p', 'ma\'ple4821', 'ssh']`, String.raw`ma\'ple4821`],
    [String.raw`args: ["mysql"]${'\n'}args: ["-pma\"ple4821"]`, String.raw`ma\"ple4821`],
    ['command: mysql\nargs:\n  - "-pma\\"ple4821"\n', 'ma\\"ple4821'],
    ["command: sshpass\nargs:\n  - -p\n  - 'ma''ple4821'\n  - ssh\n", "ma''ple4821"],
  ])('is one in a list, too: %j', (text, value) => expectEverywhere(text, [value], values))

  it.each([
    '["docker","run","--name","mysql","-p","3306:3306"]',
    '["docker","run","--name","mongo","-p","27017:27017","-u","root"]',
    '["mysql","-u","root","-p"]',
    '["mysql","-u","root","-p${PASS}"]',
    '["mysql","postgres","redis"]',
    '["mysql"],["-pmaple4821"]',
    '{"db":"mysql","note":"-pmaple4821"}',
    '["curl","-u","$U:$PW"]',
    '["curl","-u","1000"]',
    '- mysql\n- postgres\n\n- -pmaple4821',
    '- mysql is fast\n- -pmaple4821',
    '["sshpass","-p","<password>","ssh"]',
    String.raw`["mysql", "-p\"$PASS\""]`,
    String.raw`["mysql\"", "-pmaple4821"]`,
  ])('is none in a list without one: %j', (text) => {
    expect(values(text, false)).toEqual([])
    expect(values(leaf(text), true)).toEqual([])
  })

  it('costs time in proportion in lists', () => {
    for (const unit of [
      'mysql","',
      'mysql\n- ',
      "mysql','-p','",
      'mysql"],args:["',
      '- mysql\n- -p\n',
      'mysql","\\\\"',
    ])
      expect(cpuMs(() => find(unit.repeat(BYTES / unit.length), { raw: false }))).toBeLessThan((4 * BYTES) / 1_024)
  })

  it('is told by the name of its program, and by both halves of a credential', () => {
    expect(find('mysql -uroot -pmaple4821')).toMatchObject([{ by: 'near', rule: 'command-password' }])
    expect(find('curl -uapp:maple4821 https://a.example.com')).toMatchObject([{ by: 'structure' }])
  })
})
