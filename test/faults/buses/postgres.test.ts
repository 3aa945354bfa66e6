import { postgresBus } from '../../../src/buses/postgres.ts'
import { busFaultsSuite } from '../../support/bus-suite.ts'
import { busServer } from '../../support/buses.ts'

const server = await busServer('postgres')

busFaultsSuite('postgres', server, postgresBus)
