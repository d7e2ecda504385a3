import type { AccountId, EpochMillis } from '#kernel/ids.ts'
import type { Principal } from '#kernel/principal.ts'
import type { SessionPort } from '#services/iam/port.ts'
import { stsErrors } from '#services/sts/errors.ts'

interface Asked {
  readonly SerialNumber?: string | undefined
  readonly TokenCode?: string | undefined
}

interface By {
  readonly account: AccountId
  readonly principal: Principal
  readonly now: EpochMillis
}

/** Whether the call comes with a good code. @throws AwsError AccessDenied when its code is not good */
export async function checkSecondFactor(sessions: SessionPort, asked: Asked, by: By): Promise<boolean> {
  const given = givenCode(asked, by)
  if (given === undefined) return false
  if (!(await sessions.isGoodCode(given))) throw stsErrors.mfaFailed()
  return true
}

/** When the second factor was proved; `undefined`: the call has none. @throws AwsError AccessDenied */
export async function takeSecondFactor(sessions: SessionPort, asked: Asked, by: By): Promise<EpochMillis | undefined> {
  const given = givenCode(asked, by)
  if (given === undefined) return undefined
  if (!(await sessions.takeCode(given))) throw stsErrors.mfaFailed()
  return by.now
}

/** A device without a code, or a code without a device, proves nothing. */
function givenCode({ SerialNumber: serialNumber, TokenCode: code }: Asked, by: By) {
  if (serialNumber === undefined && code === undefined) return undefined
  if (serialNumber === undefined || code === undefined) throw stsErrors.mfaFailed()
  return { ...by, serialNumber, code }
}
