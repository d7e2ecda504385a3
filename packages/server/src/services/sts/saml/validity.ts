import { stsErrors } from '#services/sts/errors.ts'
import type { Assertion, Confirmation } from '#services/sts/saml/assertion.ts'

/** Whom assertions must be for, and the sign-in endpoints of regions, which are as good. */
const AUDIENCE = 'https://signin.aws.amazon.com/saml'
const RECIPIENT = /^https:\/\/(?:[a-z0-9-]{1,32}\.)?signin\.aws\.amazon\.com\/saml(?:\/acs\/[\w-]{1,64})?$/
/** How long after its issue an assertion is taken. @source IAM user guide, "Troubleshoot SAML federation" */
const REDEEMED_WITHIN_MILLIS = 5 * 60 * 1_000
/** How far clocks may differ. */
const SKEW_MILLIS = 60_000

/**
 * The confirmation by which the bearer is the subject now.
 * @throws AwsError InvalidIdentityToken, ExpiredTokenException
 */
export function checkValidity(assertion: Assertion, now: number): Confirmation {
  const { audiences, issuedAt, notBefore = -Infinity, notOnOrAfter = Infinity } = assertion
  const isForUs = audiences.length > 0 && audiences.every((named) => named.includes(AUDIENCE))
  if (!isForUs) throw stsErrors.samlAudience()
  const confirmation = assertion.confirmations.find(({ recipient }) => RECIPIENT.test(recipient))
  if (confirmation === undefined) throw stsErrors.samlRecipient()
  const starts = Math.max(notBefore, confirmation.notBefore ?? -Infinity, issuedAt)
  if (starts > now + SKEW_MILLIS) throw stsErrors.samlTooEarly()
  const ends = Math.min(notOnOrAfter, confirmation.notOnOrAfter ?? -Infinity)
  if (ends <= now || issuedAt + REDEEMED_WITHIN_MILLIS <= now) throw stsErrors.samlExpired()
  return confirmation
}
