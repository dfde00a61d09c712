// Sub-commands of git that change something. Where only `vcs_write` or `network` stands, the options are an allow list too.
import { does, withFlags, withMore, type Entry } from './table.ts'

const HELP = '-h --help'
const WRITES = { verbs: ['write'] } as const
const RUNS = { verbs: ['code'] } as const
const TRANSFER = `-q --quiet -v --verbose --progress --no-progress -4 --ipv4 -6 --ipv6 --depth= --deepen= --shallow-since=
  --shallow-exclude= --unshallow --update-shallow -t --tags -n --no-tags -j= --jobs= --all -a --append --atomic --dry-run -k --keep
  --filter= --refmap= --recurse-submodules=? --no-recurse-submodules -u --update-head-ok --write-fetch-head --no-write-fetch-head
  --auto-maintenance --no-auto-maintenance --auto-gc --no-auto-gc --multiple --prefetch --show-forced-updates --no-show-forced-updates ${HELP}`
const MERGING = `--ff --no-ff --ff-only --stat --no-stat -n --squash --no-squash --commit --no-commit --log=? --no-log --signoff
  --no-signoff --autostash --no-autostash --allow-unrelated-histories --abort --quit --continue -m= -X= --strategy-option=
  --no-edit --rerere-autoupdate --no-rerere-autoupdate -S=? --gpg-sign=? --no-gpg-sign`
const PRUNES = { '-p|--prune|-P|--prune-tags': WRITES }

