import { homedir } from 'node:os'
import { join } from 'node:path'
import { activemqEngine } from '#engines/activemq/index.ts'
import type { BrokerEngine, BrokerSpec } from '#engines/broker-engine.ts'
import { openCertificateAuthority } from '#kernel/ca.ts'
import type { CertificateAuthority } from '#kernel/ca.ts'
import { silentTelemetry } from '#kernel/telemetry.ts'

/** An engine over a data directory of a test. */
export interface TestEngine {
  readonly engine: BrokerEngine
  readonly ca: CertificateAuthority
}

/** Where the platform keeps engines, so that tests download nothing twice. */
export const TEST_CACHE: string = process.env['SLUICE_CACHE'] ?? join(homedir(), '.cache', 'sluice')

export async function testEngine(
  dataDirectory: string,
  change: Partial<Parameters<typeof activemqEngine>[0]> = {},
): Promise<TestEngine> {
  const ca = await openCertificateAuthority(join(dataDirectory, 'ca'))
  const options = { dataDirectory, cacheDirectory: TEST_CACHE, ca, telemetry: silentTelemetry, ...change }
  return { ca, engine: activemqEngine(options) }
}

/** A broker with an administrator who may use the console and a user who may not. */
export const testBroker = (brokerId: string, change: Partial<BrokerSpec> = {}): BrokerSpec => ({
  brokerId,
  instance: 1,
  instances: [1],
  brokerName: 'orders',
  engineVersion: '5.18.3',
  hostInstanceType: 'mq.t3.micro',
  users: [
    { username: 'alice', password: 'alice-password-1', groups: ['admins'], consoleAccess: true },
    { username: 'app', password: 'app-password-22', groups: [], consoleAccess: false },
  ],
  configuration: { name: 'broker', attributes: [], children: [] },
  logs: { general: true, audit: true, security: true },
  ...change,
})
