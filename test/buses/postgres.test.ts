import { postgresBus } from '../../src/buses/postgres.ts'
import { busSuite } from '../support/bus-suite.ts'
import { busServer } from '../support/buses.ts'

const server = await busServer('postgres')

busSuite('postgres', server, postgresBus)
