// What test/server/api-fuzz.test.ts does, for longer. FAULT_RUNS sets how many requests each operation gets.
import { fuzzEveryOperation } from '../support/openapi/fuzz.ts'

fuzzEveryOperation({ runs: Number(process.env['FAULT_RUNS'] ?? 1_000) })
