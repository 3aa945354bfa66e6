/** Whose keys sign requests to AWS */
export interface AwsKeys {
  accessKeyId: string
  secretAccessKey: string
  /** Of temporary credentials */
  sessionToken?: string | undefined
}

/**
 * Keys, or a function that is asked for them before each request, such as `fromNodeProviderChain()` of `@aws-sdk/credential-providers`,
 * which takes them from an instance or a container and keeps them while they are good
 */
export type AwsCredentials = AwsKeys | (() => Promise<AwsKeys>)

interface AwsRequest<Method extends string> {
  method: Method
  url: string
  /** Such as `eu-central-1` */
  region: string
  service: 'ses' | 's3'
  credentials: AwsCredentials
  headers: Record<string, string>
  body?: string | undefined
}

export interface SignedRequest<Method extends string> {
  url: string
  method: Method
  headers: Record<string, string>
  body?: string
}

export const isRegion = (text: string): boolean => /^[a-z]{2,}(-[a-z]+)+-\d+$/.test(text)

/** The request with a signature of version 4: https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_sigv.html */
export async function awsSigned<Method extends string>({
  credentials,
  body,
  ...request
}: AwsRequest<Method>): Promise<SignedRequest<Method>> {
  const { AwsV4Signer } = await import('aws4fetch')
  const { accessKeyId, secretAccessKey, sessionToken } =
    typeof credentials === 'function' ? await credentials() : credentials
  const signer = new AwsV4Signer({
    ...request,
    accessKeyId,
    secretAccessKey,
    ...(sessionToken === undefined ? {} : { sessionToken }),
    ...(body === undefined ? {} : { body }),
  })
  const { headers } = await signer.sign()
  return {
    url: signer.url.href,
    method: request.method,
    headers: Object.fromEntries(headers),
    ...(body === undefined ? {} : { body }),
  }
}
