// Reads MAIL_URL as far as it names a mail service. No message of an error repeats any of its secrets.
import type { AwsKeys } from '../services/aws.ts'

/** What a URL says besides the credentials: its query */
type Given = Record<string, string | undefined>

/** The name in front of `://`, in lower case, and what follows it; both are empty where it is no such URL */
export function partsOf(url: string): { scheme: string; rest: string } {
  const [, scheme = '', rest = ''] = /^([a-z][a-z0-9]*):\/\/(.+)$/is.exec(url) ?? []
  return { scheme: scheme.toLowerCase(), rest }
}

/** A service whose URL is one key. @throws Error when it is none */
export function byKey(rest: string, shape: string, names: string[]): { key: string; query: Given } {
  const [, key, search = ''] = /^([^@/?#:]+)\/?(\?.*)?$/s.exec(rest) ?? []
  if (key === undefined) throw new Error(`it must look like ${shape}`)
  return { key: decoded(key), query: queryOf(search, names) }
}

/** Amazon SES. @throws Error when it is none */
export function bySesKeys(rest: string): { region: string; credentials: AwsKeys; query: Given } {
  // Secret keys contain slashes, which people copy as they are
  const [, id, secret, region, search = ''] = /^([^:@/?#]+):([^@?#]+)@([a-z0-9-]+)\/?(\?.*)?$/s.exec(rest) ?? []
  if (id === undefined || secret === undefined || region === undefined)
    throw new Error('it must look like ses://KEY:SECRET@REGION')
  const query = queryOf(search, ['session', 'configuration_set'])
  const credentials = { accessKeyId: decoded(id), secretAccessKey: decoded(secret), sessionToken: query['session'] }
  return { region, credentials, query }
}

function queryOf(search: string, names: string[]): Given {
  const query: Given = Object.fromEntries(new URLSearchParams(search))
  const unknown = Object.keys(query).find((name) => name !== 'host' && !names.includes(name))
  if (unknown !== undefined) throw new Error(`it has no ${unknown}; there is ${['host', ...names].join(', ')}`)
  return query
}

/** Where the API is, such as `api.eu.example.com` */
export const at = ({ host }: Given): { url?: string } =>
  host === undefined ? {} : { url: host.includes('://') ? host : `https://${host}` }

type Defined<Values> = { [Name in keyof Values]?: Exclude<Values[Name], undefined> }

export const defined = <Values extends Record<string, unknown>>(values: Values): Defined<Values> =>
  Object.fromEntries(Object.entries(values).filter(([, value]) => value !== undefined)) as Defined<Values>

/** @throws Error when it is no percent-encoding */
export function decoded(text: string): string {
  try {
    return decodeURIComponent(text)
  } catch {
    throw new Error('write % in it as %25')
  }
}
