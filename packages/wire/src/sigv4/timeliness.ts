import { throwFault } from '../fault.ts'
import type { FaultTarget, RequestHead } from '../request.ts'
import type { SignatureClaim } from './signature-claim.ts'
import { basicTime } from './time.ts'
import { wordsOf } from './words.ts'

/**
 * Refuses a request outside the time in which its signature holds: one signed now, give or take what a clock may be
 * off, or a presigned one until it ends.
 * @throws WireError with the code and words of the service
 */
export function refuseUntimely(
  claim: SignatureClaim,
  { headers }: RequestHead,
  nowMillis: number,
  target: FaultTarget,
): void {
  const words = wordsOf(claim.signingName)
  const skewMinutes = words.skewMinutes(target)
  const skew = skewMinutes * 60_000
  const signedAt = 'timestamp' in claim ? claim.timestamp : undefined
  const presigned = presignedLife(claim)
  const endsAt = presigned?.endsAt ?? (signedAt ?? 0) + skew
  const isEarly = signedAt !== undefined && signedAt > nowMillis + skew
  if (nowMillis <= endsAt && !isEarly) return
  const time = {
    form: claim.form,
    when: isEarly ? 'early' : 'late',
    nowMillis,
    sent: headers['x-amz-date'] ?? headers['date'] ?? basicTime(signedAt ?? 0),
    skewMinutes,
    ...(signedAt === undefined ? {} : { signedAt }),
    ...(presigned === undefined ? {} : { presigned }),
  } as const
  throwFault(words.untimely(time, target))
}

function presignedLife(claim: SignatureClaim): { readonly endsAt: number; readonly seconds?: number } | undefined {
  if (claim.form === 'header') return undefined
  if (claim.version === 2) return { endsAt: claim.expiresAt }
  const seconds = claim.expiresSeconds ?? 0
  return { endsAt: claim.timestamp + seconds * 1_000, seconds }
}
