import { stsErrors } from '#services/sts/errors.ts'
import type { StsDeps, StsHandler } from '#services/sts/operation.ts'

/** What a denial of this account says to those who may know it. */
export const decodeAuthorizationMessage =
  ({ messages }: Pick<StsDeps, 'messages'>): StsHandler<'DecodeAuthorizationMessage'> =>
  ({ EncodedMessage }, { account }) => {
    const DecodedMessage = messages.decode(account, EncodedMessage)
    if (DecodedMessage === undefined) throw stsErrors.badMessage()
    return { DecodedMessage }
  }
