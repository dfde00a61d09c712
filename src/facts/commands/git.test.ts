import { describe, expect, it } from 'vitest'
import type { CommandReading } from './command.ts'
import { isMild } from './table.ts'
import { run } from '../../../test/support/run-line.ts'

function git(line: string): CommandReading {
  return run(`git ${line}`)
}

describe('everyday looking around in a repository reads as a read', () => {
  it.each([
    'status',
    'status -sb',
    '-C /repo status --short',
    'log --oneline -5',
    'log -n 10 --author=ann --since "2 weeks ago"',
    'log --graph --all --decorate --pretty=format:%h',
    'log -p --follow -- src/a.ts',
    'log -S std::vector',
    'log -L 10,20:src/a.ts',
    'log --format=%H::%s main..dev',
    'show HEAD~2:src/a.ts',
    'show --stat --name-only abc123',
    'diff',
    'diff --cached --stat',
    'diff main...feature -- src',
    'diff -w -U5 HEAD~1',
    'blame -L 1,20 src/a.ts',
    'grep -n -i "needle" -- src',
    'branch',
    'branch -avv',
    'branch --show-current',
    'branch --merged main',
    'branch -r --sort=-committerdate --format=%x',
    'tag',
    'tag -l "v*"',
    'tag --contains abc',
    'remote -v',
    'remote get-url origin',
    'stash list',
    'stash show -p',
    'config --get user.email',
    'config user.name',
    'config --list',
    'rev-parse --abbrev-ref HEAD',
    'rev-parse --show-toplevel',
    'rev-list --count HEAD',
    'ls-files -m',
    'ls-tree -r HEAD --name-only',
    'ls-remote --heads origin',
    'reflog -10',
    'describe --tags --always',
    'shortlog -sn --no-merges',
    'cat-file -p HEAD',
    'merge-base main HEAD',
    'for-each-ref --format=%x refs/heads',
    'worktree list',
    'submodule status',
    'count-objects -vH',
    'clean -nd',
    'archive --format=tar HEAD',
    'symbolic-ref --short HEAD',
    '--no-pager log -3',
    '-c color.ui=always log -1',
    '-c core.pager=cat diff',
    '--version',
    'help log',
    'log -- ${X}',
  ])('git %s', (line) => {
    expect(git(line).verbs.filter((verb) => verb !== 'read' && verb !== 'network')).toEqual([])
  })
})

describe('ordinary work is a change of the repository and nothing worse', () => {
  it.each([
    'add -A',
    'commit -am "wip: std::x, see https://example.com"',
    'commit -m "- a list"',
    'push',
    'push origin main',
    'push -u origin feature/x',
    'push origin HEAD:main',
    'fetch --all --tags',
    'fetch origin main',
    'checkout -b feature/y',
    'switch main',
    'switch -c x',
    'merge --no-ff feature',
    'branch feature',
    'tag v1.2.3',
    'stash',
    'stash pop',
    'cherry-pick abc123',
    'restore --staged a.ts',
    'reset HEAD~1',
  ])('git %s', (line) => {
    const { verbs, flags } = git(line)
    expect(verbs).toContain('vcs_write')
    expect(verbs.every(isMild)).toBe(true)
    expect(flags).not.toContain('git_force')
  })
})

