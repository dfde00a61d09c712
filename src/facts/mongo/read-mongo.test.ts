import { describe, expect, it } from 'vitest'
import type { JsonObject } from '../../base/json.ts'
import { readMongo } from './read-mongo.ts'

const at = { database: 'shop', collection: 'orders' }

describe('reading reads as a read', () => {
  it.each<[string, JsonObject]>([
    ['find', { filter: { status: 'open' }, limit: 10 }],
    ['find', {}],
    ['mongodb_find', { filter: '{"status":"open"}' }],
    ['count', { query: { a: { $gt: 1 } } }],
    ['distinct', { key: 'a' }],
    ['aggregate', { pipeline: [{ $match: { a: 1 } }, { $group: { _id: '$a', n: { $sum: 1 } } }] }],
    ['aggregate', { pipeline: '[{"$lookup":{"from":"users","localField":"a","foreignField":"b","as":"c"}}]' }],
    ['list-collections', {}],
    ['list-databases', {}],
    ['collection-schema', {}],
    ['collectionIndexes', {}],
    ['db-stats', {}],
    ['explain', { method: [{ name: 'find', arguments: { filter: {} } }] }],
    ['runCommand', { command: { find: 'orders', filter: { a: 1 } } }],
    ['runCommand', { command: 'ping' }],
    ['query', { operation: 'countDocuments', filter: {} }],
  ])('%s %j', (tool, args) => {
    expect(readMongo({ ...at, ...args }, tool)).toMatchObject({
      parsed: true,
      verbs: ['read'],
      empty_filter: false,
      server_js: false,
      out_stage: false,
    })
  })
})

describe('operations have the verb of their kind', () => {
  it.each<[string, JsonObject, string[]]>([
    ['insert-many', { documents: [{ a: 1 }] }, ['write']],
    ['updateOne', { filter: { _id: 1 }, update: { $set: { a: 1 } } }, ['write']],
    ['delete_many', { filter: { a: 1 } }, ['write']],
    ['findOneAndUpdate', { filter: { _id: 1 } }, ['write']],
    ['drop-collection', {}, ['ddl']],
    ['drop-database', {}, ['ddl']],
    ['create-index', {}, ['ddl']],
    ['renameCollection', {}, ['ddl']],
    ['createUser', {}, ['admin']],
    ['switch-connection', {}, ['admin']],
    ['mapReduce', {}, ['code']],
    ['runCommand', { command: { dropDatabase: 1 } }, ['ddl']],
    ['runCommand', { command: '{"delete":"orders","deletes":[{"q":{"a":1},"limit":0}]}' }, ['write']],
    ['runCommand', { command: { someThing: 1 } }, ['unknown']],
    ['runCommand', { command: 'db.orders.drop()' }, ['unknown']],
    ['runCommand', {}, ['unknown']],
    ['query', { operation: 'dropCollection' }, ['ddl', 'read']],
    ['execute', { operation: 'find', filter: { a: 1 } }, ['read']],
    ['execute', { operation: 'somethingElse' }, ['unknown']],
    ['do-something', {}, ['unknown']],
    ['constructor', {}, ['unknown']],
  ])('%s %j', (tool, args, verbs) => {
    expect(readMongo({ ...at, ...args }, tool)).toMatchObject({ parsed: true, verbs })
  })
})

describe('a stage that writes makes an aggregation a write', () => {
  it.each<JsonObject>([
    { pipeline: [{ $match: {} }, { $out: 'x' }] },
    { pipeline: [{ $merge: { into: 'x' } }] },
    { pipeline: '[{"$out":"x"}]' },
    { pipeline: '[{"\\u0024out":"x"}]' },
    { pipeline: ['{"$merge":{"into":"x"}}'] },
    { pipeline: [{ $facet: { a: [{ $out: 'x' }] } }] },
  ])('%j', (args) => {
    expect(readMongo({ ...at, ...args }, 'aggregate')).toMatchObject({ verbs: ['read', 'write'], out_stage: true })
  })
})

describe('JavaScript on the server is code, wherever it stands', () => {
  it.each<[string, JsonObject]>([
    ['find', { filter: { $where: 'sleep(1000)' } }],
    ['find', { filter: { $or: [{ a: 1 }, { $where: 'true' }] } }],
    ['find', { filter: '{"$where":"true"}' }],
    ['find', { filter: { $expr: { $function: { body: 'x', args: [], lang: 'js' } } } }],
    ['aggregate', { pipeline: [{ $group: { _id: 1, x: { $accumulator: {} } } }] }],
    ['aggregate', { pipeline: [{ $lookup: { from: 'x', pipeline: [{ $match: { $where: 'x' } }] } }] }],
    ['find', { anything: { deep: [{ $function: {} }] } }],
    ['mapReduce', { map: 'x' }],
  ])('%s %j', (tool, args) => {
    const facts = readMongo({ ...at, ...args }, tool)
    expect(facts.server_js).toBe(true)
    expect(facts.verbs).toContain('code')
  })
})

