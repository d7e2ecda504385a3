import type { Fault } from '../fault.ts'
import type { FaultTarget } from '../request.ts'
import type { ClaimProblem } from './problem.ts'
import type { SignatureClaim, SignatureForm } from './signature-claim.ts'

/** How a family of services judges the time of a signature, and how it words its refusals. */
export interface AuthWords {
  /** How far a client's clock may be off, in minutes. */
  skewMinutes(target: FaultTarget): number
  /** The parts of the signature are not whole. */
  malformed(problem: ClaimProblem, form: SignatureForm, target: FaultTarget): Fault
  credentials(problem: CredentialProblem, claim: SignatureClaim, target: FaultTarget): Fault
  untimely(time: Untimely, target: FaultTarget): Fault
  /** The signature is not the one we calculate. */
  mismatch(evidence: Evidence | undefined, target: FaultTarget): Fault
  /** The body is not the one whose hash, in hexadecimal digits, the request declares and signs. */
  otherBody(declared: string, computed: string, target: FaultTarget): Fault
}

/** What can be wrong with the key that a claim names: nobody has it, the session token is not its own, the session has ended. */
export type CredentialProblem = 'unknown key' | 'other token' | 'ended session'

/** A request outside the time in which its signature holds. All times are milliseconds since 1970. */
export interface Untimely {
  readonly form: SignatureForm
  readonly when: 'late' | 'early'
  readonly nowMillis: number
  /** When it was signed; a presigned request of version 2 does not say. */
  readonly signedAt?: number
  /** The time of signing as the request writes it. */
  readonly sent: string
  readonly skewMinutes: number
  /** Of a presigned request: when it ends, and how long it was to hold if it says so. */
  readonly presigned?: { readonly endsAt: number; readonly seconds?: number }
}

/** What a refused signature was compared over; none of it is secret. */
export interface Evidence {
  readonly accessKeyId: string
  readonly signature: string
  readonly stringToSign: string
  readonly canonicalRequest?: string
}
