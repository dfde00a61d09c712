// Sub-commands of git that only read, with the options that leave it so (git 2.39 to 2.51, manual pages). Left out on
// purpose, because they write a file, start a program or read outside of the repository: --output, --ext-diff,
// --textconv, --no-index, -O of diff and grep, --filters, --show-signature, --upload-pack, --exec, --contents, -f of grep.
import { options } from './options.ts'
import { reads, type Entry } from './table.ts'

const HELP = '-h --help'

export const DIFF_OPTIONS = `-p -u --patch -s --no-patch -U= --unified= --raw --patch-with-raw --indent-heuristic
  --no-indent-heuristic --minimal --patience --histogram --anchored= --diff-algorithm= --stat=? --stat-width=
  --stat-name-width= --stat-count= --stat-graph-width= --compact-summary --numstat --shortstat -X=? --dirstat=? --cumulative --dirstat-by-file=?
  --summary --patch-with-stat -z --name-only --name-status --submodule=? --color=? --no-color --color-moved=?
  --no-color-moved --color-moved-ws= --no-color-moved-ws --word-diff=? --word-diff-regex= --color-words=? --no-renames
  --renames --rename-empty --no-rename-empty --check --ws-error-highlight= --full-index --binary --abbrev=? -B=?
  --break-rewrites=? -M=? --find-renames=? -C=? --find-copies=? --find-copies-harder -D --irreversible-delete -l=
  --diff-filter= -S= -G= --find-object= --pickaxe-all --pickaxe-regex --skip-to= --rotate-to= -R --relative=? --no-relative
  -a --text --ignore-cr-at-eol --ignore-space-at-eol -b --ignore-space-change -w --ignore-all-space --ignore-blank-lines
  -I= --ignore-matching-lines= --inter-hunk-context= -W --function-context --exit-code --quiet --no-ext-diff
  --no-textconv --ignore-submodules=? --src-prefix= --dst-prefix= --no-prefix --default-prefix --line-prefix=
  --ita-invisible-in-index --output-indicator-new= --output-indicator-old= --output-indicator-context= --cc -c -m -r -t`

const REVISION_OPTIONS = `-# -n= --max-count= --skip= --since= --after= --since-as-filter= --until= --before= --max-age= --min-age=
  --author= --committer= --grep-reflog= --grep= --all-match --invert-grep -i --regexp-ignore-case --basic-regexp -E
  --extended-regexp -F --fixed-strings -P --perl-regexp --remove-empty --merges --no-merges --min-parents= --max-parents=
  --no-min-parents --no-max-parents --first-parent --exclude-first-parent-only --not --all --branches=? --tags=?
  --remotes=? --glob= --exclude= --exclude-hidden= --reflog --alternate-refs --single-worktree --ignore-missing --bisect
  --cherry-mark --cherry-pick --left-only --right-only --cherry -g --walk-reflogs --merge --boundary
  --simplify-by-decoration --show-pulls --full-history --dense --sparse --simplify-merges --ancestry-path=? --date-order
  --author-date-order --topo-order --reverse --no-walk=? --do-walk --pretty=? --format=? --abbrev-commit
  --no-abbrev-commit --oneline --encoding= --expand-tabs=? --no-expand-tabs --notes=? --no-notes --show-notes=?
  --relative-date --date= --parents --children --left-right --graph --no-graph --show-linear-break=?`

const LOG_OPTIONS = `${DIFF_OPTIONS} ${REVISION_OPTIONS} ${HELP} -q --follow --no-decorate --decorate=? --decorate-refs=
  --decorate-refs-exclude= --clear-decorations --source --mailmap --no-mailmap --use-mailmap --no-use-mailmap --full-diff
  --log-size -L= --diff-merges= --no-diff-merges --remerge-diff --combined-all-paths --dd`

const LIST_FILTERS = '--sort= --format= --color=? --points-at= -i --ignore-case --omit-empty'

export const STASH_SHOW_OPTIONS = options(DIFF_OPTIONS, '--include-untracked --only-untracked --no-include-untracked')

