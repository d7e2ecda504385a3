import { USER, createBroker, untilRunning } from '../lib/broker.ts'
import { withPlatform } from '../lib/platform.ts'
import { childrenOf, residentMegabytes } from '../lib/processes.ts'
import { type Scenario, count } from '../lib/scenario.ts'
import { DescribeBrokerCommand } from '@aws-sdk/client-mq'
import { stompSend } from '@sluice/testkit/broker-clients.ts'

const BROKERS = ['one', 'two', 'three'] as const
const MESSAGES = 100
const TEXT = 'x'.repeat(10_000)
/** 2 GiB. */
const LIMIT_MEGABYTES = (2 * 1_024 ** 3) / 1_000_000

export const threeBrokers: Scenario = {
  name: 'three-brokers',
  what: `resident memory of three brokers (mq.t3.micro, both logs on) that took ${count(MESSAGES)} messages of 10 KB each, and of their platform`,
  run: () =>
    withPlatform(async ({ aws, url, pid }) => {
      const ids = await Promise.all(BROKERS.map((name) => createBroker(aws, name, true)))
      await Promise.all(ids.map((id) => untilRunning(aws, id)))
      const ca = await (await fetch(new URL('/_sluice/ca.pem', url))).text()
      const login = { username: USER.Username, password: USER.Password }
      await Promise.all(
        ids.map(async (id) => {
          const { BrokerInstances } = await aws.mq.send(new DescribeBrokerCommand({ BrokerId: id }))
          const stomp = BrokerInstances?.[0]?.Endpoints?.[2] ?? ''
          for (let sent = 0; sent < MESSAGES; sent += 1) await stompSend(stomp, ca, login, 'MEMORY', TEXT)
        }),
      )
      const brokers = childrenOf(pid, /sluice\.broker/).map(residentMegabytes)
      const others = [pid, ...childrenOf(pid).filter((child) => !childrenOf(pid, /sluice\.broker/).includes(child))]
      const platform = others.map(residentMegabytes)
      const sum = (of: readonly number[]): number => of.reduce((all, one) => all + one, 0)
      if (brokers.length !== BROKERS.length) throw new Error(`${count(brokers.length)} brokers run`)
      return [
        { what: 'the three brokers', value: brokers.map((one) => `${count(one)} MB`).join(', ') },
        { what: 'platform with its column store', value: `${count(sum(platform))} MB` },
        {
          what: 'together, of 2 GiB',
          value: `${count(sum([...brokers, ...platform]))} MB, ${((100 * sum([...brokers, ...platform])) / LIMIT_MEGABYTES).toFixed(0)} %`,
          goal: 'goal ≤ 100 %',
        },
      ]
    }),
}
