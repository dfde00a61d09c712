import { HARMLESS, program, type Program } from './program.ts'

const LS =
  '-aAbBcCdDfFgGhHiklLmnNopqQrRsStuUvxXZ1@eO -I: -T: -w: --all --almost-all --author --escape --block-size: --ignore-backups --color:? --directory --dired --classify:? --file-type --format: --full-time --group-directories-first --no-group --human-readable --si --dereference-command-line --dereference-command-line-symlink-to-dir --hide: --hyperlink:? --indicator-style: --inode --ignore: --kibibytes --dereference --numeric-uid-gid --literal --hide-control-chars --show-control-chars --quote-name --quoting-style: --reverse --recursive --size --sort: --time: --time-style: --tabsize: --width: --context --zero'

/** Programs that list files and tell about them, but not what is in them. */
export const FILE_TOOLS: Readonly<Record<string, Program>> = {
  ls: program('names', LS, HARMLESS),
  dir: program('names', LS, HARMLESS),
  vdir: program('names', LS, HARMLESS),
  ll: program('names', LS, HARMLESS),
  exa: program('names', EXA(), HARMLESS),
  eza: program('names', EXA(), HARMLESS),
  // `-R` with `-H` writes; `--fromfile` shows what a file holds.
  tree: program(
    'names',
    '-adflxqNQpughDFvrtcUnACJiXsS -L: -P: -I: -o:w --dirsfirst --filesfirst --noreport --prune --du --si --inodes --device --matchdirs --ignore-case --gitignore --filelimit: --charset: --sort: --timefmt: --metafirst --info',
  ),
  stat: program('names', '-LftxlnrsFq -c: --dereference --file-system --cached: --format: --printf: --terse', HARMLESS),
  // `-C` compiles and writes, `-f` shows what a file holds, `-z` runs decompressors.
  file: program(
    'names',
    '-bciIkhLnNprs0 -e: -F: -P: --brief --mime --mime-type --mime-encoding --keep-going --dereference --no-dereference --no-buffer --no-pad --print0 --preserve-date --raw --special-files --extension --apple --exclude: --separator: --parameter:',
  ),
  du: program(
    'names',
    '-0abcDHhkLlmPSsxA -B: -d: -t: -I: --null --all --apparent-size --block-size: --bytes --total --dereference-args --max-depth: --human-readable --inodes --dereference --count-links --no-dereference --separate-dirs --si --summarize --threshold: --time:? --time-style: --exclude: --one-file-system',
    HARMLESS,
  ),
  df: program(
    'names',
    '-ahHiklPTvmgIY -B: -t: -x: --all --block-size: --human-readable --si --inodes --local --no-sync --output:? --portability --sync --total --type: --print-type --exclude-type:',
    HARMLESS,
  ),
  readlink: program(
    'names',
    '-femnqsvz --canonicalize --canonicalize-existing --canonicalize-missing --no-newline --quiet --silent --verbose --zero',
    HARMLESS,
  ),
  realpath: program(
    'names',
    '-emLPqsz --canonicalize-existing --canonicalize-missing --logical --physical --quiet --relative-to: --relative-base: --strip --no-symlinks --zero',
    HARMLESS,
  ),
  basename: program('text', '-az -s: --multiple --suffix: --zero', HARMLESS),
  dirname: program('text', '-z --zero', HARMLESS),
  pathchk: program('names', '-pP --portability', HARMLESS),
  namei: program('names', '-xmolnv --mountpoints --modes --owners --long --nosymlinks --vertical', HARMLESS),
  mountpoint: program('names', '-qdx --quiet --nofollow --fs-devno --devno', HARMLESS),
  getfacl: program(
    'names',
    '-acdeEnpRLPst --access --default --omit-header --numeric --absolute-names --recursive',
    HARMLESS,
  ),
  lsattr: program('names', '-RVadlpv', HARMLESS),
  getfattr: program('names', '-dhLPR -n: -e: -m: --dump --name:', HARMLESS),
  locate: program(
    'text',
    '-Abceilrw0 -n: -l: --all --basename --count --existing --ignore-case --limit: --regex',
    HARMLESS,
  ),
  whereis: program('text', '-bmsul', HARMLESS),
  which: program('text', '-asi --all --skip-alias', HARMLESS),
  findmnt: program(
    'text',
    '-smkAabCcDefiJlnPRrUuvy -d: -O: -o: -S: -T: -M: -t: --fstab --mtab --kernel --all --ascii --bytes --df --json --list --noheadings --options: --output: --output-all --pairs --raw --source: --target: --mountpoint: --types: --verify --verbose',
  ),
  cloc: program('names', '--by-file --exclude-dir: --include-lang: --exclude-lang: --quiet --json --csv --md --yaml'),
  tokei: program('names', '-fCs -e: -t: -o: -s: --files --exclude: --type: --output: --sort: --hidden --no-ignore'),
  scc: program('names', '-w -i: --by-file --exclude-dir: --no-complexity --sort: -f:'),
}

function EXA(): string {
  return '-1laAdFRGTrhbBgHiLmSsuUx@nZ -t: -s: -I: -L: -w: --all --long --tree --level: --git --icons:? --header --group --sort: --reverse --time: --color: --group-directories-first --recurse --oneline --binary --bytes --inode --links --modified --accessed --created --only-dirs --ignore-glob: --git-ignore --no-permissions --no-user --no-time --time-style: --classify:? --across --grid --no-filesize --total-size'
}
