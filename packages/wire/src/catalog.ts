import { SERVICE_IDS } from './model/load.ts'
import type { Protocol, ServiceId } from './request.ts'
import { CATALOG } from './types/catalog.ts'

/** The ways by which a request names its service; each look-up costs the same, however many services there are. */

const byTarget = new Map<string, ServiceId>()
const bySigningName = new Map<string, ServiceId[]>()
const byVersion = new Map<string, ServiceId>()

for (const id of SERVICE_IDS) {
  const { protocols, signingName, apiVersion, targetPrefix } = CATALOG[id]
  if (targetPrefix !== undefined) {
    byTarget.set(targetPrefix, id)
    // Some clients send the prefix with its Java package, some without.
    byTarget.set(targetPrefix.slice(targetPrefix.lastIndexOf('.') + 1), id)
  }
  const same = bySigningName.get(signingName)
  if (same === undefined) bySigningName.set(signingName, [id])
  else same.push(id)
  if (protocols.some(isForm)) byVersion.set(apiVersion, id)
}

export function isForm(protocol: Protocol): boolean {
  return protocol === 'aws-query' || protocol === 'ec2-query'
}
export const isRest = (protocol: Protocol): boolean => protocol === 'rest-json-1' || protocol === 'rest-xml'

/** The service of an `x-amz-target` prefix, or of a name in an RPC v2 path. */
export const serviceOfTarget = (prefix: string): ServiceId | undefined => byTarget.get(prefix)

/** Services by the name they are signed for; two share one now and then. */
export const servicesSignedAs = (signingName: string): readonly ServiceId[] => bySigningName.get(signingName) ?? []

/** The service of a form's `Version`, for requests that are not signed. */
export const serviceOfVersion = (version: string): ServiceId | undefined => byVersion.get(version)

/** The protocol among a service's that `wanted` takes; `undefined`: it speaks none of them. */
export const protocolOf = (service: ServiceId, wanted: (protocol: Protocol) => boolean): Protocol | undefined =>
  CATALOG[service].protocols.find(wanted)

/** REST services, S3 last: every path is one of its own. */
export const REST_SERVICES: readonly ServiceId[] = SERVICE_IDS.filter((id) =>
  CATALOG[id].protocols.some(isRest),
).toSorted((a, b) => Number(a === 's3') - Number(b === 's3'))
