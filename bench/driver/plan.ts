// One run of the driver: against which server, and what to do there.
import type { FanPlan, FanResult } from './fan.ts'
import type { HoldPlan, HoldResult } from './hold.ts'
import type { LoadPlan, LoadResult } from './load-result.ts'
import type { OpenPlan, OpenResult } from './open.ts'
import type { ServerUnderTest } from './server-under-test.ts'

export type Plan =
  | ({ kind: 'load' } & LoadPlan)
  | ({ kind: 'hold' } & HoldPlan)
  | ({ kind: 'open' } & OpenPlan)
  | ({ kind: 'fan' } & FanPlan)

export type Result = LoadResult | HoldResult | OpenResult | FanResult

export interface DriverOrder {
  server: ServerUnderTest
  plan: Plan
}