export const GIT_READS: Readonly<Record<string, Entry>> = {
  status: reads(
    `-s --short -b --branch --show-stash --no-show-stash --porcelain=? --long -v --verbose -u=?
    --untracked-files=? --ignore-submodules=? --ignored=? -z --column=? --no-column --ahead-behind --no-ahead-behind
    --renames --no-renames --find-renames=?`,
    HELP,
  ),
  'log | show | whatchanged | reflog show': reads(LOG_OPTIONS),
  reflog: reads(LOG_OPTIONS),
  'reflog exists | reflog list': reads(HELP),
  diff: reads(DIFF_OPTIONS, '--cached --staged --merge-base -0 -1 -2 -3 --base --ours --theirs', HELP),
  'diff-tree | diff-index | diff-files': reads(
    DIFF_OPTIONS,
    '--cached --root --no-commit-id --pretty=? --format=? -v -q -0 -1 -2 -3',
    HELP,
  ),
  'range-diff': reads(DIFF_OPTIONS, '--creation-factor= --no-dual-color --left-only --right-only', HELP),
  shortlog: reads(REVISION_OPTIONS, '-n --numbered -s --summary -e --email --group= -c -w=?', '--help'),
  'rev-list': reads(
    REVISION_OPTIONS,
    `--count --objects --objects-edge --timestamp --header --quiet --disk-usage=?
    --no-object-names --object-names --use-bitmap-index --unpacked --missing= --filter= --no-commit-header -z`,
    HELP,
  ),
  'rev-parse': reads(
    `--abbrev-ref=? --short=? --verify -q --quiet --show-toplevel --git-dir --git-common-dir
    --absolute-git-dir --is-inside-work-tree --is-inside-git-dir --is-bare-repository --is-shallow-repository --show-prefix
    --show-cdup --show-superproject-working-tree --show-object-format=? --symbolic --symbolic-full-name --all --branches=?
    --tags=? --remotes=? --git-path= --path-format= --since= --until= --sq --not --flags --no-flags --revs-only --no-revs
    --default= --local-env-vars --shared-index-path --show-ref-format`,
    HELP,
  ),
  'blame | annotate': reads(`-b --root --show-stats -L= -l -t --reverse --first-parent -p --porcelain
    --line-porcelain --incremental --encoding= --date= --progress --no-progress -M=? -C=? --ignore-rev= --color-lines
    --color-by-age -h -c --score-debug -f --show-name -n --show-number -s -e --show-email -w --abbrev= --help`),
  grep: reads(`--cached --untracked --no-exclude-standard --exclude-standard --recurse-submodules -a --text --no-textconv -i
    --ignore-case -I --max-depth= -r --recursive --no-recursive -w --word-regexp -v --invert-match -h -H --full-name -E
    --extended-regexp -G --basic-regexp -P --perl-regexp -F --fixed-strings -n --line-number --column -l
    --files-with-matches --name-only -L --files-without-match -z --null -o --only-matching -c --count --color=?
    --no-color --break --heading -p --show-function -# -C= --context= -A= --after-context= -B= --before-context= -W
    --function-context -m= --max-count= --threads= -e= --and --or --not --all-match -q --quiet --help`),
  'ls-files': reads(
    `-c --cached -d --deleted -m --modified -o --others -i --ignored -s --stage -u --unmerged -k --killed
    --directory --no-empty-directory --eol --deduplicate -z -t -v -f --exclude-standard -x= --exclude= --error-unmatch
    --full-name --recurse-submodules --abbrev=? --format= --sparse --resolve-undo`,
    HELP,
  ),
  'ls-tree': reads(
    '-d -r -t -l --long -z --name-only --name-status --object-only --full-name --full-tree --abbrev=? --format=',
    HELP,
  ),
  'cat-file': reads(
    '-t -s -e -p --batch=? --batch-check=? --batch-all-objects --buffer --unordered --follow-symlinks --allow-unknown-type -z',
    HELP,
  ),
  describe: reads(
    `--all --tags --contains --abbrev=? --candidates= --exact-match --debug --long --match= --exclude=
    --always --first-parent --dirty=? --broken=?`,
    HELP,
  ),
  'name-rev': reads('--tags --refs= --exclude= --all --name-only --no-undefined --always', HELP),
  'for-each-ref': reads('--count= --contains= --no-contains= --merged=? --no-merged=? --exclude=', LIST_FILTERS, HELP),
  'show-ref': reads(
    '--head --heads --branches --tags -d --dereference -s --hash=? --verify --abbrev=? -q --quiet --exists',
    '--help',
  ),
  'show-branch': reads(
    '-r --remotes -a --all --current --topo-order --date-order --sparse --more=? --list --merge-base --independent --no-name --sha1-name --topics --color=? --no-color',
    HELP,
  ),
  'merge-base': reads('-a --all --octopus --independent --is-ancestor --fork-point', HELP),
  cherry: reads('-v --abbrev=?', HELP),
  'count-objects': reads('-v -H --verbose --human-readable', HELP),
  'check-ignore': reads('-v --verbose -n --non-matching -q --quiet --no-index -z --stdin', HELP),
  'check-attr': reads('-a --all --cached -z --stdin', HELP),
  'check-mailmap': reads('--stdin', HELP),
  'check-ref-format': reads('--branch --normalize --allow-onelevel --refspec-pattern', HELP),
  'patch-id': reads('--stable --unstable --verbatim', HELP),
  var: reads('-l', HELP),
  fsck: reads(
    '--tags --root --unreachable --cache --no-reflogs --full --no-full --connectivity-only --strict --verbose --dangling --no-dangling --progress --no-progress --name-objects',
    HELP,
  ),
  version: reads('--build-options', HELP),
  help: reads('-a --all -g --guides -c --config --no-external-commands --no-aliases --verbose -v'),
  'stash list': reads(LOG_OPTIONS),
  'stash show': { verbs: ['read'], options: STASH_SHOW_OPTIONS, more: new Map() },
  remote: reads('-v --verbose', HELP),
  'remote get-url': reads('--push --all', HELP),
  'worktree list': reads('-v --verbose --porcelain -z', HELP),
  'notes | notes list | notes show | notes get-ref': reads('--ref=', HELP),
  'submodule | submodule status | submodule summary': reads(
    '--cached --recursive --quiet -q --files --summary-limit= -n=',
    HELP,
  ),
  'bisect log | bisect terms': reads(HELP),
  'bundle list-heads | bundle verify': reads('-q --quiet', HELP),
  'config | config get | config list | symbolic-ref | archive': reads(HELP),
  'sparse-checkout list': reads(HELP),
  'lfs ls-files | lfs status | lfs version': reads(
    '-l --long -s --size -d --debug -a --all -n --name-only -p --porcelain -j --json',
    HELP,
  ),
}

/** Which of these make `git branch` and `git tag` list instead of create. */
export const LISTING: readonly string[] = [
  '-l',
  '--list',
  '--contains',
  '--no-contains',
  '--merged',
  '--no-merged',
  '--points-at',
  '-n',
]
export const BRANCH_LIST = options(
  `-a --all -r --remotes -v --verbose -l --list --show-current --contains=? --no-contains=?
  --merged=? --no-merged=? --column=? --no-column --abbrev=? --no-abbrev --no-color -q --quiet`,
  LIST_FILTERS,
  HELP,
)
export const TAG_LIST = options(
  `-l --list -n=? --contains=? --no-contains=? --merged=? --no-merged=? --column=? --no-column`,
  LIST_FILTERS,
  HELP,
)
/** What else only reads the configuration, beside the actions below. */
export const CONFIG_OPTIONS = options(
  `--global --system --local --worktree --show-origin --show-scope --name-only -z --null
  --type= --bool --int --bool-or-int --bool-or-str --path --expiry-date --no-type --default= --includes --no-includes
  --get --get-all --get-regexp --get-urlmatch -l --list --get-color --get-colorbool --all --regexp --value= --url=
  --fixed-value --show-names --no-show-names`,
  HELP,
)
