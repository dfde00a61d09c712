import { CHUNK_AT, COLUMNS_AT, LANE_BYTES, LANE_ENDS_AT, LANES_AT, PAGE_COLUMNS } from './machine-layout.ts'

/** Below this the three warm-ups cost more than they save. */
const LANES_FROM_BYTES = 256
/** The lowest bit of a state in the table; the others are the state. */
const IS_HIT = 1
/** Half of the bytes that a state's row has in a page: the bit makes the other half, and rows of hits begin so much later. */
const ROW_SHIFT = Math.log2(PAGE_COLUMNS)
const LANES = [0, 1, 2, 3] as const

/** The state that a byte leads to from another. The place of its column has the start of the table in it already. */
function next(state: string, byte: string): string {
  return `(i32.load16_u (i32.add
    (i32.shl ${state} (i32.const ${ROW_SHIFT}))
    (i32.load offset=${COLUMNS_AT} (i32.shl ${byte} (i32.const 2)))))`
}

/** One branch for four states. */
const HAS_HIT = `(i32.and
  (i32.or (i32.or (local.get $s0) (local.get $s1)) (i32.or (local.get $s2) (local.get $s3)))
  (i32.const ${IS_HIT}))`

/** All lanes go one byte on, the one so many bytes after their places. */
function step(after: number): string {
  const steps = LANES.map(
    (lane) =>
      `(local.set $s${lane} ${next(`(local.get $s${lane})`, `(i32.load8_u offset=${after} (local.get $p${lane}))`)})`,
  )
  const states = LANES.map((lane) => `(local.get $s${lane})`).join(' ')
  return `${steps.join('\n')} (if ${HAS_HIT} (then
    (call $keep_four (i32.add (local.get $p0) (i32.const ${after + 1})) (local.get $quarter) ${states})))`
}

/** Where a lane begins, and the state that a scan of all before it would be in there: it begins a longest word early. */
function begin(lane: number): string {
  const start = `(i32.add (i32.const ${CHUNK_AT}) (i32.mul (local.get $quarter) (i32.const ${lane})))`
  const early = `(i32.sub (local.get $p${lane}) (i32.mul (local.get $overlap) (i32.const ${Math.min(lane, 1)})))`
  return `(local.set $p${lane} ${start})
    (i32.store (i32.const ${LANE_ENDS_AT + 4 * lane}) (i32.const ${LANES_AT + lane * LANE_BYTES}))
    (local.set $s${lane} (call $state_at (select ${early} (i32.const ${CHUNK_AT}) (i32.gt_s ${early} (i32.const ${CHUNK_AT})))
      (local.get $p${lane})))`
}

/**
 * Finds every word of the automaton in the chunk, words inside one another too: where it ends in the memory, and the state.
 *
 * Each step waits for the state that the last one loaded, so one cursor leaves the processor idle most of the time. Four
 * cursors, a quarter of the bytes each, take about half as long.
 */
export const WORDS_WAT = `
  ;; Writes where a word ends, if one does, behind what its lane has written.
  (func $keep (param $lane_end i32) (param $end i32) (param $state i32)
    (local $out i32)
    (if (i32.and (local.get $state) (i32.const ${IS_HIT})) (then
      (local.set $out (i32.load (local.get $lane_end)))
      (i32.store (local.get $out) (local.get $end))
      (i32.store offset=4 (local.get $out) (i32.shr_u (local.get $state) (i32.const 1)))
      (i32.store (local.get $lane_end) (i32.add (local.get $out) (i32.const 8))))))

  (func $keep_four (param $end i32) (param $quarter i32)
    ${LANES.map((lane) => `(param $s${lane} i32)`).join(' ')}
    ${LANES.map(
      (lane) => `(call $keep (i32.const ${LANE_ENDS_AT + 4 * lane})
        (i32.add (local.get $end) (i32.mul (local.get $quarter) (i32.const ${lane}))) (local.get $s${lane}))`,
    ).join('\n')})

  (func $state_at (param $at i32) (param $to i32) (result i32)
    (local $state i32)
    (block $done (loop $more
      (br_if $done (i32.ge_u (local.get $at) (local.get $to)))
      (local.set $state ${next('(local.get $state)', '(i32.load8_u (local.get $at))')})
      (local.set $at (i32.add (local.get $at) (i32.const 1)))
      (br $more)))
    (local.get $state))

  (func (export "words") (param $length i32) (param $overlap i32)
    (local $quarter i32) (local $end i32)
    ${LANES.map((lane) => `(local $s${lane} i32) (local $p${lane} i32)`).join('\n')}
    (if (i32.ge_u (local.get $length) (i32.const ${LANES_FROM_BYTES}))
      (then (local.set $quarter (i32.and (i32.shr_u (local.get $length) (i32.const 2)) (i32.const -4)))))
    ${LANES.map(begin).join('\n')}
    (local.set $end (local.get $p1))
    (block $done (loop $more
      (br_if $done (i32.ge_u (local.get $p0) (local.get $end)))
      ${[0, 1, 2, 3].map(step).join('\n')}
      ${LANES.map((lane) => `(local.set $p${lane} (i32.add (local.get $p${lane}) (i32.const 4)))`).join('\n')}
      (br $more)))
    ;; What four equal quarters leave, or all of a short text.
    (local.set $end (i32.add (i32.const ${CHUNK_AT}) (local.get $length)))
    (block $done (loop $more
      (br_if $done (i32.ge_u (local.get $p3) (local.get $end)))
      (local.set $s3 ${next('(local.get $s3)', '(i32.load8_u (local.get $p3))')})
      (local.set $p3 (i32.add (local.get $p3) (i32.const 1)))
      (call $keep (i32.const ${LANE_ENDS_AT + 12}) (local.get $p3) (local.get $s3))
      (br $more))))`
