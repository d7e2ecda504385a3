import { existsSync, readFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { type Command, Option } from 'commander'
import { type Config, type Settings, readConfig } from '@sluice/server/config'
import { ownerOf } from '@sluice/server/data-directory'
import type { ClientOptions } from '#cli/platform-client.ts'

/** The file that is read when none is named: the one in the current directory. */
const STANDARD_FILE = 'sluice.toml'

/** Adds the flags that set configuration. */
export const withConfigFlags = (command: Command): Command =>
  command
    .option('--host <address>', 'address to listen on (default 127.0.0.1)')
    .option('--port <number>', 'port to listen on; 0 picks a free one (default 4566)')
    .option('--data <directory>', 'data directory (default ~/.sluice/data)')
    .option('--cache <directory>', 'where engines are kept (default ~/.cache/sluice)')
    .option('--java <path>', 'the java to run brokers with (default: searched)')
    .option('--root-keys <list>', 'further root keys, account:access-key-id:secret, separated by commas')
    .option('--testing', 'open the testing calls under /_sluice (loopback only)')
    .option('--cors-origins <list>', 'further origins of web pages that may call the platform, separated by commas')
    .addOption(
      new Option('--log-level <level>', 'how much the platform logs').choices(['debug', 'info', 'warn', 'error']),
    )
    .addOption(
      new Option(
        '--iam-mode <mode>',
        'enforce denies by policy; audit lets through and records (default enforce)',
      ).choices(['enforce', 'audit']),
    )
    .option('--policy-arn-in-denials <boolean>', 'whether denials name the policy that denies (default true)')
    .addOption(
      new Option('--audit-detail <detail>', 'what the audit log group of a broker holds (default security)').choices([
        'management',
        'security',
        'flow',
      ]),
    )
    .option(
      '--ldap-ca-file <file>',
      'authorities that may have signed the certificates of LDAP servers (default: public ones)',
    )
    .option('--config <file>', 'configuration file (default ./sluice.toml)')

/** The configuration that flags, environment and file make together. */
export function configOf(flags: Settings): Config {
  const { config: named, ...settings } = flags
  const file = typeof named === 'string' ? resolve(named) : join(process.cwd(), STANDARD_FILE)
  if (typeof named === 'string' && !existsSync(file)) throw new Error(`there is no configuration file ${file}`)
  return readConfig({ flags: settings, env: process.env, ...(existsSync(file) ? { file } : {}) })
}

/**
 * Where and as whom commands call the platform: what AWS tools would use (AWS_ENDPOINT_URL, AWS_ACCESS_KEY_ID, …),
 * else the platform of the data directory with test/test.
 */
export function clientOptions(config: Config): ClientOptions {
  const { env } = process
  const endpoint =
    env['AWS_ENDPOINT_URL'] ??
    (ownerOf(config.data)?.url || undefined) ??
    `http://${config.host}:${String(config.port)}`
  return {
    endpoint,
    region: env['AWS_REGION'] ?? env['AWS_DEFAULT_REGION'] ?? 'us-east-1',
    accessKeyId: env['AWS_ACCESS_KEY_ID'] ?? 'test',
    secret: env['AWS_SECRET_ACCESS_KEY'] ?? 'test',
  }
}

/** The platform's own account; its root user runs the platform. */
export const PLATFORM_ACCOUNT = '000000000000'

/**
 * As who runs the platform: with the root key that it made for itself, or a configured one of its own account, else
 * test/test. What AWS tools would use does not count: this is how they get their credentials.
 */
export function operatorOptions(config: Config): ClientOptions {
  const { endpoint, region } = clientOptions(config)
  const key =
    (isBoundToLoopback(config) ? undefined : madeKey(config.data)) ??
    config.rootKeys.find(({ account }) => account === PLATFORM_ACCOUNT)
  return { endpoint, region, accessKeyId: key?.accessKeyId ?? 'test', secret: key?.secret ?? 'test' }
}

/** Whether only this machine reaches the platform of the data directory; then it knows test/test and no key of its own. */
function isBoundToLoopback({ data, host }: Config): boolean {
  const bound = URL.parse(ownerOf(data)?.url ?? '')?.hostname ?? host
  return bound === 'localhost' || bound === '::1' || bound === '[::1]' || bound.startsWith('127.')
}

/** The root key of a platform that is not bound to loopback; only its owner can read the file. */
function madeKey(data: string): { readonly accessKeyId: string; readonly secret: string } | undefined {
  const file = join(data, 'credentials.json')
  if (!existsSync(file)) return undefined
  const key = JSON.parse(readFileSync(file, 'utf8')) as Partial<Record<'accessKeyId' | 'secret', unknown>>
  if (typeof key.accessKeyId !== 'string' || typeof key.secret !== 'string')
    throw new Error(`${file} is not a root key with accessKeyId and secret`)
  return { accessKeyId: key.accessKeyId, secret: key.secret }
}
