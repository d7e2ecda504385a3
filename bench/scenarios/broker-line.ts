import { setTimeout as sleep } from 'node:timers/promises'
import { FilterLogEventsCommand, PutResourcePolicyCommand } from '@aws-sdk/client-cloudwatch-logs'
import { activemqConsole } from '@sluice/cli/activemq-console'
import { USER, createBroker, untilRunning } from '../lib/broker.ts'
import { LOG_POLICY } from '../lib/log-policy.ts'
import { withPlatform } from '../lib/platform.ts'
import { type Scenario, median, millis, quantile } from '../lib/scenario.ts'

const LINES = 200

export const brokerLine: Scenario = {
  name: 'broker-line',
  what: `a line written by a broker → returned by FilterLogEvents, ${String(LINES)} lines, polled every few milliseconds`,
  run: () =>
    withPlatform(async ({ aws, url }) => {
      await aws.logs.send(
        new PutResourcePolicyCommand({ policyName: 'bench', policyDocument: JSON.stringify(LOG_POLICY) }),
      )
      const id = await createBroker(aws, 'line', true)
      const consoleUrl = await untilRunning(aws, id)
      const caPem = await (await fetch(new URL('/_sluice/ca.pem', url))).text()
      const operator = activemqConsole({ consoleUrl, username: USER.Username, password: USER.Password, caPem })
      const logGroupName = `/aws/amazonmq/broker/${id}/audit`
      const waits: number[] = []
      for (let line = 0; line < LINES; line += 1) {
        const queue = `LATENCY.${String(line)}`
        const from = Date.now()
        const creating = operator.createQueue(queue)
        for (;;) {
          const { events = [] } = await aws.logs.send(
            new FilterLogEventsCommand({
              logGroupName,
              startTime: from - 1_000,
              filterPattern: `"createDestination.action" "[${queue}]"`,
            }),
          )
          // The event's own time is when the broker wrote the line.
          if (events[0]?.timestamp !== undefined) {
            waits.push(Date.now() - events[0].timestamp)
            break
          }
          await sleep(3)
        }
        await creating
        await sleep(Math.random() * 40)
      }
      return [
        { what: 'p50', value: millis(median(waits)), goal: 'goal ≤ 300 ms' },
        { what: 'p99', value: millis(quantile(waits, 0.99)), goal: 'goal ≤ 1,000 ms' },
      ]
    }),
}
