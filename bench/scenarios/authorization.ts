import { contextOf } from '../../packages/server/src/services/iam/test-bench.ts'
import { openGatekeeper } from '../../packages/server/src/gateway/gatekeeper.ts'
import { openGatewayBench, policy } from '@sluice/testkit/gateway-bench.ts'
import { type LoadRequest, load } from '../lib/load.ts'
import { withPlatform } from '../lib/platform.ts'
import { cpuSeconds } from '../lib/processes.ts'
import { type Scenario, median, ratio } from '../lib/scenario.ts'

const CALL: LoadRequest = {
  service: 'sts',
  headers: { 'content-type': 'application/x-www-form-urlencoded' },
  body: () => 'Action=GetCallerIdentity&Version=2011-06-15',
}
const OPTIONS = { connections: 16, seconds: 3 }
const ROUNDS = 5
const DECISIONS = 20_000

export const authorization: Scenario = {
  name: 'authorization',
  what: 'CPU of deciding one permission for a user with ten statements, against a small signed call that needs none',
  run: () =>
    withPlatform(async (platform) => {
      const decide = await deciding()
      const rounds: number[] = []
      await load(platform.url, CALL, OPTIONS)
      await decide(DECISIONS)
      // In turn, so that a change of the machine's speed meets both.
      for (let round = 0; round < ROUNDS; round += 1) {
        const before = cpuSeconds(platform.pid)
        const done = await load(platform.url, CALL, OPTIONS)
        const call = (cpuSeconds(platform.pid) - before) / done.requests
        rounds.push(1 + (await decide(DECISIONS)) / call)
      }
      return [
        {
          what: 'a call with its permission, against one without',
          value: ratio(median(rounds)),
          goal: 'goal ≤ 1.15 ×',
        },
      ]
    }),
}

/** Step 4 of the chain on real records of IAM; resolves with its CPU seconds a call. */
async function deciding(): Promise<(calls: number) => Promise<number>> {
  const { registry, gatekeeping, user } = openGatewayBench()
  const Statement = Array.from({ length: 10 }, (_, index) => ({
    Effect: 'Allow',
    Action: index === 9 ? ['sts:GetAccessKeyInfo'] : [`logs:Put${String(index)}*`, 'mq:CreateBroker'],
    Resource: index === 9 ? '*' : `arn:aws:logs:*:*:log-group:/team-${String(index)}/*`,
    Condition: { StringEquals: { 'aws:RequestedRegion': 'us-east-1' } },
  }))
  const { principal } = await user('bench', policy(...Statement))
  const operation = { service: 'sts', operation: 'GetAccessKeyInfo', protocol: 'aws-query' } as const
  const access = registry.find(operation.service, operation.operation)?.access
  if (access === undefined) throw new Error('the operation of the bench is not built')
  const ctx = contextOf(principal)
  return async (calls) => {
    const before = process.cpuUsage()
    for (let call = 0; call < calls; call += 1)
      await openGatekeeper(ctx, registry.services.sts, operation, gatekeeping).admit({ AccessKeyId: 'AKIA' }, access)
    const { user: own, system } = process.cpuUsage(before)
    return (own + system) / 1e6 / calls
  }
}
