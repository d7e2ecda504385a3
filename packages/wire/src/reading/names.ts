import type { Member } from '../model/model.ts'
import type { Protocol } from '../request.ts'

const decapitalised = (name: string): string => name.charAt(0).toLowerCase() + name.slice(1)

/** How paths in messages and records of calls spell a member: REST by its wire name, others with a small first letter. */
export const recordName = (protocol: Protocol, name: string, member: Member): string =>
  protocol === 'rest-json-1' ? (member.locationName ?? name) : decapitalised(name)

/** How bodies spell a member: JSON-RPC by the model's name, others by `locationName` where there is one. */
export const wireName = (protocol: Protocol, name: string, member: Member): string =>
  protocol === 'aws-json-1.1' ? name : (member.locationName ?? name)
