import type { Config } from '@sluice/server/config'
import { ownerOf } from '@sluice/server/data-directory'
import { type ClientOptions, platformClient } from '#cli/platform-client.ts'

interface Health {
  readonly status: string
  readonly version: string
  readonly iamMode?: string
  readonly troubles?: Readonly<Record<string, string>>
}

interface BrokerList {
  readonly brokerSummaries: readonly {
    readonly brokerId: string
    readonly brokerName: string
    readonly brokerState: string
  }[]
}

/** Says whether a platform answers, how it is, and which brokers it has. Exit code 1 when none answers. */
export async function status(config: Config, options: ClientOptions): Promise<void> {
  const health = await readHealth(options.endpoint)
  if (health === undefined) {
    const owner = ownerOf(config.data)
    process.stdout.write(
      owner === undefined
        ? `No platform answers at ${options.endpoint}. Start one with: sluice start\n`
        : `Process ${String(owner.pid)} holds ${config.data} but does not answer at ${options.endpoint} (yet).\n`,
    )
    process.exitCode = 1
    return
  }
  process.stdout.write(`Sluice ${health.version} at ${options.endpoint}: ${health.status}\n`)
  if (health.iamMode === 'audit') process.stdout.write('  IAM audits only: calls that policies deny go through.\n')
  for (const [part, trouble] of Object.entries(health.troubles ?? {})) process.stdout.write(`  ${part}: ${trouble}\n`)
  const { brokerSummaries } = await platformClient(options).rest<BrokerList>('GET', '/v1/brokers')
  if (brokerSummaries.length === 0) process.stdout.write('No brokers.\n')
  for (const broker of brokerSummaries)
    process.stdout.write(`  ${broker.brokerState.padEnd(22)} ${broker.brokerName}  ${broker.brokerId}\n`)
}

/** The health of the platform at an endpoint; `undefined` when nothing that is one answers there. */
export async function readHealth(endpoint: string): Promise<Health | undefined> {
  try {
    const response = await fetch(new URL('/_sluice/health', endpoint), { signal: AbortSignal.timeout(3_000) })
    return response.headers.get('content-type')?.includes('json') === true
      ? ((await response.json()) as Health)
      : undefined
  } catch {
    return undefined
  }
}
