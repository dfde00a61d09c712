import { expect, it } from 'vitest'
import { encodeUtf8 } from '../base/bytes.ts'
import type { TaskAnswer } from '../protocol/tasks-extension.ts'
import { TaskExchange } from './task-exchange.ts'

function setUp() {
  const kept: TaskAnswer[] = []
  return { kept, exchange: new TaskExchange((answer) => void kept.push(answer)) }
}

const REPLY = encodeUtf8('{"jsonrpc":"2.0","id":1,"result":{}}')

it('tells a call that it was cut, also one that asks only afterwards', () => {
  const { exchange, kept } = setUp()
  const told: string[] = []
  exchange.onGone(() => told.push('before'))
  exchange.drop()
  exchange.drop()
  exchange.onGone(() => told.push('after'))
  expect(told).toEqual(['before', 'after'])
  exchange.answer(200, [], REPLY)
  expect(kept).toMatchObject([{ status: 'failed' }])
})

it('that was answered was not cut', () => {
  const { exchange, kept } = setUp()
  const told: string[] = []
  exchange.onGone(() => told.push('before'))
  exchange.answer(200, [], REPLY)
  exchange.drop()
  exchange.onGone(() => told.push('after'))
  expect(told).toEqual([])
  expect(kept).toMatchObject([{ status: 'completed' }])
})
