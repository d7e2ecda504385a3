import { throwFault } from '../fault.ts'
import { formOf } from '../identify.ts'
import { findParameter } from '../query/form.ts'
import type { FaultTarget, RequestHead } from '../request.ts'
import { claimedSigningName, splitUrl } from '../scope.ts'
import { readV2Header, readV2Query } from './claim-v2.ts'
import { type Refuse, readV4Header, readV4Query } from './claim-v4.ts'
import { queryParameters } from './query-parameters.ts'
import type { SignatureClaim, SignatureForm } from './signature-claim.ts'
import { S3, signingNameOf, wordsOf } from './words.ts'

/** What else is known about a request whose signature is read. */
export interface ReadOptions {
  /** The body, in which Query requests of Signature Version 2 carry their signature; it only words the refusal. */
  readonly body?: Uint8Array
}

const V4_MARKS = ['X-Amz-Algorithm', 'X-Amz-Signature', 'X-Amz-Credential']
const V2_SCHEME = /^AWS /i

/**
 * Reads the signature's parts from the Authorization header or, for presigned requests, from the query. Version 2 is
 * read for S3 alone.
 * @throws WireError when there is none, or it is not whole: the service's code and words.
 */
export function readSignature(head: RequestHead, target: FaultTarget, options: ReadOptions = {}): SignatureClaim {
  const { query } = splitUrl(head.rawUrl)
  const expected = signingNameOf(target) ?? claimedSigningName(head, query)
  const words = wordsOf(expected)
  const refuseIn =
    (form: SignatureForm): Refuse =>
    (problem) =>
      throwFault(words.malformed(problem, form, target))

  const { authorization } = head.headers
  const isV2Header = authorization !== undefined && V2_SCHEME.test(authorization)
  if (authorization !== undefined && expected !== S3) {
    const refuse = refuseIn('header')
    return isV2Header ? refuse({ kind: 'version 2' }) : readV4Header(authorization, { head, expected, refuse })
  }
  const parameters = queryParameters(query)
  const isV4Query = V4_MARKS.some((name) => parameters.has(name))
  if (expected === S3) {
    const isV2Query = parameters.has('Signature')
    const refuse = refuseIn('header')
    if ([authorization !== undefined, isV4Query, isV2Query].filter(Boolean).length > 1)
      return refuse({ kind: 'two mechanisms', authorization })
    if (isV2Query) return readV2Query(parameters, head)
    if (authorization !== undefined)
      return isV2Header ? readV2Header(authorization, head) : readV4Header(authorization, { head, expected, refuse })
  }
  const refuse = refuseIn('query')
  if (isV4Query) return readV4Query(parameters, { head, expected, refuse })
  return refuse({ kind: isV2Form(head, query, options.body) ? 'version 2' : 'none' })
}

/** Query requests of version 2 say so in the form that carries their action, or in the URL. */
function isV2Form(head: RequestHead, query: string, body: Uint8Array = new Uint8Array()): boolean {
  const form = formOf(head, splitUrl(head.rawUrl), body)
  return [form, Buffer.from(query, 'latin1')].some(
    (text) => text !== undefined && findParameter(text, 'SignatureVersion') !== undefined,
  )
}
