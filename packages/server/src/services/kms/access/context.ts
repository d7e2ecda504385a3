import type { ServicePrincipal } from '#kernel/principal.ts'
import type { Target } from '#services/kms/targets.ts'
import type { Caller, EncryptionContext } from '#services/kms/types.ts'

/** Condition keys: one value, or several. */
export type Context = Readonly<Record<string, string | readonly string[]>>

/** Who calls, and through which service. */
export const callerContext = ({ principal, calledVia = [], region }: Caller): Context => {
  const via = calledVia.at(-1)
  return {
    ...(principal.kind === 'anonymous' ? {} : { 'kms:CallerAccount': principal.account }),
    ...(via === undefined ? {} : { 'kms:ViaService': regional(via, region) }),
  }
}

/** `s3.amazonaws.com` in a region: `s3.us-east-1.amazonaws.com`. */
const regional = (service: ServicePrincipal, region: string): string =>
  service.replace(/\.amazonaws\.com$/, `.${region}.amazonaws.com`)

/** What a key is, and how it was named. */
export const keyContext = ({ key, alias }: Target, aliases: readonly string[]): Context => ({
  'kms:KeySpec': key.spec,
  'kms:KeyUsage': key.usage,
  'kms:KeyOrigin': key.origin,
  'kms:MultiRegion': String(key.multiRegion),
  ...(key.multiRegion ? { 'kms:MultiRegionKeyType': 'PRIMARY' } : {}),
  ...(aliases.length === 0 ? {} : { 'kms:ResourceAliases': aliases }),
  ...(alias === undefined ? {} : { 'kms:RequestAlias': alias }),
  ...Object.fromEntries(key.tags.map(({ Key, Value }) => [`aws:ResourceTag/${Key}`, Value])),
})

const PAIR = 'kms:EncryptionContext:'

/** An encryption context as condition keys. */
export const pairsContext = (context: EncryptionContext = {}): Context => {
  const keys = Object.keys(context)
  return {
    ...Object.fromEntries(Object.entries(context).map(([key, value]) => [`${PAIR}${key}`, value])),
    ...(keys.length === 0 ? {} : { 'kms:EncryptionContextKeys': keys }),
  }
}

/** The encryption context that condition keys were made of, with case. */
export const pairsOf = (context: Context = {}): EncryptionContext =>
  Object.fromEntries(
    Object.entries(context).flatMap(([key, value]) =>
      key.startsWith(PAIR) && typeof value === 'string' ? [[key.slice(PAIR.length), value] as const] : [],
    ),
  )

/** Whether the request comes of a service, by itself or for somebody: `kms:GrantIsForAWSResource`. */
export const forService = ({ principal, calledVia = [] }: Caller): Context => ({
  'kms:GrantIsForAWSResource': String(principal.kind === 'service' || calledVia.length > 0),
})

/** A condition key, unless there is nothing to say. */
export const given = (key: string, value: string | number | undefined): Context =>
  value === undefined ? {} : { [key]: String(value) }
