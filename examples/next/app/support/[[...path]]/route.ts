import { deskbell } from '../../../lib/support'

const handle = async (request: Request): Promise<Response> => (await deskbell()).fetch(request)

export { handle as GET, handle as POST, handle as PATCH, handle as OPTIONS }