describe('a change of every document is seen', () => {
  it.each<[string, JsonObject]>([
    ['delete-many', {}],
    ['delete-many', { filter: {} }],
    ['delete-many', { filter: '{}' }],
    ['delete-many', { filter: '' }],
    ['delete-many', { filter: null }],
    ['delete-many', { filter: { $expr: true } }],
    ['delete-many', { filter: { $expr: { $eq: [1, 1] } } }],
    ['delete-many', { filter: { $or: [{ a: 1 }, {}] } }],
    ['delete-many', { filter: { $and: [{}, { $comment: 'x' }] } }],
    ['delete-many', { filter: { $nor: [] } }],
    ['delete-many', { filter: { $nor: [{ $expr: false }] } }],
    ['delete-many', { filter: { $comment: 'cleaning up' } }],
    ['delete-many', { filter: { _id: { $exists: true } } }],
    ['delete-many', { filter: { _id: { $ne: null } } }],
    ['delete-many', { filter: { _id: { $gt: { $minKey: 1 } } } }],
    ['delete-many', { filter: { a: { $nin: [] } } }],
    ['delete-many', { filter: { a: { $not: { $in: [] } } } }],
    ['delete-many', { filter: { a: { $regex: '.*' } } }],
    ['delete-many', { filter: { $jsonSchema: {} } }],
    ['delete-many', { filter: { $alwaysTrue: 1 } }],
    ['delete-many', { filter: { a: 1 }, query: {} }],
    ['update-many', { filter: {}, update: { $set: { a: 1 } } }],
    ['updateMany', { query: {} }],
    ['runCommand', { command: { delete: 'orders', deletes: [{ q: {}, limit: 0 }] } }],
    ['runCommand', { command: { update: 'orders', updates: [{ q: { a: 1 } }, { q: {} }] } }],
    ['bulkWrite', { operations: [{ insertOne: { document: {} } }, { deleteMany: { filter: {} } }] }],
  ])('%s %j', (tool, args) => {
    expect(readMongo({ ...at, ...args }, tool).empty_filter).toBe(true)
  })

  it.each<[string, JsonObject]>([
    ['delete-many', { filter: { a: 1 } }],
    ['delete-many', { filter: { a: {} } }],
    ['delete-many', { filter: { $expr: { $gt: ['$a', 1] } } }],
    ['delete-many', { filter: { $expr: false } }],
    ['delete-many', { filter: { $or: [{ a: 1 }, { b: 2 }] } }],
    ['delete-many', { filter: { $and: [{}, { a: 1 }] } }],
    ['delete-many', { filter: { createdAt: { $lt: '2020' } } }],
    ['delete-many', { filter: { a: { $exists: true } } }],
    ['updateOne', { filter: { _id: 'x' }, update: {} }],
    ['bulkWrite', { operations: [{ insertOne: { document: {} } }, { deleteOne: { filter: { a: 1 } } }] }],
    ['insert-many', { documents: [{}] }],
    ['find', { filter: {} }],
  ])('and a bounded one is not: %s %j', (tool, args) => {
    expect(readMongo({ ...at, ...args }, tool).empty_filter).toBe(false)
  })
})

describe('what cannot be read is not parsed', () => {
  it.each<JsonObject>([
    { filter: '{a: ObjectId("x")}' },
    { filter: '{"a":1,"a":{}}' },
    { filter: 'this.a == 1' },
    { pipeline: "[{'$out':'x'}]" },
    { filter: JSON.parse('{"a":'.repeat(60) + '1' + '}'.repeat(60)) as JsonObject },
    { documents: Array.from({ length: 60_000 }, () => 1) },
  ])('case %#', (args) => {
    expect(readMongo({ ...at, ...args }, 'find')).toMatchObject({ present: true, parsed: false, verbs: ['unknown'] })
  })
})

it('the place is told', () => {
  expect(readMongo({ ...at, filter: {} }, 'find')).toMatchObject({ op: 'find', db: 'shop', collection: 'orders' })
  expect(readMongo({ dbName: 'x', command: { find: 'y' } }, 'runCommand')).toMatchObject({
    op: 'find',
    db: 'x',
    collection: 'y',
  })
})
