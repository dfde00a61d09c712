import { userInfo } from 'node:os'
import type { OsUser } from '../gateway/admin-records.ts'

/** As whom this process runs. A container may run as a number that has no name, and Windows has no numbers. */
export function osUser(): OsUser {
  const uid = process.getuid?.()
  try {
    return { name: userInfo().username, uid }
  } catch {
    return { name: undefined, uid }
  }
}
