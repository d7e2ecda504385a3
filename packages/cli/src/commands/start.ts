import { join } from 'node:path'
import { type Platform, startPlatform } from '@sluice/server'
import type { Config } from '@sluice/server/config'
import { VERSION } from '@sluice/server/version'
import { roomForBodies, settleMemory } from '../memory.ts'

/** Exit code after a signal that was obeyed in order. */
const STOPPED = 0
/** Exit code when a second signal cut the stop short. */
const FORCED = 130

/** Runs the platform until a signal: SIGTERM and Ctrl-C stop brokers too, SIGUSR2 leaves them running to be adopted. */
export async function start(config: Config): Promise<void> {
  roomForBodies()
  const platform = await startPlatform(config)
  let stopping = false
  const stop = (keepBrokers: boolean): void => {
    if (stopping) process.exit(FORCED)
    stopping = true
    process.stdout.write(keepBrokers ? 'Stopping; brokers keep running …\n' : 'Stopping; a second signal forces it …\n')
    platform.close({ keepBrokers }).then(
      () => process.exit(STOPPED),
      () => process.exit(1),
    )
  }
  process.on('SIGTERM', () => stop(false))
  process.on('SIGINT', () => stop(false))
  process.on('SIGUSR2', () => stop(true))
  process.stdout.write(`${greeting(platform, config)}\nReady.\n`)
  settleMemory()
}

/** Nobody should find out later that nothing was denied. */
const auditBanner = ({ iamMode }: Config): readonly string[] =>
  iamMode === 'audit'
    ? [
        'IAM          AUDIT MODE: calls that policies deny go through, and are recorded (sluice why-denied <request id>).',
        '             Every answer carries x-sluice-iam-mode: audit. Signatures and keys are checked as ever.',
      ]
    : []

function greeting({ url, rootKey }: Platform, config: Config): string {
  const credentials =
    rootKey === undefined
      ? 'Credentials  test / test (account 000000000000), or any 12 digits as key id with secret test'
      : `Credentials  access key id ${rootKey.accessKeyId}; the secret is in ${rootKey.file} (only you can read it)`
  const https = `HTTPS        on the same port; clients trust ${join(config.data, 'ca', 'ca.pem')} (AWS_CA_BUNDLE)`
  const lines = [`Sluice ${VERSION}`, `Endpoint     ${url}`, https, `Data         ${config.data}`, credentials]
  return [...lines, ...auditBanner(config), ''].join('\n')
}
