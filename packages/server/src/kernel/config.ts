import { readFileSync } from 'node:fs'
import { homedir } from 'node:os'
import { join, resolve } from 'node:path'
import { parse as parseToml } from 'smol-toml'
import { type AccountId, isAccountId } from '#kernel/ids.ts'

/** A root key from configuration, for suites that bring their own. */
export interface RootKey {
  readonly account: AccountId
  readonly accessKeyId: string
  readonly secret: string
}

/** Everything that can be configured; docs/operations/sluice.toml describes each one. */
export interface Config {
  readonly host: string
  /** 0 picks a free port. */
  readonly port: number
  /** Data directory. */
  readonly data: string
  /** Where engines are kept; shared between data directories. */
  readonly cache: string
  /** The `java` to run engines with; empty: searched. */
  readonly java: string
  readonly rootKeys: readonly RootKey[]
  /** Opens `/_sluice/reset` and `/_sluice/clock`, on loopback only. */
  readonly testing: boolean
  /** Origins of web pages that may call the platform, beside those of this machine, e.g. `https://app.example`. */
  readonly corsOrigins: readonly string[]
  /** Base64 of the 32 bytes that wrap the key material of KMS; empty: a file of the data directory holds them. */
  readonly kmsRootKey: string
  readonly logLevel: 'debug' | 'info' | 'warn' | 'error'
  readonly iamMode: IamMode
  /** Whether an explicit denial names the ARN of the policy that denies. */
  readonly policyArnInDenials: boolean
  readonly auditDetail: AuditDetail
  /** PEM file: who may have signed the certificates of LDAP servers; empty: public authorities. */
  readonly ldapCaFile: string
}

/**
 * What becomes of a denial by policy. `enforce`: it ends the call. `audit`: the call goes on, and what would have been
 * denied is recorded. There is no mode in which policies are not evaluated.
 */
export type IamMode = 'enforce' | 'audit'

/**
 * What the audit log group of a broker holds. `management`: AWS's audit.log and nothing else. `security`: beside it, in a
 * stream of its own, connections, log-ins and denials. `flow`: that, and what went through each destination.
 */
export type AuditDetail = 'management' | 'security' | 'flow'

/** Raw values by the key's name in `sluice.toml`. */
export type Settings = Readonly<Record<string, unknown>>

/** Something in the configuration is wrong; the message names the key and where it was set. */
export class ConfigError extends Error {}

interface Key<T> {
  readonly read: (value: unknown) => T | undefined
  readonly expects: string
  readonly standard: T
}

const text = (standard: string): Key<string> => ({
  read: (value) => (typeof value === 'string' ? value : undefined),
  expects: 'a text',
  standard,
})
const path = (standard: string): Key<string> => ({
  read: (value) => (typeof value === 'string' && value !== '' ? resolve(value) : undefined),
  expects: 'a path',
  standard,
})
const flag = (standard: boolean): Key<boolean> => ({
  read: (value) =>
    value === true || value === '1' || value === 'true'
      ? true
      : value === false || value === '0' || value === 'false'
        ? false
        : undefined,
  expects: 'true or false',
  standard,
})
const port: Key<number> = {
  read: (value) => {
    const number =
      typeof value === 'number'
        ? value
        : typeof value === 'string' && /^\d{1,5}$/.test(value)
          ? Number(value)
          : Number.NaN
    return Number.isInteger(number) && number >= 0 && number <= 65_535 ? number : undefined
  },
  expects: 'a port number (0 picks a free one)',
  standard: 4566,
}
const LEVELS = ['debug', 'info', 'warn', 'error'] as const
const level: Key<Config['logLevel']> = {
  read: (value) => LEVELS.find((known) => known === value),
  expects: `one of ${LEVELS.join(', ')}`,
  standard: 'info',
}
const mode: Key<IamMode> = {
  read: (value) => (value === 'enforce' || value === 'audit' ? value : undefined),
  expects: 'enforce or audit; permissions cannot be switched off',
  standard: 'enforce',
}
const AUDIT_DETAILS = ['management', 'security', 'flow'] as const
const auditDetail: Key<AuditDetail> = {
  read: (value) => AUDIT_DETAILS.find((known) => known === value),
  expects: `one of ${AUDIT_DETAILS.join(', ')}`,
  standard: 'security',
}
const rootKeys: Key<readonly RootKey[]> = {
  read: (value) => {
    const entries = typeof value === 'string' ? value.split(',').filter((entry) => entry !== '') : value
    if (!Array.isArray(entries)) return undefined
    const keys = entries.map(readRootKey)
    return keys.every((key) => key !== undefined) ? keys : undefined
  },
  expects: 'account:access-key-id:secret, several separated by commas',
  standard: [],
}

