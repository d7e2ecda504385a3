/** What a client is told when a call fails. */
export interface Fault {
  /** The error's code as AWS names it: the shape's name or, for Query, its code; either is understood. */
  readonly code: string
  /** HTTP status. */
  readonly status: number
  readonly message: string
  /** Further modelled members by their model names, e.g. `{ErrorAttribute: 'brokerName'}`. */
  readonly members?: Readonly<Record<string, unknown>>
  /** Headers of the answer, lower case; S3's alone have some that are not members, e.g. `etag` of a 304. */
  readonly headers?: Readonly<Record<string, string>>
}

/** The one error that this package throws about a request; its code, status and text are for the client. */
export class WireError extends Error implements Fault {
  readonly code: string
  readonly status: number
  readonly members: Readonly<Record<string, unknown>>

  constructor(
    code: string,
    status: number,
    message: string,
    members: Readonly<Record<string, unknown>> = {},
    cause?: unknown,
  ) {
    super(message, { cause })
    this.name = code
    this.code = code
    this.status = status
    this.members = members
  }
}

export const throwFault = (fault: Fault): never => {
  throw new WireError(fault.code, fault.status, fault.message, fault.members)
}
