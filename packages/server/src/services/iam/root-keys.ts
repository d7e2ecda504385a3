import { chmodSync, readFileSync, renameSync, statSync, writeFileSync } from 'node:fs'
import type { RootKey } from '#kernel/config.ts'
import { accountId, isAccountId } from '#kernel/ids.ts'
import { newAccessKeyId, newSecret } from '#services/iam/iam-ids.ts'

/** What emulators are used with: everybody knows it, so it counts on loopback only. */
export const WELL_KNOWN_KEY = 'test'
export const WELL_KNOWN_SECRET = 'test'
export const DEFAULT_ACCOUNT = accountId('000000000000')

const MODE = 0o600

/**
 * The root key of account 000000000000 in `file` (0600), made on first use. The file is whole or not there.
 * @throws Error in one sentence when the file is no root key
 */
export function loadOrCreateRootKey(file: string): RootKey & { readonly file: string } {
  const text = readText(file)
  if (text !== undefined) {
    // A restored backup may have lost its mode.
    if ((statSync(file).mode & 0o077) !== 0) chmodSync(file, MODE)
    return { ...parseRootKey(file, text), file }
  }
  const key: RootKey = { account: DEFAULT_ACCOUNT, accessKeyId: newAccessKeyId(DEFAULT_ACCOUNT), secret: newSecret() }
  const unfinished = `${file}.new`
  writeFileSync(unfinished, `${JSON.stringify(key, undefined, 2)}\n`, { mode: MODE, flush: true })
  renameSync(unfinished, file)
  return { ...key, file }
}

function readText(file: string): string | undefined {
  try {
    return readFileSync(file, 'utf8')
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined
    throw error
  }
}

function parseRootKey(file: string, text: string): RootKey {
  const key = parseJson(text)
  if (typeof key === 'object' && key !== null && 'account' in key && 'accessKeyId' in key && 'secret' in key) {
    const { account, accessKeyId, secret } = key
    if (
      typeof account === 'string' &&
      isAccountId(account) &&
      typeof accessKeyId === 'string' &&
      typeof secret === 'string'
    ) {
      if (accessKeyId !== '' && secret !== '') return { account, accessKeyId, secret }
    }
  }
  throw new Error(
    `${file} is not a root key with account, accessKeyId and secret; restore it from a backup, or remove it and a new one is made`,
  )
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}

/**
 * Root keys by access key id.
 * @throws Error in one sentence when two share an id, or when one has the secret that everybody knows and `loopback` is false
 */
export function rootKeyTable(keys: readonly RootKey[], loopback: boolean): ReadonlyMap<string, RootKey> {
  const table = new Map<string, RootKey>()
  for (const key of keys) {
    if (table.has(key.accessKeyId))
      throw new Error(`two root keys have the access key id ${key.accessKeyId}; give each an id of its own`)
    if (!loopback && key.secret === WELL_KNOWN_SECRET) {
      throw new Error(
        `the root key ${key.accessKeyId} has a secret that everybody knows; choose another one, or bind to a loopback address`,
      )
    }
    table.set(key.accessKeyId, key)
  }
  return table
}
