import { WireError } from '../fault.ts'
import type { FaultTarget } from '../request.ts'
import type { CredentialProblem } from './auth-words.ts'
import type { SignatureClaim } from './signature-claim.ts'
import { wordsOf } from './words.ts'

/** The refusal of a claim whose credentials do not hold, in the code and words of the service; for the caller to throw. */
export function credentialError(problem: CredentialProblem, claim: SignatureClaim, target: FaultTarget): WireError {
  const { code, status, message, members } = wordsOf(claim.signingName).credentials(problem, claim, target)
  return new WireError(code, status, message, members)
}
