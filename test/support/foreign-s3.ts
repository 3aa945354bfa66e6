// An S3 server that others wrote: Moto, which checks signatures and what a key may do (https://docs.getmoto.org/).
import { spawn } from 'node:child_process'
import { setTimeout as pause } from 'node:timers/promises'
import { join } from 'node:path'
import { CreateBucketCommand, S3Client } from '@aws-sdk/client-s3'
import type { AwsKeys } from '../../src/services/aws.ts'
import { pythonPrograms } from './python-programs.ts'
import { freePort } from './ports.ts'

const VERSION = '5.2.5'
const PACKAGES = [`moto[s3]==${VERSION}`, 'flask==3.1.3', 'flask-cors==6.0.5']
/** Requests before it asks for signatures: they make the keys */
const SETTING_UP = 6
const REGION = 'us-east-1'
const BUCKET = 'files'

export interface ForeignS3 {
  url: string
  region: string
  bucket: string
  /** They may do what docs/attachments.md asks for, and nothing else */
  keys: AwsKeys
  stop(): Promise<void>
}

/** @returns the folder of its commands; undefined where it cannot be installed, which is said on the console */
export const installForeignS3 = (): string | undefined => pythonPrograms('moto', VERSION, PACKAGES)

/** @param folder of its commands */
export async function startForeignS3(folder: string): Promise<ForeignS3> {
  const port = await freePort()
  const url = `http://127.0.0.1:${port}`
  const server = spawn(join(folder, 'moto_server'), ['-H', '127.0.0.1', '-p', String(port)], {
    env: { ...process.env, INITIAL_NO_AUTH_ACTION_COUNT: String(SETTING_UP) },
    stdio: 'ignore',
  })
  const ended = new Promise<void>((resolve) => server.once('exit', () => resolve()))
  const stop = (): Promise<void> => {
    server.kill()
    return ended
  }
  try {
    await answers(`${url}/moto-api/`, () => server.exitCode !== null)
    const actions = ['s3:PutObject', 's3:GetObject', 's3:DeleteObject']
    const [maker, keys] = [await newUser(url, 'maker', ['s3:CreateBucket']), await newUser(url, 'deskbell', actions)]
    const credentials = { accessKeyId: maker.accessKeyId, secretAccessKey: maker.secretAccessKey }
    const client = new S3Client({ endpoint: url, region: REGION, forcePathStyle: true, credentials })
    await client.send(new CreateBucketCommand({ Bucket: BUCKET }))
    client.destroy()
    return { url, region: REGION, bucket: BUCKET, keys, stop }
  } catch (error) {
    await stop()
    throw error
  }
}

async function answers(url: string, hasEnded: () => boolean): Promise<void> {
  while (!(await fetch(url).catch(() => undefined))?.ok) {
    if (hasEnded()) throw new Error('Moto does not start')
    await pause(100)
  }
}

/** Three requests */
async function newUser(url: string, name: string, actions: string[]): Promise<AwsKeys> {
  const policy = { Version: '2012-10-17', Statement: [{ Effect: 'Allow', Action: actions, Resource: '*' }] }
  await iam(url, { Action: 'CreateUser', UserName: name })
  await iam(url, {
    Action: 'PutUserPolicy',
    UserName: name,
    PolicyName: 'files',
    PolicyDocument: JSON.stringify(policy),
  })
  const made = await iam(url, { Action: 'CreateAccessKey', UserName: name })
  const field = (tag: string): string => new RegExp(`<${tag}>([^<]+)<`).exec(made)?.[1] ?? ''
  return { accessKeyId: field('AccessKeyId'), secretAccessKey: field('SecretAccessKey') }
}

/** https://docs.aws.amazon.com/IAM/latest/APIReference/ */
async function iam(url: string, fields: Record<string, string>): Promise<string> {
  const response = await fetch(url, {
    method: 'POST',
    // It looks here for the service that is meant
    headers: { authorization: `AWS4-HMAC-SHA256 Credential=x/20260101/${REGION}/iam/aws4_request` },
    body: new URLSearchParams({ Version: '2010-05-08', ...fields }),
  })
  const text = await response.text()
  if (!response.ok) throw new Error(`Moto answers ${fields['Action']} with ${response.status}: ${text}`)
  return text
}
