// Runs the fault tests: npm run test:faults -- --runs 1000 [--seed 42] [file…]. `--runs` is how many random lives each suite
// leads; without it, each leads its usual number.
import { spawnSync } from 'node:child_process'
import { parseArgs } from 'node:util'

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: { runs: { type: 'string' }, seed: { type: 'string' } },
})
const { status } = spawnSync(
  'npx',
  ['vitest', 'run', '--project', 'faults', '--project', 'faults-alone', ...positionals],
  {
    stdio: 'inherit',
    env: {
      ...process.env,
      ...(values.runs === undefined ? {} : { FAULT_RUNS: values.runs }),
      ...(values.seed === undefined ? {} : { FAULT_SEED: values.seed }),
    },
  },
)
process.exit(status ?? 1)
