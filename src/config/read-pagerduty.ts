import type { SecretReference } from './config.ts'
import { type Reading, secretHere } from './secret-here.ts'
import { isPrivateUrl } from './trustworthy.ts'

/** `approvals.notify.pagerduty`. */
export interface PagerDutyConfig {
  readonly url: string
  /** By the name that rules have for a service: its integration key. */
  readonly services: Readonly<Record<string, SecretReference>>
}

export interface PagerDutyEntry {
  readonly services: Readonly<Record<string, string>>
  readonly url?: string
}

const URL_OF_EVENTS = 'https://events.pagerduty.com/v2/enqueue'
const AT = ['approvals', 'notify', 'pagerduty'] as const

export function readPagerDuty({ services, url = URL_OF_EVENTS }: PagerDutyEntry, reading: Reading): PagerDutyConfig {
  const { main, mistakes } = reading
  if (!isPrivateUrl(url)) mistakes.push(main.document.at([...AT, 'url'], 'this must be an https URL'))
  const keys = Object.entries(services).map(([name, key]) => [
    name,
    secretHere(key, [...AT, 'services', name], reading),
  ])
  return { url, services: Object.fromEntries(keys) }
}
