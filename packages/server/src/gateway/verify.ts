import { timingSafeEqual } from 'node:crypto'
import {
  type Identified,
  type SignatureClaim,
  credentialError,
  readSignature,
  serviceModel,
  unknownKeyFault,
  unknownRegionFault,
} from '@sluice/wire'
import type { RequestSignature } from '#kernel/call.ts'
import type { Clock } from '#kernel/clock.ts'
import type { AccountId, Region } from '#kernel/ids.ts'
import { accountId, isRegion, region } from '#kernel/ids.ts'
import { AwsError, type Fault } from '#kernel/errors.ts'
import type { Principal } from '#kernel/principal.ts'
import type { IdentityPort } from '#kernel/service.ts'
import { type OpenContent, verifiedContent } from '#gateway/content.ts'
import type { GatewayRequest } from '#gateway/request.ts'

/** Who signed the request, and for which region. */
export interface Caller {
  readonly principal: Principal
  readonly account: AccountId
  readonly region: Region
}

/** A request that is who it says it is from, with its body as it is to be read. */
export interface Verified extends Caller {
  readonly content: OpenContent
  /** Left out: nobody signed. */
  readonly signature?: RequestSignature
}

export interface VerifyOptions {
  /** Temporary credentials end on this clock; left out: on real time. */
  readonly clock?: Clock
  /** Names of the platform below which S3's buckets may stand. */
  readonly hosts?: readonly string[]
  /** Whether the operation takes callers without a signature though its model asks for one. */
  readonly isOpen?: boolean
}

const REAL_TIME: Clock = { now: () => Date.now() }

/**
 * Resolves the access key and checks the signature. Signatures are judged against real time; temporary credentials end
 * on the platform's clock.
 * @throws WireError or AwsError with the code and text of the service's family
 */
export async function verify(
  operation: Identified,
  request: GatewayRequest,
  identity: IdentityPort,
  { clock = REAL_TIME, hosts = [], isOpen = false }: VerifyOptions = {},
): Promise<Verified> {
  if (isUnsigned(operation, request, isOpen))
    return { ...UNSIGNED, content: verifiedContent(operation, request, undefined, hosts) }
  const claim = readSignature(request.head, operation, { body: request.body })
  // Version 2 names no region; S3, which alone takes it, began in this one.
  const claimed = claim.version === 2 ? UNSIGNED.region : claim.region
  // The reader of signatures takes any region-like word; records are keyed by region, so it must look like one of AWS's.
  if (!isRegion(claimed)) throw asError(unknownRegionFault(operation, claimed))
  const credentials = await identity.credentials(claim.accessKeyId)
  if (credentials === undefined) throw credentialError('unknown key', claim, operation)
  if (!isSameToken(credentials.sessionToken, claim.sessionToken)) throw credentialError('other token', claim, operation)
  const content = verifiedContent(operation, request, { claim, secret: credentials.secret }, hosts)
  const { principal, expiresAt = Infinity } = credentials
  if (expiresAt <= clock.now()) throw credentialError('ended session', claim, operation)
  if (isOutOfReach(operation, principal)) throw asError(unknownKeyFault(operation))
  identity.keyUsed?.(claim.accessKeyId, clock.now(), operation.service, claimed, principal)
  return { principal, account: principal.account, region: claimed, content, signature: signatureOf(claim) }
}

const signatureOf = (claim: SignatureClaim): RequestSignature => ({
  version: claim.version,
  place: claim.form,
  ...('timestamp' in claim ? { madeAt: claim.timestamp } : {}),
})

/** Compared in constant time: how much of a token is right is nobody's business. */
function isSameToken(kept: string | undefined, sent: string | undefined): boolean {
  if (kept === undefined || sent === undefined) return kept === sent
  const [a, b] = [Buffer.from(kept), Buffer.from(sent)]
  return a.length === b.length && timingSafeEqual(a, b)
}

/** Whoever signs nothing has no account and no region of its own; the operation says in which account it acts. */
const NOBODY = accountId('000000000000')
const UNSIGNED: Caller = {
  principal: { kind: 'anonymous', account: NOBODY },
  account: NOBODY,
  region: region('us-east-1'),
}

/** A signature of either version in a URL. */
const SIGNED_URL = /\?(?:.*&)?(?:X-Amz-|AWSAccessKeyId=|Signature=)/

/** An operation that asks for no signature, and a request that has none. */
const isUnsigned = ({ service, operation }: Identified, { head }: GatewayRequest, isOpen: boolean): boolean =>
  head.headers['authorization'] === undefined &&
  !SIGNED_URL.test(head.rawUrl) &&
  (isOpen || serviceModel(service).isOptionalAuth(operation))

const OPEN_TO_SESSIONS: ReadonlySet<string> = new Set(['AssumeRole', 'GetCallerIdentity'])

/**
 * Sessions of GetSessionToken without a second factor, and all of GetFederationToken, cannot call IAM, nor STS but for
 * asking who they are and, those of users, assuming a role.
 * @source IAM user guide, "Compare AWS STS credentials"
 */
function isOutOfReach({ service, operation }: Identified, principal: Principal): boolean {
  if (service !== 'iam' && service !== 'sts') return false
  if (principal.kind === 'federated-user') return service === 'iam' || operation !== 'GetCallerIdentity'
  if (principal.kind !== 'user' && principal.kind !== 'root') return false
  if (principal.issuedAt === undefined || principal.session?.byPlatform === true) return false
  return service === 'iam' ? principal.session?.mfaAt === undefined : !OPEN_TO_SESSIONS.has(operation)
}

const asError = ({ code, status, message }: Fault): AwsError => new AwsError(code, status, message)
