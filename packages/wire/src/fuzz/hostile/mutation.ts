import type { HostileRequest } from './captured.ts'
import type { Random } from './random.ts'

/** One way of making a request wrong. */
export interface Mutation {
  readonly name: string
  /** @returns the wrong request; `undefined` when this one has nothing that could be made wrong so */
  readonly mutate: (request: HostileRequest, random: Random) => HostileRequest | undefined
}

/** A header that is set, or taken away with `undefined`. */
export const withHeader = (request: HostileRequest, name: string, value: string | undefined): HostileRequest => ({
  ...request,
  head: { ...request.head, headers: { ...request.head.headers, [name]: value } },
})

export const withUrl = (request: HostileRequest, rawUrl: string): HostileRequest => ({
  ...request,
  head: { ...request.head, rawUrl },
})

/** Another body, uncompressed. */
export const withBody = (request: HostileRequest, body: Uint8Array | string): HostileRequest => ({
  ...withHeader(request, 'content-encoding', undefined),
  body: typeof body === 'string' ? Buffer.from(body) : body,
})

/** What stands in a body, uncompressed. */
export const textOf = ({ body }: HostileRequest): string => Buffer.from(body).toString('utf8')
