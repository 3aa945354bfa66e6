// Runs the fault tests: npm run test:faults -- --runs 1000 [--seed 42]. `--runs` is how many random lives are led.
import { spawnSync } from 'node:child_process'
import { parseArgs } from 'node:util'

const { values } = parseArgs({ options: { runs: { type: 'string', default: '50' }, seed: { type: 'string' } } })
const { status } = spawnSync('npx', ['vitest', 'run', 'test/faults'], {
  stdio: 'inherit',
  env: {
    ...process.env,
    FAULT_RUNS: values.runs,
    ...(values.seed === undefined ? {} : { FAULT_SEED: values.seed }),
  },
})
process.exit(status ?? 1)
