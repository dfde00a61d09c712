import { placeOfError } from '../base/assert.ts'
import type { Config } from '../config/config.ts'
import { loadPolicyFor } from '../config/load.ts'
import { readText } from '../config/main-file.ts'
import { printMistakes } from '../config/print-mistakes.ts'
import { ShadowPolicy } from '../gateway/shadow.ts'
import type { ShadowRow, SqliteShadowRows } from '../store/sqlite/shadow-rows.ts'
import { lookOfFiles } from './look-of-files.ts'
import type { OperatorLog } from './operator-log.ts'

interface ShadowWatchParts {
  readonly rows: SqliteShadowRows
  readonly config: Pick<Config, 'connections' | 'readers' | 'masking'>
  readonly log: OperatorLog
}

/** The trial of a policy in a running gateway: takes over what the command line set, and saves what was counted. */
export class ShadowWatch {
  readonly #parts: ShadowWatchParts
  #shadow: ShadowPolicy | undefined
  /** Of the trial that `#shadow` belongs to. */
  #id: string | undefined
  #files: readonly string[] = []
  /** What the files looked like when they were last read, and when last seen. */
  #read = ''
  #seen = ''
  #isBusy = false
  #trouble = ''

  constructor(parts: ShadowWatchParts) {
    this.#parts = parts
  }

  /** What decisions are compared with; undefined where nothing is tried. */
  current(): ShadowPolicy | undefined {
    return this.#shadow
  }

  /** Saves what was counted, then looks; once a second. Never rejects: a trial that fails is a line for the operator, once, and nothing else. */
  async refresh(): Promise<void> {
    try {
      this.#flush()
      if (this.#isBusy) return
      this.#isBusy = true
      await this.#look().finally(() => {
        this.#isBusy = false
      })
    } catch (error) {
      this.#say(String(error))
    }
  }

  #flush(): void {
    const counts = this.#shadow?.take()
    if (this.#id === undefined || counts === undefined || counts.compared === 0) return
    this.#parts.rows.add(this.#id, counts)
  }

  async #look(): Promise<void> {
    const row = this.#parts.rows.current()
    if (row === undefined) return this.#forget()
    if (row.id !== this.#id) return this.#begin(row)
    const looks = await this.#looks(row)
    // Half of a file that is being written is not a version of it.
    const stands = looks === this.#seen
    this.#seen = looks
    if (stands && looks !== this.#read) await this.#load(row)
  }

  #forget(): void {
    this.#shadow = this.#id = undefined
    this.#trouble = ''
  }

  async #begin(row: ShadowRow): Promise<void> {
    this.#forget()
    this.#files = []
    await this.#load(row)
    this.#id = row.id
  }

  async #load(row: ShadowRow): Promise<void> {
    const { rows, log } = this.#parts
    const { connections, readers, masking } = this.#parts.config
    const { id, path: file } = row
    const text = await readText(file)
    const loaded = text === undefined ? undefined : loadPolicyFor(text, { file, connections, readers, masking })
    if (loaded?.kind === 'policy') {
      const { policy, files } = loaded
      this.#files = files
      this.#shadow = new ShadowPolicy(policy, (error) => this.#say(placeOfError(error)))
      this.#trouble = ''
      rows.loaded(id, policy.version)
      log.info('a policy is tried beside the one in force', { policy: policy.shortVersion, file })
    } else {
      const why = loaded === undefined ? `${file} cannot be read` : printMistakes(loaded.mistakes)
      this.#shadow = undefined
      rows.failed(id, why)
      this.#say(why)
    }
    this.#read = this.#seen = await this.#looks(row)
  }

  #say(why: string): void {
    if (why !== this.#trouble) this.#parts.log.warn('the policy that is tried is not compared', { why })
    this.#trouble = why
  }

  #looks({ path }: ShadowRow): Promise<string> {
    return lookOfFiles([path, ...this.#files])
  }
}
