/** How the `client_id` of a message begins that came as an e-mail. Clients cannot send with such an id */
export const EMAIL_CLIENT_ID = 'email:'

/** Whether the message came as an e-mail */
export const isByEmail = ({ client_id }: { client_id: string | null }): boolean =>
  client_id?.startsWith(EMAIL_CLIENT_ID) ?? false
