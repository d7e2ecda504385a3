import type { EpochMillis } from '#kernel/ids.ts'
import { fetchJson } from '#services/sts/web-identity/fetch-json.ts'
import type { Jwk } from '#services/sts/web-identity/jwt.ts'

const KEPT_MILLIS = 5 * 60_000
/** Forged tokens must not make us ask a provider again and again. */
const LEAST_BETWEEN_MILLIS = 10_000
const MOST_KEPT = 100

/** The keys with which a provider signs. `fresh`: asked for again, unless that was just done. */
export type ProviderKeys = (
  issuer: string,
  thumbprints: readonly string[],
  options: { readonly now: EpochMillis; readonly fresh: boolean },
) => Promise<readonly Jwk[]>

/** Keys as the provider's discovery document names them, remembered for five minutes. */
export function providerKeys(): ProviderKeys {
  const kept = new Map<string, { readonly keys: readonly Jwk[]; readonly at: EpochMillis }>()
  return async (issuer, thumbprints, { now, fresh }) => {
    const name = `${issuer} ${thumbprints.join(' ')}`
    const found = kept.get(name)
    if (found !== undefined && now - found.at < (fresh ? LEAST_BETWEEN_MILLIS : KEPT_MILLIS)) return found.keys
    const keys = await fetchKeys(issuer, thumbprints)
    kept.delete(name)
    kept.set(name, { keys, at: now })
    const [oldest] = kept.keys()
    if (kept.size > MOST_KEPT && oldest !== undefined) kept.delete(oldest)
    return keys
  }
}

async function fetchKeys(issuer: string, thumbprints: readonly string[]): Promise<readonly Jwk[]> {
  const discovery = await fetchJson(`https://${issuer}/.well-known/openid-configuration`, thumbprints)
  const { jwks_uri: uri } = discovery as { readonly jwks_uri?: unknown }
  if (typeof uri !== 'string' || !uri.startsWith('https://'))
    throw new Error("the provider's discovery document names no jwks_uri over https")
  const { keys } = (await fetchJson(uri, thumbprints)) as { readonly keys?: unknown }
  if (!Array.isArray(keys)) throw new Error("the provider's key document has no keys")
  return keys.filter((key): key is Jwk => typeof key === 'object' && key !== null)
}
