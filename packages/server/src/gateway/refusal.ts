import { type Protocol, type Reply, type RequestHead, identify, writeFault } from '@sluice/wire'
import { newUuid } from '#kernel/ids.ts'

/** Why a request is turned away before it is verified. */
export interface Refusal {
  readonly status: number
  readonly message: string
}

const NO_BODY = new Uint8Array()

/** Codes of AWS's front doors, which no service models; outside Query they end in `Exception`. */
const CODES: Readonly<Record<number, string>> = {
  400: 'InvalidRequest',
  413: 'RequestEntityTooLarge',
  431: 'RequestHeaderSectionTooLarge',
  503: 'ServiceUnavailable',
}

/** A code that no service models, as the protocol names it. */
export const frontDoorCode = (protocol: Protocol, code: string): string =>
  /^(?:aws-query|ec2-query|rest-xml)$/.test(protocol) ? code : `${code}Exception`

/** Answers a request whose body was not read: in the protocol of its service where the head says which, else in plain text. */
export function refusalReply(head: RequestHead, { status, message }: Refusal): Reply {
  const code = CODES[status]
  const identification = identify(head, NO_BODY)
  const target = identification.kind === 'operation' ? identification.operation : identification.target
  if (code === undefined || target.service === undefined) return plainReply(status, `${message}\n`)
  return writeFault(target, { code: frontDoorCode(target.protocol, code), status, message }, newUuid())
}

export const plainReply = (status: number, text: string): Reply => ({
  status,
  headers: { 'content-type': 'text/plain; charset=utf-8' },
  body: text,
})