describe('what writes files, loses work or runs programs never reads as mild', () => {
  it.each([
    'diff --output=/etc/cron.d/x',
    'log --output=/tmp/x',
    'log --outp=/tmp/x',
    'show --ext-diff',
    'log -1 --textconv -p',
    'grep -Oless x',
    'grep --open-files-in-pager=sh x',
    'grep --no-index root /etc',
    'diff --no-index /dev/null /etc/shadow',
    'diff /dev/null /etc/shadow',
    'ls-remote --upload-pack=/tmp/evil origin',
    'ls-remote "ext::sh -c id"',
    'fetch --upload-pack /tmp/evil origin',
    'fetch origin +main:main',
    'fetch https://example.com/x',
    'clone "ext::sh -c id" y',
    'clone https://example.com/x',
    'pull',
    '-c core.pager=evil log',
    '-c core.sshCommand=evil fetch',
    '-c alias.x=!id x',
    '-c core.fsmonitor=/tmp/x status',
    '--config-env=core.pager=X log',
    '--exec-path=/tmp/evil status',
    '--git-dir=/tmp/evil/.git log',
    '--git-dir /tmp/evil status',
    '--work-tree=/ status',
    '-p log',
    '--paginate log',
    '--bare log',
    'branch -D x',
    'branch -M old new',
    'branch -f main HEAD~3',
    'branch --delete x',
    'branch --dele x',
    'branch --edit-description',
    'tag -d v1',
    'tag -f v1',
    'stash drop',
    'stash clear',
    'remote add x https://example.com',
    'remote set-url origin https://example.com',
    'remote remove origin',
    'config alias.x "!rm -rf /"',
    'config --global core.pager evil',
    'config --unset user.name',
    'config --add a.b c',
    'config edit',
    'config -f /etc/x --list',
    'reflog expire --expire=now --all',
    'reflog delete HEAD@{1}',
    'notes add -m x',
    'worktree add ../x',
    'worktree remove x',
    'bisect run sh -c id',
    'bisect start',
    'rebase main',
    'rebase --exec "rm x" main',
    'submodule foreach "rm -rf ."',
    'submodule update --init',
    'archive --remote=host:x --exec=/tmp/e HEAD',
    'archive -o /tmp/x HEAD',
    'archive --output=/tmp/x HEAD',
    'archive --format=custom HEAD',
    'reset --hard HEAD~5',
    'clean -fdx',
    'checkout -- .',
    'checkout .',
    'checkout -f main',
    'checkout main file',
    'restore .',
    'restore --staged --worktree a.ts',
    'switch --discard-changes main',
    'push --receive-pack=/tmp/e origin main',
    'push https://example.com/x main',
    'push -o ci.variable=x origin main',
    'commit --no-verify -m x',
    'commit -F /etc/shadow',
    'merge -s custom x',
    'update-ref -d HEAD',
    'gc --prune=now',
    'filter-branch --tree-filter "rm x"',
    'difftool -x evil',
    'credential fill',
    'credential-store get',
    'format-patch -1 -o /tmp',
    'bundle create /tmp/x --all',
    'symbolic-ref HEAD refs/heads/x',
    'daemon --export-all',
    'send-email x.patch',
    'instaweb',
    'fsck --lost-found',
    'rm a.ts',
    'mv a b',
    'apply x.patch',
    'am x.mbox',
    'init',
    'no-such-command',
    'constructor',
    '__proto__',
    'log ${X}',
    '${X}',
    '-c ${X} log',
    'log --author ${X}',
    'log --grep --output=/tmp/x',
  ])('git %s', (line) => {
    expect(git(line).verbs.every(isMild)).toBe(false)
  })
})

describe('the reading of git tells', () => {
  it('which command bisect would run', () => {
    expect(git('bisect run rm -rf /').inner).toEqual(['rm', '-rf', '/'])
  })

  it('which configuration was overridden', () => {
    expect(git('-c core.pager=evil log').flags).toContain('git_config_override')
    expect(git('--exec-path=/tmp status').flags).toContain('git_exec_path')
    expect(git('-c color.ui=never log').flags).toEqual(['git:log'])
  })

  it('that a key of the configuration holds a credential', () => {
    expect(git('config --get http.extraheader')).toMatchObject({
      verbs: ['admin', 'read'],
      flags: ['git:config', 'secrets'],
    })
  })

  it('which files it shows and which places it talks to', () => {
    expect(git('show HEAD:.env').reads).toEqual(['.env'])
    expect(git('show HEAD:id_rsa').reads).toEqual(['id_rsa'])
    expect(git('log main..dev -- secrets').reads).toEqual(['secrets'])
    expect(git('clone git@example.com:a/b.git').hosts).toEqual(['example.com'])
    expect(git('clone https://example.com/a').urls).toEqual(['https://example.com/a'])
  })
})
