import { defineConfig } from 'vitest/config'

/** Input that is made up by the thousand, or made to be slow, takes as long as everything else in `src`. */
const LONG = 'src/**/*{hostile,properties,thorough}.test.ts'

export default defineConfig({
  test: {
    pool: 'forks',
    maxWorkers: 2,
    testTimeout: 30_000,
    hookTimeout: 60_000,
    // What comes to be comes later on a busy machine; one second, which is the default, is soon over there.
    expect: { poll: { timeout: 15_000 } },
    projects: [
      {
        extends: true,
        // Modules hold no state, so that files may share them: half of the time went into loading them again.
        test: {
          name: 'unit',
          isolate: false,
          include: ['src/**/*.test.ts', 'test/tidy/**/*.test.ts'],
          exclude: [LONG],
        },
      },
      { extends: true, test: { name: 'thorough', isolate: false, include: [LONG] } },
      { extends: true, test: { name: 'stories', include: ['test/stories/**/*.test.ts'], testTimeout: 120_000 } },
      { extends: true, test: { name: 'threats', include: ['test/threats/**/*.test.ts'], testTimeout: 120_000 } },
      { extends: true, test: { name: 'failures', include: ['test/failures/**/*.test.ts'], testTimeout: 300_000 } },
      {
        extends: true,
        test: { name: 'conformance', include: ['test/conformance/**/*.test.ts'], testTimeout: 600_000 },
      },
    ],
  },
})
