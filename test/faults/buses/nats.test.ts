import { natsBus } from '../../../src/buses/nats.ts'
import { busFaultsSuite } from '../../support/bus-suite.ts'
import { busServer } from '../../support/buses.ts'

const server = await busServer('nats')

busFaultsSuite('nats', server, natsBus)
