import { spawnSync } from 'node:child_process'
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { expect, test } from 'vitest'
import { filePlatform } from '@sluice/testkit/file-platform.ts'
import { startTestPlatform, temporaryDirectory } from '@sluice/testkit/platform.ts'
import { BROKER_USER, createBroker, putLogPolicy, untilLine, untilRunning } from './brokers.ts'
import { canCompile, openWireRoundTrip } from './openwire.ts'

const MAIN = fileURLToPath(new URL('../../packages/cli/src/main.ts', import.meta.url))
const platform = filePlatform()
const aws = platform.clients()

/** As a user does it: `sluice ca > ca.pem`. */
function savedAuthority(name: string, text: string): string {
  const file = join(platform.scratch, name)
  writeFileSync(file, text)
  return file
}
function sluiceCa(): string {
  const command = ['--disable-warning=ExperimentalWarning', MAIN, 'ca', '--data', platform.data]
  return spawnSync(process.execPath, command, { encoding: 'utf8' }).stdout
}

// Without a Java compiler on the machine there is no way to run the program.
test.runIf(canCompile())(
  'a Java client over OpenWire trusts what sluice ca prints, and is in the security log',
  async () => {
    await putLogPolicy(aws.logs)
    const { id } = await createBroker(aws.mq, 'java', { General: true, Audit: true })
    const { BrokerInstances: [instance] = [] } = await untilRunning(aws.mq, id)
    const url = instance?.Endpoints?.[0] ?? ''
    const roundTrip = (authority: string, password: string) =>
      openWireRoundTrip(url, authority, { username: BROKER_USER.Username, password }, 'über OpenWire')
    const ours = savedAuthority('ours.pem', sluiceCa())
    expect(roundTrip(ours, BROKER_USER.Password).stdout.trim()).toBe('über OpenWire')
    expect(roundTrip(ours, 'a wrong password').stderr).toContain('User name [operator] or password is invalid')
    const lines = await untilLine(aws.logs, `/aws/amazonmq/broker/${id}/audit`, 'Failed to add Connection')
    expect(lines.find((line) => line.includes('Adding Connection'))).toMatch(
      /clientIp = tcp:\/\/127\.0\.0\.1:\d+, userName = operator, .* \| ssl:\/\/127\./,
    )
    const foreign = savedAuthority('foreign.pem', await otherAuthority())
    const refused = roundTrip(foreign, BROKER_USER.Password)
    // The client closes the connection from the thread that saw the certificate; another one may be first to say so.
    expect(refused.stderr).toMatch(/unable to find valid certification path|Could not connect to broker URL: ssl:/)
    expect([refused.status, refused.stdout]).toEqual([1, ''])
  },
)

/** The authority of another platform. */
async function otherAuthority(): Promise<string> {
  const elsewhere = temporaryDirectory()
  const other = await startTestPlatform({ data: elsewhere.path })
  const text = await (await fetch(new URL('/_sluice/ca.pem', other.url))).text()
  await other.stop()
  elsewhere.remove()
  return text
}
