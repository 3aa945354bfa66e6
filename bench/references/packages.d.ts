// What the references use of their packages, which are installed with the benchmarks and not with the repository.
declare module 'express' {
  import type { IncomingMessage, ServerResponse } from 'node:http'
  export interface Request extends IncomingMessage {
    body: unknown
    get(header: string): string | undefined
  }
  export interface Response extends ServerResponse {
    json(body: unknown): void
    status(code: number): Response
  }
  export type Handler = (request: Request, response: Response, next: () => void) => unknown
  export interface Express {
    (request: IncomingMessage, response: ServerResponse): void
    use(handler: Handler): void
    use(path: string, handler: Handler): void
    get(path: string, handler: Handler): void
    post(path: string, handler: Handler): void
    listen(port: number, host: string, listening: () => void): void
  }
  export default function express(): Express
  export function json(): Handler
}
