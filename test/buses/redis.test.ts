import { redisBus } from '../../src/buses/redis.ts'
import { busSuite } from '../support/bus-suite.ts'
import { busServer } from '../support/buses.ts'

const server = await busServer('redis')

busSuite('redis', server, redisBus)
