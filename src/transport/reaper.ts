import { type ChildProcess, spawn } from 'node:child_process'
import { GatewayError } from '../base/assert.ts'

// A server that has lost its client has nothing to save that takes longer.
const GRACE_SECONDS = 2
const AGAIN_MS = 1000

/**
 * Reads `+GROUP` and `-GROUP` until its input ends, which happens whatever ends the gateway, and then ends the groups that
 * are left. In a session of its own and deaf to the signals of a terminal, so that it outlives what the gateway does not.
 */
const SCRIPT = `
trap '' INT TERM HUP
groups=' '
while read -r line; do
  case $line in
    +*) groups="$groups\${line#+} " ;;
    -*) one=\${line#-}
        case $groups in *" $one "*) groups="\${groups%%" $one "*} \${groups#*" $one "}" ;; esac ;;
  esac
done
[ "$groups" = ' ' ] && exit 0
for one in $groups; do kill -s TERM -- "-$one" 2>/dev/null; done
sleep ${GRACE_SECONDS}
for one in $groups; do kill -s KILL -- "-$one" 2>/dev/null; done
`

/** Sees to it that no process of an MCP server outlives the gateway, not even after `kill -9`. One per gateway process. */
export class Reaper implements AsyncDisposable {
  /** Written by `add` and `remove` alone. */
  readonly #groups = new Set<number>()
  #shell: ChildProcess | undefined
  #closed = false

  /** Called before a process is spawned: what is spawned can then be watched at once. Throws `upstream_unreachable`. */
  ready(): void {
    if (this.#shell !== undefined || this.#closed) return
    const shell = spawn('/bin/sh', ['-c', SCRIPT], {
      detached: true,
      stdio: ['pipe', 'ignore', 'ignore'],
      cwd: '/',
      env: {},
    })
    shell.on('error', () => undefined)
    shell.stdin.on('error', () => undefined)
    if (shell.pid === undefined)
      throw new GatewayError(
        'upstream_unreachable',
        'No MCP server can be started: /bin/sh, which watches over them, cannot run.',
      )
    shell.on('exit', () => this.#lost(shell))
    shell.unref()
    unrefStream(shell.stdin)
    this.#shell = shell
    for (const group of this.#groups) this.#tell(`+${group}`)
  }

  add(group: number): void {
    this.#groups.add(group)
    this.#tell(`+${group}`)
  }

  remove(group: number): void {
    if (this.#groups.delete(group)) this.#tell(`-${group}`)
  }

  /** Groups that are still watched are ended. */
  async close(): Promise<void> {
    this.#closed = true
    const shell = this.#shell
    this.#shell = undefined
    if (shell === undefined || shell.exitCode !== null) return
    const exited = new Promise((resolve) => shell.once('exit', resolve))
    shell.ref()
    shell.stdin?.end()
    await exited
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.close()
  }

  #tell(line: string): void {
    this.#shell?.stdin?.write(`${line}\n`)
  }

  /** Somebody ended the watchdog: processes that run now are told to a new one. */
  #lost(shell: ChildProcess): void {
    if (this.#shell !== shell) return
    this.#shell = undefined
    if (!this.#closed && this.#groups.size > 0) setTimeout(() => this.ready(), AGAIN_MS).unref()
  }
}

/** A pipe to a watchdog must not keep the gateway alive. */
function unrefStream(stream: unknown): void {
  if (typeof stream === 'object' && stream !== null && 'unref' in stream && typeof stream.unref === 'function')
    stream.unref()
}
