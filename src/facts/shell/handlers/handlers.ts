import type { Handler } from '../judge.ts'
import { ARCHIVE_HANDLERS } from './archives.ts'
import { awk } from './awk.ts'
import { BUILTINS } from './builtins.ts'
import { DATA_HANDLERS } from './data.ts'
import { FIND_HANDLERS } from './find.ts'
import { HTTP_HANDLERS } from './http.ts'
import { INTERPRETER_HANDLERS } from './interpreters.ts'
import { REMOTE_HANDLERS } from './remote.ts'
import { sed } from './sed.ts'
import { SQL_HANDLERS } from './sql-clients.ts'
import { SYSTEM_HANDLERS } from './system.ts'
import { WRAPPER_HANDLERS } from './wrappers.ts'
import { xargs } from './xargs.ts'

/** Programs that need more than a list of options: a language of their own, a command among their words. */
export const HANDLERS: ReadonlyMap<string, Handler> = new Map<string, Handler>([
  ...SYSTEM_HANDLERS,
  ...ARCHIVE_HANDLERS,
  ...DATA_HANDLERS,
  ...HTTP_HANDLERS,
  ...REMOTE_HANDLERS,
  ...FIND_HANDLERS,
  ...SQL_HANDLERS,
  ...WRAPPER_HANDLERS,
  ...INTERPRETER_HANDLERS,
  ...Object.entries(BUILTINS),
  ['xargs', xargs],
  ['gxargs', xargs],
  ['sed', sed],
  ['gsed', sed],
  ['awk', awk],
  ['gawk', awk],
  ['mawk', awk],
  ['nawk', awk],
])