export const GIT_WRITES: Readonly<Record<string, Entry>> = {
  add: does(
    'vcs_write',
    `-A --all --no-ignore-removal --ignore-removal --no-all -u --update -v --verbose -p --patch -f --force -n
    --dry-run -N --intent-to-add --refresh --ignore-errors --ignore-missing --renormalize --chmod= --sparse`,
    HELP,
  ),
  commit: does(
    'vcs_write',
    `-a --all -m= --message= -p --patch -C= --reuse-message= --fixup= --squash= --reset-author --short
    --branch --porcelain --long -z --author= --date= -s --signoff --no-signoff --trailer= --allow-empty
    --allow-empty-message --cleanup= --amend --no-edit -u=? --untracked-files=? -v --verbose -q --quiet --dry-run --status
    --no-status -i --include -o --only -S=? --gpg-sign=? --no-gpg-sign --verify --no-post-rewrite`,
    HELP,
  ),
  branch: withMore(
    does(
      'vcs_write',
      `-t --track=? --no-track -m --move -c --copy -u= --set-upstream-to= --unset-upstream
    --create-reflog -q --quiet -v --color=?`,
      HELP,
    ),
    {
      '-d|-D|--delete': { verbs: ['delete'] },
      '-M|-C|-f|--force': WRITES,
      '--edit-description': RUNS,
    },
  ),
  tag: withMore(
    does(
      'vcs_write',
      `-a --annotate -m= --message= -s --sign --no-sign -u= --local-user= --cleanup= --create-reflog
    --trailer=`,
      HELP,
    ),
    {
      '-d|--delete': { verbs: ['delete'] },
      '-f|--force': WRITES,
      '-v|--verify|-e|--edit': RUNS,
      '-F=|--file=': { verbs: ['unknown'] },
    },
  ),
  switch: withMore(
    does(
      'vcs_write',
      `-c= --create= -d --detach --guess --no-guess --progress --no-progress -q --quiet -t --track=?
    --no-track -m --merge --conflict= --orphan= --ignore-other-worktrees`,
      HELP,
    ),
    {
      '-C=|--force-create=|-f|--force|--discard-changes': WRITES,
    },
  ),
  checkout: does(
    'vcs_write',
    `-b= -q --quiet --progress --no-progress -t --track=? --no-track --guess --no-guess -d --detach -l
    --orphan=`,
    HELP,
  ),
  restore: does('vcs_write', '-S --staged -q --quiet --progress --no-progress -s= --source=', HELP),
  reset: withMore(does('vcs_write', '-q --quiet --no-quiet -N --intent-to-add -p --patch --soft --mixed', HELP), {
    '--hard|--merge|--keep': WRITES,
    '--pathspec-from-file=': { verbs: ['unknown'] },
  }),
  'stash | stash push | stash save | stash create': does(
    'vcs_write',
    `-p --patch -k --keep-index --no-keep-index -u
    --include-untracked -a --all -q --quiet -m= --message= -S --staged`,
    HELP,
  ),
  'stash pop | stash apply | stash branch | stash store': does('vcs_write', '--index -q --quiet -m= --message=', HELP),
  'stash drop | stash clear': does('delete'),
  merge: withMore(does('vcs_write', MERGING, '-q --quiet -v --verbose --progress --no-progress', HELP), {
    '-s=|--strategy=|-F=|--file=|-e|--edit|--no-verify': RUNS,
  }),
  'cherry-pick | revert': does(
    'vcs_write',
    MERGING,
    '-x -s --mainline= --skip --ff --allow-empty --keep-redundant-commits',
    HELP,
  ),
  fetch: withMore(does('network vcs_write', TRANSFER), { ...PRUNES, '-f|--force': WRITES, '--upload-pack=': RUNS }),
  'remote show': does('network read', '-n', HELP),
  'remote update': withMore(does('network vcs_write', HELP), PRUNES),
  'remote add | remote set-url | remote rename | remote set-head | remote set-branches': does('vcs_write write'),
  'remote remove | remote rm | remote prune': does('delete'),
  pull: does('network vcs_write write'),
  clone: does('network write'),
  'ls-remote': withMore(
    does(
      'network read',
      `-b --branches --heads -t --tags --refs -q --quiet --exit-code --get-url --sort=
    --symref`,
      HELP,
    ),
    { '--upload-pack=|--exec=': RUNS, '-o=|--server-option=': { verbs: ['unknown'] } },
  ),
  push: withMore(
    does(
      'network vcs_write',
      `-u --set-upstream --tags --follow-tags --no-follow-tags --all --branches -q --quiet -v
    --verbose --progress --no-progress -n --dry-run --porcelain --atomic --no-atomic --thin --no-thin --signed=?
    --no-signed --verify -4 --ipv4 -6 --ipv6 --recurse-submodules= --no-recurse-submodules`,
      HELP,
    ),
    {
      '--receive-pack=|--exec=': RUNS,
    },
  ),
  'worktree add | worktree move | worktree lock | worktree unlock | worktree repair': does('vcs_write write'),
  'worktree remove | worktree prune': does('delete'),
  'notes add | notes append | notes copy | notes edit | notes merge': does('vcs_write write'),
  'notes remove | notes prune': does('delete'),
  'submodule add | submodule update | submodule init | submodule sync | submodule set-url | submodule set-branch':
    does('network write code'),
  'submodule deinit | submodule absorbgitdirs': does('delete'),
  'submodule foreach': does('code'),
  'reflog expire | reflog delete | reflog drop': does('delete'),
  'bisect run': does('code'),
  'bisect visualize | bisect view': does('code'),
  'bisect start | bisect good | bisect bad | bisect new | bisect old | bisect skip | bisect reset | bisect next | bisect replay':
    does('vcs_write write'),
  'bundle create | bundle unbundle': does('write'),
  'sparse-checkout set | sparse-checkout add | sparse-checkout init | sparse-checkout disable | sparse-checkout reapply':
    does('write'),
  'rebase | am | apply | mv | init | format-patch | fast-import | replace | update-ref | update-index | read-tree':
    does('write'),
  'checkout-index | write-tree | commit-tree | commit-graph | multi-pack-index | merge-file | merge-tree | pack-objects':
    does('write'),
  'pack-refs | unpack-objects | index-pack | repack | gc | maintenance | rerere | mktag | mktree | hash-object':
    does('write'),
  'rm | clean | prune | prune-packed': does('delete'),
  'filter-branch | filter-repo | difftool | mergetool | gui | citool | gitk | instaweb | hook | hook run | web--browse':
    does('code'),
  'daemon | http-backend | shell | upload-pack | receive-pack | upload-archive | cvsserver': does('network code'),
  'send-email | imap-send | request-pull | svn | p4 | http-push | http-fetch | send-pack | fetch-pack':
    does('network write code'),
  'credential | credential fill | credential approve | credential reject': withFlags(does('admin'), 'secrets'),
  'credential-store | credential-cache | credential-osxkeychain | credential-manager': withFlags(
    does('admin'),
    'secrets',
  ),
  'lfs pull | lfs fetch | lfs push | lfs track | lfs untrack | lfs install | lfs migrate | lfs prune':
    does('network write'),
}
