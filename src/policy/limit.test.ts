import { describe, expect, it } from 'vitest'
import { compileLimit } from './limit.ts'

describe('a limit is read', () => {
  it.each([
    {
      what: 'calls, per identity where nothing is said',
      entry: { calls: 120, per: '1m' },
      spec: { kind: 'calls', amount: 120, perMs: 60_000, burst: 120, by: ['identity'] },
    },
    {
      what: 'calls with a smaller burst',
      entry: { calls: 120, per: '1m', by: ['identity'], burst: 30 },
      spec: { kind: 'calls', amount: 120, perMs: 60_000, burst: 30, by: ['identity'] },
    },
    {
      what: 'bytes of results, decimal',
      entry: { result_bytes: '50MB', per: '1h', by: ['connection', 'identity'] },
      spec: {
        kind: 'result_bytes',
        amount: 50_000_000,
        perMs: 3_600_000,
        burst: 50_000_000,
        by: ['identity', 'connection'],
      },
    },
    {
      what: 'bytes of results, binary, with a burst',
      entry: { result_bytes: '50MiB', per: '1h', burst: '512KiB' },
      spec: { kind: 'result_bytes', amount: 52_428_800, perMs: 3_600_000, burst: 524_288, by: ['identity'] },
    },
    {
      what: 'bytes of results as a number',
      entry: { result_bytes: 1000, per: '1s' },
      spec: { kind: 'result_bytes', amount: 1000, perMs: 1000, burst: 1000, by: ['identity'] },
    },
    {
      what: 'calls at the same time',
      entry: { concurrent: 5, by: ['client', 'session', 'tool'] },
      spec: { kind: 'concurrent', amount: 5, perMs: 0, burst: 5, by: ['tool', 'session', 'client'] },
    },
    {
      what: 'masked values',
      entry: { masked_entities: 5000, per: '1d' },
      spec: { kind: 'masked_entities', amount: 5000, perMs: 86_400_000, burst: 5000, by: ['identity'] },
    },
  ])('$what', ({ entry, spec }) => {
    expect(compileLimit(entry)).toEqual(spec)
  })
})

describe('a limit with a mistake is no limit, and the mistake says what to do', () => {
  it.each([
    { what: 'about nothing', entry: { per: '1m' }, key: '', message: /needs one of calls/ },
    { what: 'about two things', entry: { calls: 1, concurrent: 1 }, key: 'concurrent', message: /about one thing/ },
    { what: 'without a time', entry: { calls: 1 }, key: '', message: /"per" is missing/ },
    {
      what: 'per something strange',
      entry: { calls: 1, per: '1 minute' },
      key: 'per',
      message: /no duration: "1 minute"/,
    },
    { what: 'per a number', entry: { calls: 1, per: 60 }, key: 'per', message: /no duration: "60"/ },
    { what: 'per no time at all', entry: { calls: 1, per: '0s' }, key: 'per', message: /too short/ },
    { what: 'per milliseconds', entry: { calls: 1, per: '999ms' }, key: 'per', message: /too short/ },
    { what: 'per more than a year', entry: { calls: 1, per: '367d' }, key: 'per', message: /too long/ },
    { what: 'of no calls', entry: { calls: 0, per: '1m' }, key: 'calls', message: /1 or more/, hint: /effect: deny/ },
    { what: 'of half a call', entry: { calls: 0.5, per: '1m' }, key: 'calls', message: /whole number/ },
    { what: 'of less than nothing', entry: { calls: -1, per: '1m' }, key: 'calls', message: /1 or more/ },
    { what: 'of calls in words', entry: { calls: '120', per: '1m' }, key: 'calls', message: /whole number/ },
    { what: 'beyond counting', entry: { calls: 1e13, per: '1m' }, key: 'calls', message: /whole number/ },
    { what: 'of calls without end', entry: { calls: Infinity, per: '1m' }, key: 'calls', message: /whole number/ },
    { what: 'of bytes in words', entry: { result_bytes: '50mb', per: '1h' }, key: 'result_bytes', message: /"50mb"/ },
    {
      what: 'of more bytes than there are',
      entry: { result_bytes: '99999GB', per: '1h' },
      key: 'result_bytes',
      message: /no amount/,
    },
    { what: 'with no burst', entry: { calls: 1, per: '1m', burst: 0 }, key: 'burst', message: /1 or more/ },
    {
      what: 'with a burst of bytes for calls',
      entry: { calls: 1, per: '1m', burst: '1KB' },
      key: 'burst',
      message: /whole number/,
    },
    { what: 'of running calls with a time', entry: { concurrent: 5, per: '1m' }, key: 'per', message: /no "per"/ },
    { what: 'of running calls with a burst', entry: { concurrent: 5, burst: 9 }, key: 'burst', message: /no "burst"/ },
    { what: 'by nobody', entry: { concurrent: 5, by: [] }, key: 'by', message: /not empty/ },
    { what: 'by a word', entry: { concurrent: 5, by: 'identity' }, key: 'by', message: /must be a list/ },
    { what: 'by a typo', entry: { concurrent: 5, by: ['identiy'] }, key: 'by', message: /identiy/, hint: /"identity"/ },
    { what: 'by what is no text', entry: { concurrent: 5, by: [7] }, key: 'by', message: /"7"/, hint: /known here/ },
    {
      what: 'by group',
      entry: { concurrent: 5, by: ['group'] },
      key: 'by',
      message: /by group/,
      hint: /match: \{ groups/,
    },
    { what: 'by the same twice', entry: { concurrent: 5, by: ['tool', 'tool'] }, key: 'by', message: /twice/ },
  ])('$what', ({ entry, key, message, hint = /\S/ }) => {
    expect(compileLimit(entry)).toEqual({
      kind: 'wrong',
      key,
      message: expect.stringMatching(message),
      hint: expect.stringMatching(hint),
    })
  })
})
