// What fields of answers are made of, in the schemas of every room.
import { z } from 'zod'

export const uuid = z.string().meta({ format: 'uuid' })
export const time = z.string().meta({ format: 'date-time' })
export const count = z.int().min(0)
export const side = z.enum(['user', 'admin'])
