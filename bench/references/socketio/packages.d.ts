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
