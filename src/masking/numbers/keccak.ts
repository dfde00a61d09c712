/** Keccak-256 as Ethereum uses it: the padding is that of before FIPS 202, so it is not SHA3-256. */
export function keccak256(message: Uint8Array): Uint8Array {
  const state = Array.from({ length: LANES }, () => 0n)
  const padded = new Uint8Array((Math.floor(message.length / RATE_BYTES) + 1) * RATE_BYTES)
  padded.set(message)
  padded[message.length] = 0x01
  padded[padded.length - 1] = (padded[padded.length - 1] ?? 0) | 0x80
  const view = new DataView(padded.buffer)
  for (let block = 0; block < padded.length; block += RATE_BYTES) {
    for (let lane = 0; lane < RATE_BYTES / 8; lane += 1)
      state[lane] = at(state, lane) ^ view.getBigUint64(block + 8 * lane, true)
    permute(state)
  }
  const hash = new DataView(new ArrayBuffer(32))
  for (let lane = 0; lane < 4; lane += 1) hash.setBigUint64(8 * lane, at(state, lane), true)
  return new Uint8Array(hash.buffer)
}

const LANES = 25
/** 1600 bits of state less twice the 256 bits of the hash. */
const RATE_BYTES = 136
const ROUNDS = 24
/** Lanes in the order in which pi moves them, and how far rho turns each (FIPS 202, 3.2.2 and 3.2.3). */
const PI = [10, 7, 11, 17, 18, 3, 5, 16, 8, 21, 24, 4, 15, 23, 19, 13, 12, 2, 20, 14, 22, 9, 6, 1]
const RHO = [1, 3, 6, 10, 15, 21, 28, 36, 45, 55, 2, 14, 27, 41, 56, 8, 25, 43, 62, 18, 39, 61, 20, 44]

function permute(state: bigint[]): void {
  let register = 1
  for (let round = 0; round < ROUNDS; round += 1) {
    theta(state)
    rhoAndPi(state)
    chi(state)
    for (let bit = 0; bit < 7; bit += 1) {
      if ((register & 1) === 1) state[0] = at(state, 0) ^ (1n << ((1n << BigInt(bit)) - 1n))
      // FIPS 202, 3.2.5: the round constants come from this shift register.
      register = register & 0x80 ? (register << 1) ^ 0x171 : register << 1
    }
  }
}

function theta(state: bigint[]): void {
  const parity = [0, 1, 2, 3, 4].map(
    (x) => at(state, x) ^ at(state, x + 5) ^ at(state, x + 10) ^ at(state, x + 15) ^ at(state, x + 20),
  )
  for (let lane = 0; lane < LANES; lane += 1)
    state[lane] = at(state, lane) ^ at(parity, (lane + 4) % 5) ^ turn(at(parity, (lane + 1) % 5), 1)
}

function rhoAndPi(state: bigint[]): void {
  let moved = at(state, 1)
  PI.forEach((to, i) => {
    const kept = at(state, to)
    state[to] = turn(moved, RHO[i] ?? 0)
    moved = kept
  })
}

function chi(state: bigint[]): void {
  for (let row = 0; row < LANES; row += 5) {
    const old = state.slice(row, row + 5)
    for (let x = 0; x < 5; x += 1) state[row + x] = at(old, x) ^ (~at(old, (x + 1) % 5) & at(old, (x + 2) % 5) & MASK)
  }
}

const MASK = (1n << 64n) - 1n

function turn(lane: bigint, by: number): bigint {
  return ((lane << BigInt(by)) | (lane >> BigInt(64 - by))) & MASK
}

function at(lanes: readonly bigint[], lane: number): bigint {
  return lanes[lane] ?? 0n
}
