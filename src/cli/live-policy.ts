import { clock } from '../base/clock.ts'
import type { Config } from '../config/config.ts'
import { loadPolicyFor } from '../config/load.ts'
import { readText } from '../config/main-file.ts'
import { printMistakes } from '../config/print-mistakes.ts'
import type { Policy } from '../policy/policy.ts'
import { lookOfFiles } from './look-of-files.ts'
import type { OperatorLog } from './operator-log.ts'

/** While the file is wrong, what it includes may be mended without it. */
const RETRY_MS = 30_000

/**
 * The policy in force, and its file. A changed file is read whole, checked, and must pass its own tests; then it takes the
 * place of the old one at once, for every call that comes after. A bad file changes nothing but what `/readyz` says.
 */
export class LivePolicy {
  readonly #config: Config
  readonly #log: OperatorLog
  #current: Policy
  #files: readonly string[]
  /** Of the files as they were when last read, and as they were seen last. */
  #read = ''
  #seen = ''
  #readMs = clock.nowMs()
  #trouble: string | undefined
  #busy = false

  constructor(config: Config, log: OperatorLog) {
    this.#config = config
    this.#log = log
    this.#current = config.policy
    this.#files = config.policyFiles
    for (const warning of config.policyWarnings) log.warn(warning, { policy: config.policyFile })
  }

  get current(): Policy {
    return this.#current
  }

  /** Undefined where the file says what is in force. */
  get trouble(): string | undefined {
    return this.#trouble
  }

  /** Remembers what the files look like now; to be called once, before the first `refresh`. */
  async begin(): Promise<void> {
    this.#read = this.#seen = await this.#look()
  }

  /** Takes over a changed file once `record` has it on record. Where it cannot be recorded, the next call tries again. */
  async refresh(record: (before: Policy, after: Policy) => Promise<void>): Promise<void> {
    if (this.#busy) return
    this.#busy = true
    try {
      const looks = await this.#look()
      // A file that is being written is half a policy, which may load and allow more: it must have stood still.
      const stands = looks === this.#seen
      this.#seen = looks
      const again = this.#trouble !== undefined && clock.nowMs() - this.#readMs >= RETRY_MS
      if (!stands || (looks === this.#read && !again)) return
      this.#readMs = clock.nowMs()
      await this.#take(record)
      // Only now, so that what could not be recorded is tried again; and as they looked before they were read, so that what
      // was written meanwhile is read next. Where the new file includes others, that is once more than needed.
      this.#read = looks
    } finally {
      this.#busy = false
    }
  }

  /** Rejects where the new policy could not be recorded. */
  async #take(record: (before: Policy, after: Policy) => Promise<void>): Promise<void> {
    const { policyFile: file, connections, readers, masking } = this.#config
    const text = await readText(file)
    if (text === undefined) return this.#refused(`${file} cannot be read`)
    const { receivers } = this.#config.approvals.notify
    const loaded = loadPolicyFor(text, { file, connections, readers, masking, receivers })
    if (loaded.kind === 'mistakes') return this.#refused(printMistakes(loaded.mistakes))
    const { policy } = loaded
    if (policy.version !== this.#current.version) await record(this.#current, policy)
    const isNew = policy.version !== this.#current.version
    this.#current = policy
    this.#files = loaded.files
    this.#trouble = undefined
    if (!isNew) return
    this.#log.info('the policy was changed', { policy: policy.shortVersion, rules: policy.rules.length })
    for (const warning of loaded.warnings) this.#log.warn(warning, { policy: file })
  }

  #refused(why: string): void {
    if (this.#trouble !== why)
      this.#log.error('policy_reload_failed: the policy before it stays in force', {
        policy: this.#current.shortVersion,
        why,
      })
    this.#trouble = why
  }

  #look(): Promise<string> {
    return lookOfFiles([this.#config.policyFile, ...this.#files])
  }
}
