// What the description of the HTTP API says, besides what each route says of itself.

export const api = {
  title: 'Deskbell',
  server: 'The URL of this server',
  description: `Support chat between users and staff. Every user has one chat; staff see all of them.

**Signing in.** A request carries the token that the app signs for the person (\`Authorization: Bearer …\`), or the session by which the app knows them. The roles of an operation say whether it is for the \`user\` of a chat or for staff (\`admin\`).

**Problems.** An error is an RFC 9457 problem document with a stable \`code\`; \`detail\` is for developers. Read the code and not the text, and treat a code that you do not know by its status. Browsers that open an address see a page instead.

**Sending twice.** A message that is sent again with the same \`client_id\` is stored once, so repeat what was not answered. After a 429 or 503, wait for \`Retry-After\` seconds.

**Pages.** Messages are numbered by \`seq\`, from 1 without gaps: ask for those \`after\` or \`before\` one while \`has_more\` is true. The list of chats has the address of the next page in its \`Link\` header.

**What changes.** Nothing is renamed or removed. Answers may get new fields, and operations new problems.`,
  tags: [
    { name: 'users', description: 'For the user of a chat' },
    { name: 'staff', description: 'For support staff' },
    { name: 'everybody', description: 'For everybody: pages, and operations that need no sign-in' },
  ],
  token: 'A JWT for the person, signed with the secret of the server',
  session:
    'The session of the app, under whatever name the app gives its cookie; pages of the same origin send it automatically',
  personRequested:
    'For whom the request is meant: role and id such as `user%3A42`. Somebody else who is signed in gets `other_person`',
  personAnswered: 'Who asked: role and id such as `user%3A42`',
  retryAfter: 'Seconds to wait',
  statuses: {
    200: 'Done',
    201: 'Stored',
    204: 'Done, without a body',
    301: 'It is at another address',
    302: 'It is at another address',
  } as Record<string, string>,
  page: {
    locale: 'en',
    title: (name: string) => `${name}: the HTTP API`,
    document: 'OpenAPI document',
    required: 'required',
    optional: 'may be left out',
    for: 'for',
    roles: { user: 'the user', admin: 'staff' } as Record<string, string>,
    parameters: 'Parameters',
    body: 'Body',
    answers: 'Answers',
    problems: 'Problems',
    schemas: 'Shapes',
    listOf: 'list of',
    or: 'or',
    limits: {
      default: (value: string) => `default ${value}`,
      minimum: (value: string) => `at least ${value}`,
      maximum: (value: string) => `at most ${value}`,
      minLength: (value: string) => `length at least ${value}`,
      maxLength: (value: string) => `length at most ${value}`,
    },
  },
}
