// Certificates that nobody vouches for, made by openssl, which Debian's Chromium brings along.
import { execFileSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

interface Certificate {
  key: Buffer
  cert: Buffer
}

/** @param names for which it is */
export const certificateFor = (...names: string[]): Certificate =>
  make(['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1'], names)

/** The same with a key of RSA */
export const rsaCertificateFor = (...names: string[]): Certificate => make(['-newkey', 'rsa:2048'], names)

function make(kind: string[], names: string[]): Certificate {
  const dir = mkdtempSync(join(tmpdir(), 'deskbell-tls-'))
  try {
    const [key, cert] = [join(dir, 'key.pem'), join(dir, 'cert.pem')]
    const subject = ['-subj', `/CN=${names[0]}`, '-addext', `subjectAltName=${names.map((n) => `DNS:${n}`).join(',')}`]
    const files = ['-nodes', '-days', '2', '-keyout', key, '-out', cert]
    execFileSync('openssl', ['req', '-x509', ...kind, ...files, ...subject], { stdio: 'ignore' })
    return { key: readFileSync(key), cert: readFileSync(cert) }
  } finally {
    rmSync(dir, { recursive: true, force: true })
  }
}
