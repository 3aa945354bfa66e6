// Compresses what browsers load, so that no request waits for it. `npm run build` runs it after the bundler.
import { readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { brotliCompressSync, gzipSync } from 'node:zlib'

const dist = join(import.meta.dirname, '..', 'dist')

for (const folder of ['widget', 'dashboard']) {
  const names = readdirSync(join(dist, folder), { recursive: true, encoding: 'utf8' })
  for (const name of names.filter((file) => /\.(js|css|html|svg)$/.test(file))) {
    const file = join(dist, folder, name)
    const plain = readFileSync(file)
    writeFileSync(`${file}.br`, brotliCompressSync(plain))
    writeFileSync(`${file}.gz`, gzipSync(plain, { level: 9 }))
  }
}
