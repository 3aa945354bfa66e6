import { describeNext } from './next-app.ts'

await describeNext('next-15', '/_next/webpack-hmr')
