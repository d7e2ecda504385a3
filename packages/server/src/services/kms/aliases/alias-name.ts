import { kmsErrors } from '#services/kms/errors.ts'

const NAME = /^alias\/[a-zA-Z0-9/_-]+$/
const RESERVED = 'alias/aws/'

/** For aliases that a user makes, moves or deletes. @throws AwsError ValidationException, InvalidAliasNameException */
export function checkAliasName(name: string): void {
  if (!name.startsWith('alias/')) throw kmsErrors.aliasName()
  if (!NAME.test(name) || name.startsWith(RESERVED) || name === 'alias/aws') throw kmsErrors.aliasInvalid(name)
}
