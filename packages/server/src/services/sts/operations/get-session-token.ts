import { stsErrors } from '#services/sts/errors.ts'
import { longTermSubject } from '#services/sts/long-term-subject.ts'
import { DEFAULT_TOKEN_SECONDS, MAX_ROOT_SECONDS } from '#services/sts/limits.ts'
import { takeSecondFactor } from '#services/sts/second-factor.ts'
import { newCredentials } from '#services/sts/new-session.ts'
import type { StsDeps, StsHandler } from '#services/sts/operation.ts'

/** Temporary credentials for the caller itself. It takes no permission, but a user's or root's own key. */
export function getSessionToken({ sessions }: Pick<StsDeps, 'sessions'>): StsHandler<'GetSessionToken'> {
  return async (input, { account, principal, now }) => {
    const subject = longTermSubject(principal)
    if (subject === undefined) throw stsErrors.sessionCalls('GetSessionToken')
    const mfaAt = await takeSecondFactor(sessions, input, { account, principal, now })
    const session = mfaAt === undefined ? {} : { mfaAt }
    const asked = input.DurationSeconds ?? DEFAULT_TOKEN_SECONDS
    const seconds = subject.kind === 'root' ? Math.min(asked, MAX_ROOT_SECONDS) : asked
    return { Credentials: await newCredentials(sessions, { account, subject, session }, now, seconds) }
  }
}
