import { readFileSync } from 'node:fs'
import { request } from 'node:https'
import { setTimeout as sleep } from 'node:timers/promises'
import { CreateBrokerCommand, DescribeBrokerCommand } from '@aws-sdk/client-mq'
import type { Clients } from '@sluice/testkit/clients.ts'

/** The user of the brokers that benches create. */
export const USER = { Username: 'operator', Password: 'correct-horse-9', ConsoleAccess: true } as const

/** CreateBroker; resolves with the id. */
export async function createBroker(aws: Clients, name: string, logs: boolean): Promise<string> {
  const { BrokerId = '' } = await aws.mq.send(
    new CreateBrokerCommand({
      BrokerName: name,
      DeploymentMode: 'SINGLE_INSTANCE',
      EngineType: 'ACTIVEMQ',
      EngineVersion: '5.18',
      HostInstanceType: 'mq.t3.micro',
      PubliclyAccessible: false,
      AutoMinorVersionUpgrade: true,
      Users: [USER],
      Logs: { General: logs, Audit: logs },
    }),
  )
  return BrokerId
}

/** Polls until the broker runs, seldom enough not to take the cores from it; resolves with its console URL. */
export async function untilRunning(aws: Clients, id: string): Promise<string> {
  for (;;) {
    const broker = await aws.mq.send(new DescribeBrokerCommand({ BrokerId: id }))
    if (broker.BrokerState === 'RUNNING') return broker.BrokerInstances?.[0]?.ConsoleURL ?? ''
    if (broker.BrokerState === 'CREATION_FAILED') throw new Error('the broker could not be created')
    await sleep(50)
  }
}

/** Until the web console serves a page to the broker's user; before its application is up it answers with errors. */
export async function untilConsole(url: string): Promise<void> {
  while (!(await servesPage(url))) await sleep(20)
}

const servesPage = (url: string): Promise<boolean> =>
  new Promise((resolve) => {
    const headers = { authorization: `Basic ${Buffer.from(`${USER.Username}:${USER.Password}`).toString('base64')}` }
    const message = request(new URL('/admin/', url), { headers, rejectUnauthorized: false }, (response) => {
      response.resume()
      resolve(response.statusCode === 200)
    })
    message.on('error', () => resolve(false))
    message.end()
  })

/** A process's command line and working directory, to start the same thing by hand. */
export function commandOf(pid: number): {
  readonly command: readonly string[]
  readonly environment: NodeJS.ProcessEnv
} {
  const split = (file: string): string[] =>
    readFileSync(`/proc/${String(pid)}/${file}`, 'utf8')
      .split('\0')
      .filter((part) => part !== '')
  return {
    command: split('cmdline'),
    environment: Object.fromEntries(
      split('environ').map((entry) => [entry.slice(0, entry.indexOf('=')), entry.slice(entry.indexOf('=') + 1)]),
    ),
  }
}
