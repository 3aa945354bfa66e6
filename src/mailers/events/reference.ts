/** The name under which a mail carries its reference through a service */
export const REFERENCE = 'deskbell'
