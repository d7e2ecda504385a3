import { isAccountId, isRegion } from '#kernel/ids.ts'
import { kmsErrors } from '#services/kms/errors.ts'
import type { KmsPlace } from '#services/kms/types.ts'

/** What a caller named: a key by its id, or an alias. */
export interface Named {
  readonly kind: 'key' | 'alias'
  readonly place: KmsPlace
  /** The key id, or the alias with its `alias/`. */
  readonly name: string
}

const KEY_ID = /^(?:[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}|mrk-[0-9a-f]{32})$/i
const ALIAS = /^alias\/[a-zA-Z0-9:/_-]+$/
const ARN = /^arn:aws[a-z-]*:kms:([^:]*):([^:]*):(key|alias)\/(.+)$/

export const keyArn = ({ account, region }: KmsPlace, keyId: string): string =>
  `arn:aws:kms:${region}:${account}:key/${keyId}`

/** `name`: with its `alias/`. */
export const aliasArn = ({ account, region }: KmsPlace, name: string): string =>
  `arn:aws:kms:${region}:${account}:${name}`

/** Whether the text is the id of a key, no matter if there is one. */
export const isKeyId = (text: string): boolean => KEY_ID.test(text)

/**
 * Reads a key id, key ARN, alias name or alias ARN. Ids are of the caller's account and region.
 * @throws AwsError InvalidArnException, NotFoundException for an id that can be none and for another region
 */
export function parseKeyIdentifier(text: string, here: KmsPlace): Named {
  if (!text.startsWith('arn:')) return named(text, text.startsWith('alias/') ? 'alias' : 'key', here)
  const [, region = '', account = '', kind = '', rest = ''] = ARN.exec(text) ?? []
  if (!isRegion(region) || !isAccountId(account)) throw kmsErrors.invalidArn(text)
  if (region !== here.region) throw kmsErrors.otherRegion(region)
  const place = { account, region }
  return kind === 'alias' ? named(`alias/${rest}`, 'alias', place) : named(rest, 'key', place)
}

function named(name: string, kind: Named['kind'], place: KmsPlace): Named {
  if (!(kind === 'alias' ? ALIAS : KEY_ID).test(name)) throw kmsErrors.invalidKeyId(name)
  return { kind, place, name: kind === 'key' ? name.toLowerCase() : name }
}

const KEY_ARN = /^arn:aws[a-z-]*:kms:([^:]*):([^:]*):key\/([^/]+)$/

/** The place and id in a key's ARN; `undefined` for anything else. */
export function parseKeyArn(arn: string): { readonly place: KmsPlace; readonly keyId: string } | undefined {
  const [, region = '', account = '', keyId = ''] = KEY_ARN.exec(arn) ?? []
  return isRegion(region) && isAccountId(account) ? { place: { account, region }, keyId } : undefined
}
