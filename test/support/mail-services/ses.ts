// Amazon SES, version 2, as far as sending needs it: https://docs.aws.amazon.com/ses/latest/APIReference-V2/API_SendEmail.html
import { simpleWords } from './encoded-words.ts'
import { addressOf, fieldsOf, startMailService, type Answer, type ServiceRequest, type ServiceRules } from './server.ts'
import { signatureError, type AwsKeys } from './sigv4.ts'

/** As AWS makes them: the secret has slashes and a plus sign */
export const SES_KEYS: AwsKeys = {
  accessKeyId: 'AKIATESTTESTTEST',
  secretAccessKey: 'wJalr/XUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY',
}
export const SES_REGION = 'eu-central-1'
/** `MessageHeader` of the API: printable ASCII */
const NAME = /^[!-9;-~]{1,126}$/
/** `MessageTag` of the API */
const TAG = /^[A-Za-z0-9_-]{1,256}$/
const VALUE = /^[ -~]{1,995}$/

interface Text {
  Data: string
  Charset?: string
}
interface Fields {
  FromEmailAddress: string
  Destination: { ToAddresses: string[] }
  ReplyToAddresses?: string[]
  EmailTags?: { Name: string; Value: string }[]
  Content: {
    Simple: { Subject: Text; Body: { Text: Text; Html: Text }; Headers?: { Name: string; Value: string }[] }
  }
}

const problem = (status: number, type: string, message: string): Answer => ({
  status,
  // The real one adds a URL after a colon
  headers: { 'x-amzn-errortype': `${type}:http://internal.amazon.com/coral/com.amazonaws.ses/` },
  body: { message },
})

let sent = 0

const rules = (keys: AwsKeys, fastTime: boolean): ServiceRules => ({
  mailUrl(origin) {
    const session = keys.sessionToken === undefined ? '' : `&session=${encodeURIComponent(keys.sessionToken)}`
    return `ses://${keys.accessKeyId}:${keys.secretAccessKey}@${SES_REGION}?host=${encodeURIComponent(origin)}${session}`
  },
  refusal: problem(400, 'MessageRejected', 'Illegal content'),
  limit: problem(429, 'TooManyRequestsException', 'Maximum sending rate exceeded.'),
  handle(request) {
    const error = signatureError(request, { keys, region: SES_REGION, service: 'ses', fastTime })
    if (error !== undefined) return problem(403, error, 'The request signature we calculated does not match')
    if (request.method === 'GET' && request.path === '/v2/email/account')
      return { status: 200, body: { SendingEnabled: true, ProductionAccessEnabled: false } }
    if (request.method !== 'POST' || request.path !== '/v2/email/outbound-emails')
      return problem(404, 'NotFoundException', 'No such operation')
    return send(request)
  },
})

function send(request: ServiceRequest): ReturnType<ServiceRules['handle']> {
  const {
    FromEmailAddress,
    Destination,
    ReplyToAddresses = [],
    Content,
    EmailTags = [],
  } = fieldsOf(request) as unknown as Fields
  const { Subject, Body, Headers = [] } = Content.Simple
  const [to = '', ...more] = Destination.ToAddresses
  if (more.length > 0 || to === '')
    return problem(400, 'BadRequestException', 'One recipient is what this server takes')
  if (![FromEmailAddress, to].every((text) => /^[ -~]+$/.test(text)))
    return problem(400, 'BadRequestException', 'Local address contains control or whitespace, or is not encoded')
  const bad = Headers.find(({ Name, Value }) => !NAME.test(Name) || !VALUE.test(Value))
  if (bad) return problem(400, 'BadRequestException', `Invalid header ${bad.Name}`)
  if (Headers.some(({ Name }) => /^(to|from|cc|bcc|subject|reply-to|content-.*|message-id|date)$/i.test(Name)))
    return problem(400, 'BadRequestException', 'A header that SES sets itself')
  if (EmailTags.some(({ Name, Value }) => !TAG.test(Name) || !TAG.test(Value)))
    return problem(400, 'BadRequestException', 'Invalid tag')
  return {
    mail: {
      from: simpleWords(addressOf(FromEmailAddress)),
      to: simpleWords(addressOf(to)),
      replyTo: ReplyToAddresses.join(),
      headers: Object.fromEntries(Headers.map(({ Name, Value }) => [Name, Value])),
      reference: EmailTags.find(({ Name }) => Name === 'deskbell')?.Value,
      parsed: { subject: Subject.Data, text: Body.Text.Data, html: Body.Html.Data },
    },
    answer: { status: 200, body: { MessageId: `0107-${++sent}` } },
  }
}

export const startSes = (port?: number, { keys = SES_KEYS, fastTime = false } = {}) =>
  startMailService(rules(keys, fastTime), port)
