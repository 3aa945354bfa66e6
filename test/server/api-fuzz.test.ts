// The running server against its own OpenAPI document. test/faults/api-fuzz.test.ts does the same for longer.
import { fuzzEveryOperation } from '../support/openapi/fuzz.ts'

fuzzEveryOperation({ runs: 40 })
