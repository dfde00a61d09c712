import { HARMLESS, program, type Program } from './program.ts'

const CHECKSUM = '-bctzw --binary --check --tag --text --zero --ignore-missing --quiet --status --strict --warn'

/** Programs that show, cut, sort, count and compare text. Options as in GNU coreutils, diffutils, util-linux, and BSD's where they differ. */
export const TEXT_TOOLS: Readonly<Record<string, Program>> = {
  cat: program(
    'files',
    '-AbeEnstTuvl --show-all --number-nonblank --show-ends --number --squeeze-blank --show-tabs --show-nonprinting',
    HARMLESS,
  ),
  tac: program('files', '-br -s: --before --regex --separator:', HARMLESS),
  nl: program(
    'files',
    '-p -b: -d: -f: -h: -i: -l: -n: -s: -v: -w: --body-numbering: --section-delimiter: --footer-numbering: --header-numbering: --line-increment: --join-blank-lines: --number-format: --no-renumber --number-separator: --starting-line-number: --number-width:',
    HARMLESS,
  ),
  head: program('files', '-qvz -# -c: -n: --bytes: --lines: --quiet --silent --verbose --zero-terminated', HARMLESS),
  tail: program(
    'files',
    '-fFqrvz -# +# -b: -c: -n: -s: --bytes: --follow:? --lines: --max-unchanged-stats: --pid: --quiet --silent --retry --sleep-interval: --verbose --zero-terminated',
    HARMLESS,
  ),
  wc: program('names', '-cmlLw --bytes --chars --lines --max-line-length --words --total:', HARMLESS),
  cut: program(
    'files',
    '-nszw -b: -c: -d: -f: --bytes: --characters: --delimiter: --fields: --complement --only-delimited --output-delimiter: --zero-terminated',
    HARMLESS,
  ),
  tr: program('text', '-cCdstu --complement --delete --squeeze-repeats --truncate-set1', HARMLESS),
  paste: program('files', '-sz -d: --delimiters: --serial --zero-terminated', HARMLESS),
  join: program(
    'files',
    '-iz -a: -e: -j: -o: -t: -v: -1: -2: --ignore-case --check-order --nocheck-order --header --zero-terminated',
    HARMLESS,
  ),
  comm: program(
    'files',
    '-123iz --check-order --nocheck-order --output-delimiter: --total --zero-terminated',
    HARMLESS,
  ),
  rev: program('files', '-0 --zero', HARMLESS),
  fold: program('files', '-bcs -w: --bytes --characters --spaces --width:', HARMLESS),
  fmt: program(
    'files',
    '-cstu -# -p: -w: -g: --crown-margin --prefix: --split-only --tagged-paragraph --uniform-spacing --width: --goal:',
    HARMLESS,
  ),
  pr: program(
    'files',
    '-aceFfJmrtTvd -# -D: -h: -l: -N: -o: -w: -W: --columns: --across --header: --length: --merge --omit-header --width:',
    HARMLESS,
  ),
  expand: program('files', '-i -# -t: --initial --tabs:', HARMLESS),
  unexpand: program('files', '-a -t: --all --first-only --tabs:', HARMLESS),
  column: program(
    'files',
    '-tdeLJxnm -O: -N: -l: -E: -H: -R: -T: -W: -r: -i: -p: -c: -o: -s: --table --table-name: --table-order: --table-columns: --table-columns-limit: --table-noheadings --table-header-repeat --table-hide: --table-right: --table-truncate: --table-wrap: --keep-empty-lines --json --tree: --tree-id: --tree-parent: --output-width: --output-separator: --separator: --fillrows',
    HARMLESS,
  ),
  col: program('text', '-bfhpx -l:', HARMLESS),
  colrm: program('text', '', HARMLESS),
  look: program('pattern', '-adf -t: --alternative --alphanum --ignore-case --terminate:', HARMLESS),
  tsort: program('files', '', HARMLESS),
  // `--compress-program`, `--files0-from`, `-T` and `--random-source` are left out.
  sort: program(
    'files',
    '-bdfghiMnRrVmsuzcC -k: -o:w -S: -t: --output:w --ignore-leading-blanks --dictionary-order --ignore-case --general-numeric-sort --ignore-nonprinting --month-sort --human-numeric-sort --numeric-sort --random-sort --reverse --sort: --version-sort --batch-size: --check:? --debug --key: --merge --stable --buffer-size: --field-separator: --parallel: --unique --zero-terminated',
  ),
  // The second operand is written.
  uniq: program(
    'files',
    '-cdDiuz -f: -s: -w: --count --repeated --all-repeated:? --skip-fields: --group:? --ignore-case --skip-chars: --unique --zero-terminated --check-chars:',
    { operandsMax: 1 },
  ),
  shuf: program('files', '-erz -i: -n: -o:w --output:w --echo --input-range: --head-count: --repeat --zero-terminated'),
  diff: program(
    'files',
    '-qscueEnyptTrNiZbwBadvP -# -C: -U: -W: -x: -X:r -S: -I: -F: --normal --brief --report-identical-files --context:? --unified:? --ed --rcs --side-by-side --width: --left-column --suppress-common-lines --show-c-function --show-function-line: --label: --expand-tabs --initial-tab --tabsize: --suppress-blank-empty --recursive --no-dereference --new-file --unidirectional-new-file --ignore-file-name-case --exclude: --exclude-from:r --starting-file: --from-file:r --to-file:r --ignore-case --ignore-tab-expansion --ignore-trailing-space --ignore-space-change --ignore-all-space --ignore-blank-lines --ignore-matching-lines: --text --strip-trailing-cr --minimal --speed-large-files --color:?',
    HARMLESS,
  ),
  colordiff: program('files', '-qsurNiwBba -U: --brief --unified:? --recursive --color:?'),
  diff3: program('files', '-AeE3xXimaT -L: --show-all --ed --merge --text --label:'),
  sdiff: program(
    'files',
    '-iEZbWBalstdH -o:w --output:w -w: --width: --ignore-case --left-column --suppress-common-lines --text --minimal',
  ),
  cmp: program('files', '-blsz -i: -n: --print-bytes --ignore-initial: --verbose --bytes: --quiet --silent', HARMLESS),
  // `-f` of these shows only lines that match.
  grep: program('pattern', GREP(), HARMLESS),
  egrep: program('pattern', GREP(), HARMLESS),
  fgrep: program('pattern', GREP(), HARMLESS),
  zgrep: program('pattern', '-EFGPiwxvnHhoqaclLsZ -e: -m: -A: -B: -C: --ignore-case --count --line-number'),
  // `--pre` and `--hostname-bin` run programs, `-z` decompressors.
  rg: program(
    'pattern',
    '-FiSswxvnNHIcloqaLuUpP0.V -e: -f:r -g: -t: -T: -m: -A: -B: -C: -d: -r: -j: -M: -E: --regexp: --file:r --fixed-strings --ignore-case --smart-case --case-sensitive --word-regexp --line-regexp --invert-match --line-number --no-line-number --with-filename --no-filename --count --count-matches --files --files-with-matches --files-without-match --only-matching --quiet --text --follow --unrestricted --multiline --multiline-dotall --pretty --pcre2 --null --hidden --no-ignore --no-ignore-vcs --glob: --iglob: --type: --type-not: --type-list --max-count: --after-context: --before-context: --context: --max-depth: --replace: --threads: --max-columns: --encoding: --color: --colors: --column --heading --no-heading --json --sort: --sortr: --stats --trim --vimgrep --no-messages --passthru --one-file-system --max-filesize: --no-config --crlf --engine: --block-buffered --line-buffered',
    { isTree: true },
  ),
  ag: program(
    'pattern',
    '-iSswvlLcQaruU0 -A: -B: -C: -G: -m: --hidden --ignore: --nocolor --color --nogroup --group --column --depth: --literal --count',
    {
      isTree: true,
    },
  ),
  ack: program('pattern', '-iwvlLchHQf -A: -B: -C: -m: --nocolor --color --nogroup --ignore-case --literal', {
    isTree: true,
  }),
  od: program(
    'files',
    '-vabcdfilosxD -A: -j: -N: -S: -t: -w:? --address-radix: --endian: --skip-bytes: --read-bytes: --strings:? --format: --output-duplicates --width:?',
    HARMLESS,
  ),
  hexdump: program(
    'files',
    '-bcCdoxv -e: -n: -s: --one-byte-octal --one-byte-char --canonical --two-bytes-decimal --two-bytes-octal --two-bytes-hex --color:? --format: --length: --skip: --no-squeezing',
    HARMLESS,
  ),
  hd: program('files', '-bcCdoxv -n: -s:', HARMLESS),
  // `-r` writes what it reads, and so does the second operand.
  xxd: program(
    'files',
    '-a -b -C -E -e -i -d -p -ps -plain -postscript -u -c: -cols: -g: -l: -len: -n: -o: -s: -seek:',
    {
      isSingle: true,
      operandsMax: 1,
    },
  ),
  strings: program(
    'files',
    '-afowd -# -n: -t: -T: -e: -U: -s: --all --data --print-file-name --bytes: --radix: --encoding: --include-all-whitespace',
    { operand: /^(?!@)/ },
  ),
  base64: program('files', '-diD -w: -o:w --decode --ignore-garbage --wrap:'),
  base32: program('files', '-di -w: --decode --ignore-garbage --wrap:', HARMLESS),
  iconv: program('files', '-lcs -f: -t: -o:w --output:w --from-code: --to-code: --list --silent --verbose'),
  numfmt: program(
    'text',
    '-zM -d: --debug --delimiter: --field: --format: --from: --from-unit: --grouping --header:? --invalid: --padding: --round: --suffix: --to: --to-unit: --zero-terminated',
    HARMLESS,
  ),
  ...Object.fromEntries(
    ['md5sum', 'sha1sum', 'sha224sum', 'sha256sum', 'sha384sum', 'sha512sum'].map((name) => [
      name,
      program('names', CHECKSUM, HARMLESS),
    ]),
  ),
  b2sum: program('names', `${CHECKSUM} -l: --length:`, HARMLESS),
  cksum: program('names', `${CHECKSUM} -a: -l: --algorithm: --length: --untagged --debug`, HARMLESS),
  sum: program('names', '-rs --sysv', HARMLESS),
  md5: program('names', '-pqr -s:', HARMLESS),
  shasum: program('names', '-bcUtq0s -a: --algorithm: --check --status --warn', HARMLESS),
  xmllint: program('files', '--noout --format --xpath: --nonet --noblanks --pretty: --html --recover', {
    operand: /^(?!\w+:)/,
  }),
}

function GREP(): string {
  return [
    '-EFGPiywxzsvVbnHhoqaIrRLlcTZNU -# -e: -f:r -m: -d: -D: -B: -A: -C: --extended-regexp --fixed-strings --basic-regexp',
    '--perl-regexp --regexp: --file:r --ignore-case --no-ignore-case --word-regexp --line-regexp --null-data --no-messages',
    '--invert-match --max-count: --byte-offset --line-number --line-buffered --with-filename --no-filename --label:',
    '--only-matching --quiet --silent --binary-files: --text --directories: --devices: --recursive --dereference-recursive',
    '--include: --exclude: --exclude-from:r --exclude-dir: --files-without-match --files-with-matches --count --initial-tab',
    '--null --before-context: --after-context: --context: --group-separator: --no-group-separator --color:? --colour:? --binary',
  ].join(' ')
}
