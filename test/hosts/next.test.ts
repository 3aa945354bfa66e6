import { describeNext } from './next-app.ts'

await describeNext('next', '/_next/hmr')
