import { clock } from '../base/clock.ts'

/** Rows kept at once. A login leaves about six; registered clients count too. The oldest go first. */
const ROWS_MAX = 20_000

/** What oidc-provider stores: an object of its own that we only hand back. */
interface Payload {
  readonly uid?: string
  readonly grantId?: string
  consumed?: number
}

interface Row {
  readonly payload: Payload
  readonly expiresMs: number
}

/** Storage for oidc-provider (its `Adapter`), in memory and bounded: the demo forgets everybody when it ends. */
export function createMemoryAdapter(): (model: string) => object {
  const rows = new Map<string, Row>()

  const find = async (key: string): Promise<Payload | undefined> => {
    const row = rows.get(key)
    return row === undefined || row.expiresMs <= clock.nowMs() ? undefined : row.payload
  }

  return (model) => ({
    async upsert(id: string, payload: Payload, expiresInSeconds?: number): Promise<void> {
      const lifeMs = expiresInSeconds === undefined ? Number.POSITIVE_INFINITY : expiresInSeconds * 1000
      rows.delete(`${model}:${id}`)
      rows.set(`${model}:${id}`, { payload, expiresMs: clock.nowMs() + lifeMs })
      if (rows.size > ROWS_MAX) rows.delete(rows.keys().next().value ?? '')
    },
    find: (id: string) => find(`${model}:${id}`),
    async findByUid(uid: string): Promise<Payload | undefined> {
      for (const [key, { payload }] of rows) {
        if (key.startsWith(`${model}:`) && payload.uid === uid) return find(key)
      }
      return undefined
    },
    // Only the device flow asks for these, and it is switched off.
    findByUserCode: async () => undefined,
    async consume(id: string): Promise<void> {
      const row = rows.get(`${model}:${id}`)
      if (row !== undefined) row.payload.consumed = Math.floor(clock.nowMs() / 1000)
    },
    async destroy(id: string): Promise<void> {
      rows.delete(`${model}:${id}`)
    },
    async revokeByGrantId(grantId: string): Promise<void> {
      for (const [key, { payload }] of rows) if (payload.grantId === grantId) rows.delete(key)
    },
  })
}
