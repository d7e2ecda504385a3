import { spawnSync } from 'node:child_process'
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { CreateConfigurationCommand, UpdateConfigurationCommand } from '@aws-sdk/client-mq'
import { beforeAll, expect, test } from 'vitest'
import { stompReceive, stompSend } from '@sluice/testkit/broker-clients.ts'
import { filePlatform } from '@sluice/testkit/file-platform.ts'
import { startTestPlatform, temporaryDirectory } from '@sluice/testkit/platform.ts'
import { BROKER_USER, createBroker, groupOf, putLogPolicy, untilLine, untilRunning } from './brokers.ts'
import { canCompile, openWireRoundTrip } from './openwire.ts'

const MAIN = fileURLToPath(new URL('../../packages/cli/src/main.ts', import.meta.url))
const platform = filePlatform()
const aws = platform.clients()
let brokerId: string
/** Of its broker, in AWS's order. */
let endpoints: readonly string[]
const OPERATOR = { username: BROKER_USER.Username, password: BROKER_USER.Password }

beforeAll(async () => {
  await putLogPolicy(aws.logs)
  ;({ id: brokerId } = await createBroker(aws.mq, 'java'))
  endpoints = (await untilRunning(aws.mq, brokerId)).BrokerInstances?.[0]?.Endpoints ?? []
})

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
    const [url = ''] = endpoints
    const roundTrip = (authority: string, password: string) =>
      openWireRoundTrip(url, authority, { ...OPERATOR, password }, 'über OpenWire')
    const ours = savedAuthority('ours.pem', sluiceCa())
    expect(roundTrip(ours, BROKER_USER.Password).stdout.trim()).toBe('über OpenWire')
    expect(roundTrip(ours, 'a wrong password').stderr).toContain('User name [operator] or password is invalid')
    const lines = await untilLine(aws.logs, groupOf(brokerId, 'audit'), 'Failed to add Connection')
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

test('a network connector carries messages between two brokers of the API, both ways, as a user of the broker', async () => {
  const { Id } = await aws.mq.send(new CreateConfigurationCommand({ Name: 'network', EngineType: 'ACTIVEMQ' }))
  // As the guide has it: the password is that of the broker's own user of this name.
  const connector = `<networkConnector name="to-the-first" userName="operator" duplex="true" uri="static:(${endpoints[0] ?? ''})"/>`
  const Data = Buffer.from(`<broker><networkConnectors>${connector}</networkConnectors></broker>`).toString('base64')
  const { Warnings } = await aws.mq.send(new UpdateConfigurationCommand({ ConfigurationId: Id, Data }))
  expect(Warnings).toEqual([])
  const { id } = await createBroker(aws.mq, 'second', { General: true }, { Configuration: { Id } })
  const second = (await untilRunning(aws.mq, id)).BrokerInstances?.[0]?.Endpoints ?? []
  await untilLine(aws.logs, groupOf(id, 'general'), 'Establishing network connection from vm://second')

  const ca = sluiceCa()
  const [one, two] = [endpoints[2] ?? '', second[2] ?? '']
  await stompSend(two, ca, OPERATOR, 'FROM.THE.SECOND', 'over the bridge')
  expect(await stompReceive(one, ca, OPERATOR, 'FROM.THE.SECOND')).toBe('over the bridge')
  await stompSend(one, ca, OPERATOR, 'FROM.THE.FIRST', 'and back')
  expect(await stompReceive(two, ca, OPERATOR, 'FROM.THE.FIRST')).toBe('and back')
})

/** The authority of another platform. */
async function otherAuthority(): Promise<string> {
  const elsewhere = temporaryDirectory()
  const other = await startTestPlatform({ data: elsewhere.path })
  const text = await (await fetch(new URL('/_sluice/ca.pem', other.url))).text()
  await other.stop()
  elsewhere.remove()
  return text
}
