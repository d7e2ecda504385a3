import { afterEach, expect, test } from 'vitest'
import {
  type GatewayBench,
  ROOT_KEY,
  type Signing,
  allow,
  codeOf,
  deny,
  messageIn,
  needs,
  openGatewayBench,
  policy,
} from '../../../../../testkit/src/gateway-bench.ts'

const benches: GatewayBench[] = []
afterEach(async () => {
  await Promise.all(benches.splice(0).map((bench) => bench.close()))
})

/** A service whose denials are encoded, as EC2's are. */
function open(): GatewayBench {
  const bench = openGatewayBench({
    logs: {
      operations: { CreateLogGroup: () => ({}) },
      access: { CreateLogGroup: needs('logs:CreateLogGroup') },
      denials: {
        opening: 'You are not authorized to perform this operation. ',
        encodes: true,
      },
    },
  })
  benches.push(bench)
  return bench
}

async function encodedDenial(bench: GatewayBench, signing: Signing): Promise<string> {
  const reply = await bench.send('logs', 'CreateLogGroup', { logGroupName: 'g' }, signing)
  expect([reply.status, codeOf(reply)]).toEqual([400, 'AccessDeniedException'])
  return /failure message: (\S+)$/.exec(messageIn(reply))?.[1] ?? ''
}
const decode = (bench: GatewayBench, EncodedMessage: string, signing: Signing = ROOT_KEY) =>
  bench.send('sts', 'DecodeAuthorizationMessage', { EncodedMessage }, signing)

test('whoever may decode reads what the denied caller cannot', async () => {
  const bench = open()
  const { key } = await bench.user('bob', policy(allow('*'), { ...deny('logs:*'), Sid: 'NoLogs' }))
  const encoded = await encodedDenial(bench, key)
  const { key: reader } = await bench.user('reader', policy(allow('sts:DecodeAuthorizationMessage')))
  const reply = await decode(bench, encoded, reader)
  expect(reply.status).toBe(200)
  const text = /<DecodedMessage>(.*)<\/DecodedMessage>/.exec(String(reply.body))?.[1] ?? ''
  expect(JSON.parse(text.replaceAll('&quot;', '"'))).toMatchObject({
    allowed: false,
    explicitDeny: true,
    matchedStatements: { items: [{ statementId: 'NoLogs', effect: 'DENY' }] },
    context: { principal: { name: 'bob' }, action: 'logs:CreateLogGroup', resource: '*' },
  })
})

test('without the permission, and in another account, nobody reads it', async () => {
  const bench = open()
  const { key } = await bench.user('bob')
  const encoded = await encodedDenial(bench, key)
  const without = await decode(bench, encoded, key)
  expect([without.status, messageIn(without)]).toEqual([403, expect.stringContaining('sts:DecodeAuthorizationMessage')])
  const elsewhere = await decode(bench, encoded, { accessKeyId: '444455556666', secret: 'test' })
  expect([elsewhere.status, codeOf(elsewhere)]).toEqual([400, 'InvalidAuthorizationMessageException'])
})

test.each(['x', 'not a message', 'A'.repeat(10_240)])('%s is no message', async (text) => {
  const reply = await decode(open(), text)
  expect([reply.status, codeOf(reply)]).toEqual([400, 'InvalidAuthorizationMessageException'])
})
