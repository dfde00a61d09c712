import { describe, expect, it } from 'vitest'
import { compileCondition } from './condition.ts'

function complaint(source: string): string {
  const compiled = compileCondition(source)
  if (compiled.kind === 'condition') return 'nothing is wrong'
  const { line, column, message, hint } = compiled
  return `${line}:${column} ${message}${hint === undefined ? '' : ` | ${hint}`}`
}

describe('a condition that is wrong is refused at load, with its place and what to do', () => {
  it.each([
    ['# no\nsql.present', '1:1 # begins no comment here | CEL comments are //'],
    ['sql.present  // fine\n  && sql.parsed # not', '2:17 # begins no comment here | CEL comments are //'],
    ['sql.verb == "x"', '1:5 sql has no field "verb" | did you mean "verbs"?'],
    ['sql["verb"] == "x"', '1:1 sql has no field "verb" | did you mean "verbs"?'],
    ['sql.where = "none"', '1:11 = does not compare | write =='],
    ['args.x => 3', '1:8 => is no comparison | write >='],
    ['sql.where <> "x"', '1:11 <> is no comparison | write !='],
    ['sql.where =~ "x"', '1:11 =~ is no comparison | write x.re("pattern")'],
    ['sql.present and sql.parsed', '1:13 the word "and" means nothing | write &&'],
    ['sql.present\n  or sql.parsed', '2:3 the word "or" means nothing | write ||'],
    ['not sql.present', '1:1 the word "not" means nothing | write !'],
    ['sql.present && (not sql.parsed)', '1:17 the word "not" means nothing | write !'],
    ['sql.where not in ["a"]', '1:11 the words "not in" mean nothing | write !(x in list)'],
    ['sql.where is "none"', '1:11 the word "is" means nothing | write =='],
    ['sql.present & sql.parsed', '1:13 & alone means nothing | write &&'],
    ['sql.present | sql.parsed', '1:13 | alone means nothing | write ||'],
    ['if sql.present', '1:1 "if" is no part of a condition | write condition ? a : b, or only the condition'],
    ['call.tool == “a”', '1:14 this quote is none | write " or \''],
    ['sql.present; sql.parsed', '1:12 a condition is one expression | join several by &&'],
    ['"ddl" in sql.where', '1:10 "in" looks into a list, and this is a string | write == or sql.where.contains("ddl")'],
    ['sql.verbs == "ddl"', '1:1 list<string> == string cannot be compared or computed | write "ddl" in sql.verbs'],
    ['"ddl" != sql.verbs', '1:1 string != list<string> cannot be compared or computed | write "ddl" in sql.verbs'],
    ['sql.verbs in ["a"]', '1:14 a list is no member of this list | write sql.verbs.exists(v, v in ["a"])'],
    ['sql.present &&\n  sql.verbs.contains("ddl")', '2:3 a list has no contains() | write "ddl" in sql.verbs'],
    ['sql.verbs.startsWith("d")', '1:1 a list has no startsWith() | write sql.verbs.exists(v, v.startsWith("d"))'],
    ['sql.present &&\n\n    sqll.parsed', '3:5 nothing is called "sqll" | did you mean "sql"?'],
    [
      'sql.present == "true"',
      '1:1 bool == string cannot be compared or computed | write sql.present or !sql.present alone',
    ],
    ['sql.statements > "1"', '1:1 int > string cannot be compared or computed | write the number without quotes'],
    [
      'now > "2026-01-01"',
      '1:1 timestamp > string cannot be compared or computed | write timestamp("2026-01-01"), with the time and Z or an offset',
    ],
    ['sql.verbs', '1:1 the condition is of type list<string>, neither true nor false | write sql.verbs.size() > 0'],
    ['sql', '1:1 the condition is of type sql, neither true nor false | write sql.present'],
    ['args.flag', '1:1 the condition is of type dyn, neither true nor false | compare it, such as args.flag == true'],
    [
      'sql.present || sql.verbs',
      '1:16 || takes true or false, and this is of type list<string> | write sql.verbs.size() > 0',
    ],
    ['!sql.verbs', '1:1 ! does not go with list<string> | write sql.verbs.size() == 0'],
    ['sql.verbs.exists(v, v)', '1:21 this is of type string, neither true nor false | compare it, such as v == "text"'],
    ['sql.where.exists(v, v == "a")', '1:5 this is of type string, no list | loops go over lists'],
    ['sql.verbs.exists("v", true)', '1:18 a loop begins with a name | such as sql.verbs.exists(v, v == "ddl")'],
    ['sql.verbs.exists(sql, true)', '1:18 "sql" means something else already | take another name, such as v'],
    ['sql.verbs.exists(our__turn, true)', '1:18 "our__turn" is no name | names do not begin with our__'],
    ['shell.commands.exists(c,\n  c.progam == "rm")', '2:5 command has no field "progam" | did you mean "program"?'],
    ['identity.email.domain == "x"', '1:16 a string has no fields'],
    ['has(args)', '1:5 has() takes a field | such as has(args.limit)'],
    ['has(sql.verb)', '1:9 sql has no field "verb" | did you mean "verbs"?'],
    [
      'sql.present && has(identity.email)',
      '1:29 identity always has a field "email" | has() is for args and claims; compare the field, or see whether it is empty',
    ],
    ['call.pii_in_args > 0', '1:1 list<string> > int cannot be compared or computed'],
    ['call.pii_in_arg == []', '1:6 call has no field "pii_in_arg" | did you mean "pii_in_args"?'],
    [
      'args.x.matches("a+")',
      '1:8 matches() is not available: one text could make it run for ever | write .re("…"), which takes RE2 patterns',
    ],
    [
      'sql.present ||\n  matches(args.x, "a")',
      '2:3 matches() is not available: one text could make it run for ever | write .re("…"), which takes RE2 patterns',
    ],
    [
      'args.x.re("[")',
      '1:11 the pattern of re() is not RE2: missing closing ]: `[` | see github.com/google/re2/wiki/Syntax; in r"…" a backslash stands for itself',
    ],
    [
      'args.x.re("(?=a)")',
      '1:11 the pattern of re() is not RE2: invalid or unsupported Perl syntax: `(?=` | RE2 has no look-around and no back-references, so that no text can make it slow',
    ],
    ['args.x.re(args.y)', '1:11 re() needs its pattern written out | such as .re(r"^rm\\s"): it is compiled at load'],
    ['args.x.re("((a{100}){100})")', expect.stringMatching(/^1:11 the pattern/)],
    ['args.x.re("\\d")', '1:12 no such escape | in r"…" a backslash stands for itself'],
    [
      'inCidr(address, "10.0.0.1/8")',
      '1:17 "10.0.0.1/8" has bits beyond its prefix | such as inCidr(address, "10.0.0.0/8") or "fd00::/8"',
    ],
    [
      'inCidr(address, args.net)',
      '1:17 inCidr() needs its network written out | such as inCidr(address, "10.0.0.0/8") or "fd00::/8"',
    ],
    [
      'now.getHours("Europe/Berln") == 1',
      '1:14 "Europe/Berln" is no time zone | such as "Europe/Berlin"; without one, it is the time zone of the policy',
    ],
    [
      'timestamp("2026-12-24T18:00:00") < now',
      '1:11 "2026-12-24T18:00:00" is no timestamp | such as "2026-12-24T18:00:00Z" or "…+01:00"',
    ],
    [
      'sql.verbs.exists(v, sql.flags.exists(f,\n  sql.kinds.exists(k, k == v)))',
      '2:20 loops are nested more than 2 deep | split it into several rules',
    ],
    ['sql.verbs.any(v, true)', '1:11 there is no function .any() | did you mean "all"?'],
    ['contains(call.tool, "a")', '1:1 there is no function contains() | it stands after a dot: x.contains(…)'],
    ['call.tool.glob("a*")', '1:11 there is no function .glob() | it stands before what it is about: glob(…)'],
    ['glob(args.x)', '1:1 glob() does not take (dyn) | glob(text, "pattern")'],
    ['size(sql.present) == 1', '1:1 size() does not take (bool) | of a text, a list or a map'],
    ['cel.bind(x, 1, x == 1)', expect.stringMatching(/^1:5 there is no function \.bind\(\)/)],
    ['math.abs(1) == 1', expect.stringMatching(/^1:6 there is no function \.abs\(\)/)],
    ['b"x" == b"x"', '1:1 neither bytes nor unsigned numbers are used here'],
    ['our__turn', expect.stringMatching(/^1:1 nothing is called "our__turn"/)],
    ['call.tool == "abc', '1:14 the quote that opens here is never closed'],
    ['call.tool == "abc\nd"', '1:18 the line ends inside of a text | close the quote, or use three of them'],
    ['(sql.present', '1:13 ")" is missing here, before the end'],
    ['sql.present)', '1:12 ")" cannot stand here | is an operator such as && missing?'],
    ['sql.present &&\n', '2:1 the condition ends too early | something is missing at its end'],
    [' \n', '1:1 the condition is empty'],
    [
      `${'('.repeat(41)}true${')'.repeat(41)}`,
      '1:41 the condition is nested more than 40 levels deep | split it into several rules',
    ],
    [
      'true'.concat('||1==1'.repeat(600)),
      expect.stringMatching(/the condition has more than 2000 parts \| split it into several rules$/),
    ],
    [`"${'a'.repeat(8 * 1024)}" == ""`, '1:8193 the condition is longer than 8 KiB | split it into several rules'],
  ])('%j', (source, expected) => {
    expect(complaint(source)).toEqual(expected)
  })
})
