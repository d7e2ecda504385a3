import type { HostileRequest } from './captured.ts'
import { BYTE_MUTATIONS } from './mutate-bytes.ts'
import { CBOR_MUTATIONS } from './mutate-cbor.ts'
import { FORM_MUTATIONS } from './mutate-form.ts'
import { HEAD_MUTATIONS } from './mutate-head.ts'
import { JSON_MUTATIONS } from './mutate-json.ts'
import { SIGNATURE_MUTATIONS } from './mutate-signature.ts'
import { XML_MUTATIONS } from './mutate-xml.ts'
import type { Mutation } from './mutation.ts'
import type { Random } from './random.ts'

/** Mutations that only make sense in one format; of a request they are chosen half of the time. */
const BY_FORMAT: readonly Mutation[] = [...JSON_MUTATIONS, ...CBOR_MUTATIONS, ...FORM_MUTATIONS, ...XML_MUTATIONS]
const GENERAL: readonly Mutation[] = [...BYTE_MUTATIONS, ...HEAD_MUTATIONS, ...SIGNATURE_MUTATIONS]

export const MUTATIONS: readonly Mutation[] = [...BY_FORMAT, ...GENERAL]

/** A request made wrong, and how. */
export interface Mutated {
  readonly name: string
  readonly request: HostileRequest
}

/** Makes a request wrong in one way, now and then in two. */
export function mutated(request: HostileRequest, random: Random): Mutated {
  const first = mutatedOnce(request, random)
  if (!random.once(10)) return first
  try {
    return { ...mutatedOnce(first.request, random), name: first.name }
  } catch {
    // The second way asks for a body that can be read, which the first may have taken.
    return first
  }
}

function mutatedOnce(request: HostileRequest, random: Random): Mutated {
  const formats = random.once(2) ? BY_FORMAT : GENERAL
  // Formats of other protocols do not apply; general mutations nearly always do.
  for (let tries = 0; tries < 60; tries++) {
    const mutation = random.pick(tries < 40 ? formats : GENERAL)
    const wrong = mutation.mutate(request, random)
    if (wrong !== undefined) return { name: mutation.name, request: wrong }
  }
  throw new Error(`no mutation fits ${request.service} ${request.operation}`)
}
