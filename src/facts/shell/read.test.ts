import { describe, expect, it } from 'vitest'
import { loadPostgresReader } from '../sql/postgres/read-postgres.ts'
import { readShell } from './read.ts'

const postgres = await loadPostgresReader()

describe('commands', () => {
  it('are listed with their words and what they were found in', () => {
    const { commands, programs, depth } = readShell(`sudo -u app timeout 5 sh -c 'rm -rf "$x" *.log' && echo $(date)`)
    expect(commands).toEqual([
      { program: 'sudo', args: ['-u', 'app', 'timeout', '5', 'sh', '-c', 'rm -rf "$x" *.log'], via: '' },
      { program: 'timeout', args: ['5', 'sh', '-c', 'rm -rf "$x" *.log'], via: 'sudo' },
      { program: 'sh', args: ['-c', 'rm -rf "$x" *.log'], via: 'timeout' },
      { program: 'rm', args: ['-rf', '\0', '*.log'], via: 'sh -c' },
      { program: 'date', args: [], via: '$(…)' },
      { program: 'echo', args: ['\0'], via: '' },
    ])
    expect(programs).toEqual(['date', 'echo', 'rm', 'sh', 'sudo', 'timeout'])
    expect(depth).toBeGreaterThan(3)
  })

  it.each([
    ["find . -name '*.tmp' -exec rm {} +", 'rm', 'find -exec'],
    ['ls | xargs -n1 rm', 'rm', 'xargs'],
    ['ssh web1 "rm x"', 'rm', 'ssh'],
    ["trap 'rm x' EXIT", 'rm', 'trap'],
    ["eval 'rm x'", 'rm', 'eval'],
    ['cat <(rm x)', 'rm', '<(…)'],
    ['kubectl exec web-0 -- rm x', 'rm', 'kubectl'],
    ["watch 'rm x'", 'rm', 'watch'],
    ["env -S 'rm x'", 'rm', 'env'],
    ['echo rm x | sh', 'rm', 'sh'],
  ])('%s: the inner command is judged', (text, program, via) => {
    expect(readShell(text).commands).toContainEqual(expect.objectContaining({ program, via }))
  })

  it('a loop is judged for each of its values', () => {
    const { commands } = readShell('for f in a.log b.log; do tail -n 5 "$f"; done')
    expect(commands.map(({ args }) => args.at(-1))).toEqual(['a.log', 'b.log'])
  })
})

describe('files', () => {
  it.each<[string, readonly string[], readonly string[]]>([
    ['cat a b', ['a', 'b'], []],
    ['grep -rn foo src lib', ['lib', 'src'], []],
    ['sort < in > out', ['in'], ['out']],
    ['ls >> a 2> b', [], ['a', 'b']],
    ['ls > /dev/null 2>&1', [], []],
    ['cp a b /dest', ['a', 'b'], ['/dest']],
    ['cp -t /dest a', ['a'], ['/dest']],
    ['tee -a x y < z', ['z'], ['x', 'y']],
    ['dd if=a of=b', ['a'], ['b']],
    ['sed -i s/a/b/ f', ['f'], ['f']],
    ["sed -n 'w out' f", ['f'], ['out']],
    ['curl -o x https://a.example', [], ['x']],
    ['find . -fprint list', ['.'], ['list']],
    ['rm -rf a', [], ['a']],
    ['cat $x /var/log/*.log', ['/var/log/*.log'], []],
    ['x=/srv/a; cat $x/b', ['/srv/a/b'], []],
    ['sort -o out in', ['in'], ['out']],
    ['awk 1 f', ['f'], []],
    ['jq . a.json', ['a.json'], []],
    ['for f in a b; do cat "$f.txt"; done', ['a.txt', 'b.txt'], []],
  ])('%s', (text, reads, writes) => {
    expect(readShell(text)).toMatchObject({ reads, writes })
  })

  it('where a redirection goes to is sometimes not known', () => {
    expect(readShell('ls > "$x"')).toMatchObject({ verbs: ['read', 'write'], flags: ['dynamic_path'], writes: [] })
  })
})

describe('network', () => {
  it('addresses and hosts are collected', () => {
    expect(readShell('curl -s https://a.example/x; wget -qO- b.example:8080; ssh u@c.example uptime')).toMatchObject({
      network: true,
      urls: ['b.example:8080', 'https://a.example/x'],
      hosts: ['a.example', 'b.example', 'c.example'],
    })
  })

  it('a program without the network is none of it', () => {
    expect(readShell('cat file')).toMatchObject({ network: false, urls: [], hosts: [] })
  })

  it.each([
    ['curl -X DELETE https://a.example', ['http:DELETE']],
    ['curl -d a=b https://a.example', ['http:POST']],
    ['curl -F f=@x https://a.example', ['http:POST', 'upload']],
    ['curl -I https://a.example', ['http:HEAD']],
    ['wget --post-data=x -O- https://a.example', ['http:POST']],
    ['exec 3<>/dev/tcp/a.example/80', ['dev_tcp', 'wrapper:exec']],
  ])('%s', (text, flags) => {
    expect(readShell(text)).toMatchObject({ network: true, flags })
  })
})

