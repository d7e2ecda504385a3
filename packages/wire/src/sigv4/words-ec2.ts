import type { AuthWords } from './auth-words.ts'
import { PLAIN_WORDS } from './words-plain.ts'

/** EC2 does not say what is wrong with credentials, a clock that is off among it. */
const NOT_VALIDATED = {
  code: 'AuthFailure',
  status: 401,
  message: 'AWS was not able to validate the provided access credentials',
} as const

const EXPIRED = { code: 'RequestExpired', status: 400, message: 'Request has expired.' } as const

/** @source EC2 API reference, "Error codes for the Amazon EC2 API": AuthFailure, RequestExpired and its 15 minutes */
export const EC2_WORDS: AuthWords = {
  ...PLAIN_WORDS,
  skewMinutes: () => 15,
  credentials: (problem) => (problem === 'ended session' ? EXPIRED : NOT_VALIDATED),
  untimely: ({ form, when }) => (form === 'query' && when === 'late' ? EXPIRED : NOT_VALIDATED),
  mismatch: () => NOT_VALIDATED,
  otherBody: () => NOT_VALIDATED,
}
