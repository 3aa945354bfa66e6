import { storeConformance } from 'deskbell/testing'
import { memoryStore } from './memory-store.ts'

storeConformance('memory', memoryStore)
