import type { AwsCredentials } from './aws.ts'

/**
 * A variable of the environment that is not set would otherwise be found out by the first request that the service refuses.
 *
 * @param whose the function that takes them
 * @throws Error when one is missing. In JavaScript it may be
 */
export function checkCredentials(whose: string, credentials: Record<string, unknown>): void {
  for (const [name, value] of Object.entries(credentials))
    if (value === undefined || value === null || value === '')
      throw new Error(`${whose} needs ${name}: is the variable that it comes from set?`)
}

/**
 * @param option where they are among the function's options
 * @throws Error when a key is missing. A function is asked later
 */
export function checkAwsCredentials(whose: string, credentials: AwsCredentials, option = 'credentials'): void {
  if (typeof credentials === 'function') return
  checkCredentials(whose, { [option]: credentials })
  const { accessKeyId, secretAccessKey } = credentials
  checkCredentials(whose, { [`${option}.accessKeyId`]: accessKeyId, [`${option}.secretAccessKey`]: secretAccessKey })
}
