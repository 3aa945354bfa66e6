import type { NextConfig } from 'next'

const config: NextConfig = {
  serverExternalPackages: ['deskbell/dist/entries'],
  outputFileTracingIncludes: { '/support/**': ['./node_modules/deskbell/dist/**'] },
}
export default config
