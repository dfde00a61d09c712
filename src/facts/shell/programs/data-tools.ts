import { program, type Program } from './program.ts'

/** `@file` is a file of further options. */
const NO_FILE_OF_OPTIONS = { operand: /^(?!@)/ }

/** Readers of structured data without a language of their own; `jq` and `yq` have handlers. */
export const DATA_TOOLS: Readonly<Record<string, Program>> = {
  csvcut: program('files', '-nxlHKS -d: -c: -C: -q: -e: --names --columns: --delimiter: --no-header-row'),
  csvlook: program('files', '-lHIS -d: --max-rows: --max-columns: --delimiter: --no-inference'),
  csvstat: program(
    'files',
    '-H -d: -c: --type --nulls --unique --min --max --sum --mean --median --freq --count --columns:',
  ),
  csvgrep: program('files', '-inH -d: -c: -m: -r: --columns: --match: --regex: --invert-match'),
  csvsort: program('files', '-irH -d: -c: --columns: --reverse'),
  csvjson: program('files', '-H -d: -i: -k: --indent: --key: --stream'),
  jsonlint: program('files', '-cqs'),
  nm: program('files', '-aACDglnoprSuv --demangle:? --defined-only --dynamic --extern-only', NO_FILE_OF_OPTIONS),
  readelf: program(
    'files',
    '-aAdeghIlnrsStuVWw --all --file-header --program-headers --section-headers --symbols --dynamic --wide',
    NO_FILE_OF_OPTIONS,
  ),
  objdump: program(
    'files',
    '-aCdDfghprRsStTwxz -j: -M: --disassemble:? --syms --source --section: --all-headers',
    NO_FILE_OF_OPTIONS,
  ),
  size: program('files', '-ABGdotx --format: --totals', NO_FILE_OF_OPTIONS),
}
