import { redisBus } from '../../../src/buses/redis.ts'
import { busFaultsSuite } from '../../support/bus-suite.ts'
import { busServer } from '../../support/buses.ts'

const server = await busServer('redis')

busFaultsSuite('redis', server, redisBus)
