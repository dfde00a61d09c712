// What stands behind the roots: objects of classes of their own, for by its class the engine knows the type of a value.
// Whole numbers are made bigint here, lists are handed on as they are, and what costs something is made when asked for.
import type {
  CloudFacts,
  HttpFacts,
  K8sFacts,
  MongoFacts,
  ShellCommand,
  ShellFacts,
  SqlFacts,
} from '../../facts/facts.ts'
import type { Sensitive } from '../../masking/sensitive.ts'
import type { Who } from '../circumstances.ts'
import type { ConditionAsked } from './context.ts'
import { toCel } from './json-values.ts'

class Sql {
  readonly statements: bigint
  readonly limit: bigint
  constructor(facts: SqlFacts) {
    Object.assign(this, facts)
    this.statements = BigInt(facts.statements)
    this.limit = BigInt(facts.limit)
  }
}

class Command {
  readonly program: string
  readonly args: readonly string[]
  readonly via: string
  constructor({ program, args, via }: ShellCommand) {
    this.program = program
    this.args = args
    this.via = via
  }
}

class Http {
  readonly port: bigint
  readonly body_bytes: bigint
  constructor(facts: HttpFacts) {
    Object.assign(this, facts)
    this.port = BigInt(facts.port)
    this.body_bytes = BigInt(facts.body_bytes)
  }
}

class Mongo {
  readonly verbs: MongoFacts['verbs']
  constructor(facts: MongoFacts) {
    Object.assign(this, facts)
    this.verbs = facts.verbs
  }
}

class K8s {
  readonly verbs: K8sFacts['verbs']
  constructor(facts: K8sFacts) {
    Object.assign(this, facts)
    this.verbs = facts.verbs
  }
}

class Cloud {
  readonly verbs: CloudFacts['verbs']
  constructor(facts: CloudFacts) {
    Object.assign(this, facts)
    this.verbs = facts.verbs
  }
}

class Shell {
  readonly #facts: ShellFacts
  #commands: readonly Command[] | undefined
  #sql: readonly Sql[] | undefined
  #k8s: readonly K8s[] | undefined
  #cloud: readonly Cloud[] | undefined
  constructor(facts: ShellFacts) {
    this.#facts = facts
    const { commands: _commands, sql: _sql, k8s: _k8s, cloud: _cloud, ...plain } = facts
    Object.assign(this, plain, { depth: BigInt(facts.depth) })
  }
  get commands(): readonly Command[] {
    return (this.#commands ??= this.#facts.commands.map((facts) => new Command(facts)))
  }
  get sql(): readonly Sql[] {
    return (this.#sql ??= this.#facts.sql.map((facts) => new Sql(facts)))
  }
  get k8s(): readonly K8s[] {
    return (this.#k8s ??= this.#facts.k8s.map((facts) => new K8s(facts)))
  }
  get cloud(): readonly Cloud[] {
    return (this.#cloud ??= this.#facts.cloud.map((facts) => new Cloud(facts)))
  }
}

class Identity {
  readonly subject: string
  readonly issuer: string
  readonly email: string
  readonly groups: readonly string[]
  readonly claim_groups: readonly string[]
  readonly amr: readonly string[]
  readonly #who: Who
  #claims: unknown
  constructor(who: Who, groups: ReadonlySet<string>) {
    this.#who = who
    this.subject = who.subject
    this.issuer = who.issuer ?? ''
    this.email = who.email ?? ''
    this.groups = [...groups]
    this.claim_groups = who.groups
    this.amr = who.amr ?? []
  }
  get claims(): unknown {
    return (this.#claims ??= toCel(this.#who.claims ?? {}))
  }
}

class Client {
  readonly id: string
  readonly name: string
  readonly version: string
  constructor({ id, name, version }: ConditionAsked['circumstances']['client']) {
    this.id = id
    this.name = name
    this.version = version
  }
}

class Connection {
  readonly name: string
  readonly labels: unknown
  constructor({ name, labels }: ConditionAsked['connection']) {
    this.name = name
    this.labels = toCel(labels)
  }
}

class Session {
  readonly age: bigint
  readonly calls: bigint
  readonly taints: readonly string[]
  readonly tainted: boolean
  constructor({ ageSeconds, calls, taints }: ConditionAsked['circumstances']['session']) {
    this.age = BigInt(Math.floor(ageSeconds))
    this.calls = BigInt(calls)
    this.taints = taints
    this.tainted = taints.length > 0
  }
}

/** Getters throughout: secrets are looked for in the arguments when a rule asks for them. */
class Call {
  readonly tool: string
  readonly prompt: string
  readonly resource: string
  readonly connection: string
  readonly #asked: ConditionAsked['circumstances']
  #annotations: unknown
  constructor({ about, connection, circumstances }: ConditionAsked) {
    this.tool = about.kind === 'tool' ? about.name : ''
    this.prompt = about.kind === 'prompt' ? about.name : ''
    this.resource = about.kind === 'resource' ? about.uri : ''
    this.connection = connection.name
    this.#asked = circumstances
  }
  get method(): string {
    return this.#asked.method
  }
  get arg_bytes(): bigint {
    return BigInt(this.#asked.argBytes)
  }
  get secrets_in_args(): bigint {
    return BigInt(this.#sensitive.secrets)
  }
  get pii_in_args(): readonly string[] {
    return this.#sensitive.personal
  }
  get hidden_chars(): boolean {
    return this.#asked.hiddenChars
  }
  get tool_hash(): string {
    return this.#asked.tool.hash
  }
  get tool_changed(): boolean {
    return this.#asked.tool.changed
  }
  get annotations(): unknown {
    return (this.#annotations ??= toCel(this.#asked.tool.annotations))
  }
  get #sensitive(): Sensitive {
    const found = this.#asked.sensitive()
    // An error in the condition: what it means is the affair of the effect.
    if (found === undefined) throw new Error('the arguments take too long to search')
    return found
  }
}

/** By the name of the type in `FIELDS`. */
export const CLASSES = {
  sql: Sql,
  shell: Shell,
  command: Command,
  http: Http,
  mongo: Mongo,
  k8s: K8s,
  cloud: Cloud,
  identity: Identity,
  client: Client,
  connection: Connection,
  session: Session,
  call: Call,
} as const