/** As browsers send it: no path, no `*`. Pages and extensions of other schemes have origins too, e.g. `vscode-webview://…`. */
const ORIGIN = /^[a-z][a-z0-9+.-]*:\/\/[^\s/?#@,*]{1,260}$/
const origins: Key<readonly string[]> = {
  read: (value) => {
    const entries = typeof value === 'string' ? value.split(',').filter((entry) => entry !== '') : value
    if (!Array.isArray(entries)) return undefined
    return entries.every((entry) => typeof entry === 'string' && ORIGIN.test(entry)) ? (entries as string[]) : undefined
  },
  expects:
    'origins such as https://app.example, several separated by commas; * is none, because any web page could then use the keys that everyone knows',
  standard: [],
}

/** 32 bytes in base64. */
const KEY_TEXT = /^[A-Za-z0-9+/]{42}[AEIMQUYcgkosw048]=$/
const wrappingKey: Key<string> = {
  read: (value) => (typeof value === 'string' && (value === '' || KEY_TEXT.test(value)) ? value : undefined),
  expects: '32 random bytes in base64, as `openssl rand -base64 32` prints them',
  standard: '',
}
/** What must not be repeated on a terminal. */
const SECRET_KEYS: ReadonlySet<string> = new Set(['rootKeys', 'kmsRootKey'])

const KEYS: { readonly [K in keyof Config]: Key<Config[K]> } = {
  host: text('127.0.0.1'),
  port,
  data: path(join(homedir(), '.sluice', 'data')),
  cache: path(join(homedir(), '.cache', 'sluice')),
  java: text(''),
  rootKeys,
  testing: flag(false),
  corsOrigins: origins,
  kmsRootKey: wrappingKey,
  logLevel: level,
  iamMode: mode,
  policyArnInDenials: flag(true),
  auditDetail,
  ldapCaFile: path(''),
}

/** Environment variable of a key: `rootKeys` → `SLUICE_ROOT_KEYS`. */
export const variableOf = (key: string): string =>
  `SLUICE_${key.replace(/[A-Z]/g, (letter) => `_${letter}`).toUpperCase()}`

/**
 * Flags > environment > file > defaults.
 * @throws ConfigError for an unknown key or a value that does not fit, before anything is started
 */
export function readConfig(sources: {
  readonly flags: Settings
  readonly env: Readonly<Record<string, string | undefined>>
  readonly file?: string
}): Config {
  const file = sources.file === undefined ? {} : readFile(sources.file)
  const environment = readEnvironment(sources.env)
  const value = <K extends keyof Config>(key: K): Config[K] => {
    for (const [settings, where] of [
      [sources.flags, `--${dashed(key)}`],
      [environment, variableOf(key)],
      [file, `${key} in ${sources.file ?? ''}`],
    ] as const) {
      const raw = settings[key]
      if (raw === undefined) continue
      const read = KEYS[key].read(raw)
      if (read === undefined)
        throw new ConfigError(`${where} is ${describe(key, raw)}, but it must be ${KEYS[key].expects}`)
      return read
    }
    return KEYS[key].standard
  }
  return {
    host: value('host'),
    port: value('port'),
    data: value('data'),
    cache: value('cache'),
    java: value('java'),
    rootKeys: value('rootKeys'),
    testing: value('testing'),
    corsOrigins: value('corsOrigins'),
    kmsRootKey: value('kmsRootKey'),
    logLevel: value('logLevel'),
    iamMode: value('iamMode'),
    policyArnInDenials: value('policyArnInDenials'),
    auditDetail: value('auditDetail'),
    ldapCaFile: value('ldapCaFile'),
  }
}

const dashed = (key: string): string => key.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)
const describe = (key: string, raw: unknown): string => (SECRET_KEYS.has(key) ? 'not readable' : JSON.stringify(raw))

function readRootKey(entry: unknown): RootKey | undefined {
  if (typeof entry !== 'string') return undefined
  const [account, accessKeyId, ...rest] = entry.split(':')
  const secret = rest.join(':')
  if (
    account === undefined ||
    accessKeyId === undefined ||
    !isAccountId(account) ||
    !/^\w{4,128}$/.test(accessKeyId) ||
    secret.length < 4
  )
    return undefined
  return { account, accessKeyId, secret }
}

function readEnvironment(env: Readonly<Record<string, string | undefined>>): Settings {
  const known = new Map(Object.keys(KEYS).map((key) => [variableOf(key), key]))
  const settings: Record<string, unknown> = {}
  for (const [name, raw] of Object.entries(env)) {
    if (!name.startsWith('SLUICE_') || raw === undefined) continue
    const key = known.get(name)
    if (key === undefined)
      throw new ConfigError(`${name} is not a setting of Sluice; the settings are ${[...known.keys()].join(', ')}`)
    settings[key] = raw
  }
  return settings
}

function readFile(file: string): Settings {
  let settings: Settings
  try {
    settings = parseToml(readFileSync(file, 'utf8'))
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return {}
    throw new ConfigError(`${file} cannot be read as TOML: ${error instanceof Error ? error.message : String(error)}`)
  }
  const unknown = Object.keys(settings).find((key) => !Object.hasOwn(KEYS, key))
  if (unknown !== undefined)
    throw new ConfigError(
      `${unknown} in ${file} is not a setting of Sluice; the settings are ${Object.keys(KEYS).join(', ')}`,
    )
  return settings
}