describe('flags', () => {
  it.each([
    ['rm -rfv x', ['rm_force', 'rm_recursive']],
    ['rm --recursive x', ['rm_recursive']],
    ['find . -delete', ['find_delete']],
    ['sudo ls', ['wrapper:sudo']],
    ['python3 -c x', ['inline_code:python3']],
    ['python3 x.py', ['run_script:python3']],
    ['frobnicate', ['unknown_program:frobnicate']],
    ['./ls', ['unknown_program:ls']],
    ['LD_PRELOAD=x ls', ['env:LD_PRELOAD']],
    ['$x', ['dynamic_program']],
    ['bash -c "ls $x"', ['dynamic_args', 'dynamic_code']],
    ['cat "$x"', ['dynamic_args']],
    ['. ./x', ['source']],
    ['alias a=b', ['alias', 'unknown_program:b']],
    ['f() { ls; }', ['function_def']],
    ['coproc ls', ['coproc']],
    ['cat ~/.ssh/config', ['sensitive_path']],
    ['env', ['secrets', 'wrapper:env']],
    ['cat /proc/self/environ', ['secrets', 'sensitive_path']],
    ['curl x.example | sh', ['dynamic_code', 'http:GET', 'pipe_to_interpreter']],
    ['sort --outp=x', ['unknown_option:sort']],
    ['psql -c "$q"', ['dynamic_args']],
  ])('%s', (text, flags) => {
    expect(readShell(text).flags).toEqual(flags)
  })
})

describe('SQL in a command', () => {
  it.each([
    ['psql -c "DELETE FROM users"', ['write']],
    ['psql -d app -c "SELECT 1"', ['read']],
    ['psql --command="DROP TABLE users"', ['delete', 'write']],
    ["psql <<'SQL'\nTRUNCATE users;\nSQL", ['delete', 'write']],
    ['psql <<< "SELECT 1"', ['read']],
    ['echo "DROP TABLE users" | psql', ['delete', 'read', 'write']],
    ['psql -f x.sql', ['sql_unknown', 'unknown']],
    ['psql', ['sql_unknown']],
    ['psql -c "SELEC 1"', ['sql_unknown', 'unknown']],
    ['mysql -e "$q"', ['sql_unknown']],
    ['psql -c "SELECT pg_sleep(1)"', ['read', 'unknown']],
  ])('%s', (text, verbs) => {
    expect(readShell(text, (sql) => postgres.read(sql)).verbs).toEqual(verbs)
  })

  it('its facts are kept', () => {
    const { sql } = readShell('psql -c "DELETE FROM users"', (text) => postgres.read(text))
    expect(sql).toMatchObject([{ parsed: true, tables_written: ['users'], where: 'none' }])
  })

  it('is unknown where nobody can read it', () => {
    expect(readShell('psql -c "SELECT 1"')).toMatchObject({ verbs: ['sql_unknown'], sql: [] })
  })

  it('the dialect of the client is told', () => {
    const dialects: string[] = []
    readShell(
      "psql -c 'SELECT 1'; mysql -e 'SELECT 1'; mariadb -e 'SELECT 1'; sqlite3 x 'SELECT 1'",
      (text, dialect) => {
        dialects.push(dialect)
        return postgres.read(text)
      },
    )
    expect(dialects).toEqual(['postgresql', 'mysql', 'mariadb', 'sqlite'])
  })

  it('a reader that fails makes the text unread, not safe', () => {
    const facts = readShell('psql -c "SELECT 1"', () => {
      throw new Error('broken')
    })
    expect(facts.parsed).toBe(false)
  })
})

describe('values of variables', () => {
  it.each([
    ['x=a; sort $x', 'read'],
    ['x=-oa; sort $x', 'write'],
    ['sort $x', 'unknown'],
    ['sort -- "$x"', 'unknown'],
    ['sort /var/log/"$x"', 'read'],
    ['x=a; [ -f y ] && x=-oa; sort $x', 'unknown'],
    ['for x in a b; do sort "$x"; done', 'read'],
    ['for x in *.csv; do sort "$x"; done', 'read'],
    ['for x in -oa; do sort "$x"; done', 'write'],
    ['n=3; tail -n $n f', 'read'],
    ['n=$(wc -l < f); if [[ $n -gt 5 ]]; then echo many; fi', 'read'],
    ['read n; if [[ $n -gt 5 ]]; then echo many; fi', 'unknown'],
  ])('%s: %s', (text, verb) => {
    expect(readShell(text).verbs.at(-1)).toBe(verb)
  })
})

it('a comment alone does nothing', () => {
  expect(readShell('# nothing')).toMatchObject({ parsed: true, verbs: ['read'], programs: [] })
})

it('a known program by way of its folder is itself, in any other folder it is unknown', () => {
  expect(readShell('/usr/bin/ls').verbs).toEqual(['read'])
  expect(readShell('/tmp/ls').verbs).toContain('unknown')
  expect(readShell('/usr/bin/../../tmp/ls').verbs).toContain('unknown')
})

it('facts of kubectl and of clouds come with the command', () => {
  const { k8s, cloud } = readShell('kubectl get pods -n prod; aws s3 ls')
  expect(k8s).toMatchObject([{ verb: 'get', resource: 'pods', namespace: 'prod' }])
  expect(cloud).toMatchObject([{ provider: 'aws', service: 's3' }])
})
