import { expiredTokenFault, unknownKeyFault } from '../auth-faults.ts'
import type { Fault } from '../fault.ts'
import type { FaultTarget } from '../request.ts'
import type { AuthWords } from './auth-words.ts'
import { PLAIN_WORDS } from './words-plain.ts'

/** EC2 does not say what is wrong with credentials, a clock that is off among it. */
const notValidated = (target: FaultTarget): Fault => unknownKeyFault(target)

/** @source EC2 API reference, "Error codes for the Amazon EC2 API": AuthFailure, RequestExpired and its 15 minutes */
export const EC2_WORDS: AuthWords = {
  ...PLAIN_WORDS,
  skewMinutes: () => 15,
  credentials: (problem, _claim, target) =>
    problem === 'ended session' ? expiredTokenFault(target) : notValidated(target),
  untimely: ({ form, when }, target) =>
    form === 'query' && when === 'late' ? expiredTokenFault(target) : notValidated(target),
  mismatch: (_evidence, target) => notValidated(target),
  otherBody: (_declared, _computed, target) => notValidated(target),
}
