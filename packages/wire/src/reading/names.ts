import type { Member } from '../model/model.ts'
import type { Protocol } from '../request.ts'

const decapitalised = (name: string): string => name.charAt(0).toLowerCase() + name.slice(1)
const capitalised = (name: string): string => name.charAt(0).toUpperCase() + name.slice(1)

const isRest = (protocol: Protocol): boolean => protocol === 'rest-json-1' || protocol === 'rest-xml'
/** Protocols whose bodies have members by the model's names. */
const isRpc = (protocol: Protocol): boolean =>
  protocol === 'aws-json-1.0' || protocol === 'aws-json-1.1' || protocol === 'rpc-v2-cbor'

/** How paths in messages spell a member, and records of most services: REST by its wire name, all with a small first letter. */
export const recordName = (protocol: Protocol, name: string, member: Member): string =>
  decapitalised(isRest(protocol) ? (member.locationName ?? name) : name)

const S3_PATH: Readonly<Record<string, string>> = { Bucket: 'bucketName', Key: 'key' }

/**
 * How records of calls spell a member. S3 has the names of its headers, query strings and elements as requests carry
 * them, and names of its own for what stands in the path.
 * @source Amazon S3 user guide, "CloudTrail log file entries for Amazon S3"
 */
export function spelledInRecord(protocol: Protocol, name: string, member: Member): string {
  if (protocol !== 'rest-xml') return recordName(protocol, name, member)
  return (member.location === 'uri' ? S3_PATH[name] : undefined) ?? member.locationName ?? name
}

/** How bodies spell a member: JSON-RPC and CBOR by the model's name, others by `locationName` where there is one. */
export const wireName = (protocol: Protocol, name: string, member: Member): string =>
  isRpc(protocol) ? name : (member.locationName ?? name)

/** How forms spell a member. EC2 has names of its own for them. */
export const formName = (protocol: Protocol, name: string, member: Member): string =>
  protocol === 'ec2-query'
    ? (member.queryName ?? capitalised(member.locationName ?? name))
    : wireName(protocol, name, member)
