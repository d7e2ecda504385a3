import { type Identified, WireError, readSignature, unknownKeyFault, verifySignature } from '@sluice/wire'
import type { AccountId, Region } from '#kernel/ids.ts'
import { isRegion } from '#kernel/ids.ts'
import { AwsError } from '#kernel/errors.ts'
import type { Principal } from '#kernel/principal.ts'
import type { IdentityPort } from '#kernel/service.ts'
import type { GatewayRequest } from '#gateway/request.ts'

/** Who signed the request, and for which region. */
export interface Caller {
  readonly principal: Principal
  readonly account: AccountId
  readonly region: Region
}

/**
 * Resolves the access key and checks the signature. Signatures are judged against real time, never the testing clock.
 * @throws WireError or AwsError with the code and text of the service's family
 */
export async function verify(operation: Identified, request: GatewayRequest, identity: IdentityPort): Promise<Caller> {
  const claim = readSignature(request.head, operation)
  if (!isRegion(claim.region)) throw regionFault(operation, claim.region)
  const credentials = await identity.credentials(claim.accessKeyId)
  if (credentials === undefined || credentials.sessionToken !== claim.sessionToken) {
    const fault = unknownKeyFault(operation)
    throw new AwsError(fault.code, fault.status, fault.message)
  }
  verifySignature(claim, request.head, request.body, credentials.secret, Date.now(), operation)
  identity.keyUsed?.(claim.accessKeyId, Date.now(), operation.service, claim.region)
  return { principal: credentials.principal, account: credentials.principal.account, region: claim.region }
}

// The reader of signatures takes any region-like word; records are keyed by region, so here it must look like one of AWS's.
function regionFault({ protocol }: Identified, region: string): WireError {
  const code = protocol === 'aws-query' ? 'SignatureDoesNotMatch' : 'InvalidSignatureException'
  return new WireError(
    code,
    protocol === 'aws-json-1.1' ? 400 : 403,
    `Credential should be scoped to a valid region, not '${region}'.`,
  )
}
