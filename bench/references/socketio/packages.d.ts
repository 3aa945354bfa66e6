// What the reference uses of its packages, which are installed with the benchmarks and not with the repository.
declare module 'express' {
  import type { IncomingMessage, ServerResponse } from 'node:http'
  export interface Request extends IncomingMessage {
    get(header: string): string | undefined
    params: Record<string, string>
    query: Record<string, string | undefined>
  }
  export interface Response extends ServerResponse {
    json(body: unknown): void
    status(code: number): Response
    locals: Record<string, unknown>
  }
  export type Next = (error?: unknown) => void
  export type Handler = (request: Request, response: Response, next: Next) => unknown
  export type ErrorHandler = (error: unknown, request: Request, response: Response, next: Next) => unknown
  export interface Express {
    (request: IncomingMessage, response: ServerResponse): void
    use(handler: Handler | ErrorHandler): void
    use(path: string, handler: Handler): void
    get(path: string, handler: Handler): void
  }
  export default function express(): Express
}

declare module 'socket.io' {
  import type { Server as HttpServer } from 'node:http'
  export interface Socket<Data> {
    data: Data
    handshake: { auth: Record<string, unknown> }
    rooms: Set<string>
    join(room: string): void | Promise<void>
    on<Message>(
      event: string,
      handle: (message: Partial<Message> | undefined, acknowledge?: (answer: object) => void) => unknown,
    ): void
  }
  export class Server<Data> {
    constructor(server: HttpServer)
    use(guard: (socket: Socket<Data>, next: (error?: Error) => void) => void): void
    on(event: 'connection', handle: (socket: Socket<Data>) => void): void
    to(room: string): { emit(event: string, data: object): void }
  }
}
