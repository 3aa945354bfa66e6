import { natsBus } from '../../src/buses/nats.ts'
import { busSuite } from '../support/bus-suite.ts'
import { busServer } from '../support/buses.ts'

const server = await busServer('nats')

busSuite('nats', server, natsBus)
