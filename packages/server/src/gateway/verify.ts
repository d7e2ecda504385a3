import { type Identified, WireError, readSignature, serviceModel, unknownKeyFault, verifySignature } from '@sluice/wire'
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
  if (!isRegion(claim.region)) throw scopeFault(operation, `Credential should be scoped to a valid region, not '${claim.region}'.`)
  const { signingName } = serviceModel(operation.service)
  if (claim.signingName !== signingName) throw scopeFault(operation, `Credential should be scoped to correct service: '${signingName}'.`)
  const credentials = await identity.credentials(claim.accessKeyId)
  if (credentials === undefined || credentials.sessionToken !== claim.sessionToken) {
    const fault = unknownKeyFault(operation)
    throw new AwsError(fault.code, fault.status, fault.message)
  }
  verifySignature(claim, request.head, request.body, credentials.secret, Date.now(), operation)
  identity.keyUsed?.(claim.accessKeyId, Date.now(), operation.service, claim.region)
  return { principal: credentials.principal, account: credentials.principal.account, region: claim.region }
}

const scopeFault = (operation: Identified, message: string): WireError =>
  operation.protocol === 'aws-query' ? new WireError('SignatureDoesNotMatch', 403, message) : new WireError('InvalidSignatureException', operation.protocol === 'rest-json-1' ? 403 : 400, message)
