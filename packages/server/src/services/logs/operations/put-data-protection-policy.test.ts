import { afterEach, beforeEach, expect, test } from 'vitest'
import { accountId } from '#kernel/ids.ts'
import { type LogsBench, openLogsBench } from '../../../../../testkit/src/logs-bench.ts'

let bench: LogsBench
beforeEach(async () => {
  bench = openLogsBench()
  await bench.call('CreateLogGroup', { logGroupName: 'g' })
  await bench.call('CreateLogStream', { logGroupName: 'g', logStreamName: 's' })
})
afterEach(() => bench.close())

const document = (name = 'EmailAddress') =>
  JSON.stringify({
    Name: 'p',
    Version: '2021-06-01',
    Statement: ['Audit', 'Deidentify'].map((operation) => ({
      DataIdentifier: [`arn:aws:dataprotection::aws:data-identifier/${name}`],
      Operation: operation === 'Audit' ? { Audit: { FindingsDestination: {} } } : { Deidentify: { MaskConfig: {} } },
    })),
  })
const protect = (name?: string) =>
  bench.call('PutDataProtectionPolicy', { logGroupIdentifier: 'g', policyDocument: document(name) })
const send = async (message: string) => {
  bench.clock.advance(1)
  await bench.call('PutLogEvents', {
    logGroupName: 'g',
    logStreamName: 's',
    logEvents: [{ timestamp: bench.clock.now(), message }],
  })
  bench.clock.advance(1)
}
const got = async (input: { readonly unmask?: boolean } = {}) => {
  const { events = [] } = await bench.call('GetLogEvents', { logGroupName: 'g', logStreamName: 's', ...input })
  return events.map(({ message }) => message)
}
const filtered = async (input: { readonly unmask?: boolean; readonly filterPattern?: string } = {}) => {
  const { events = [] } = await bench.call('FilterLogEvents', { logGroupName: 'g', ...input })
  return events.map(({ message }) => message)
}

test('events stored under a policy are masked, earlier ones are not, and unmask shows all', async () => {
  await send('old a@b.de')
  await protect()
  await send('new a@b.de')
  const masked = ['old a@b.de', 'new ******']
  const plain = ['old a@b.de', 'new a@b.de']
  expect(await got()).toEqual(masked)
  expect(await filtered()).toEqual(masked)
  expect(await got({ unmask: true })).toEqual(plain)
  expect(await filtered({ unmask: true })).toEqual(plain)
})

test('what is masked cannot be found out by searching for it', async () => {
  await protect()
  await send('mail a@b.de')
  expect(await filtered({ filterPattern: '"a@b.de"' })).toEqual([])
  expect(await filtered({ filterPattern: '-"a@b.de"' })).toEqual(['mail ******'])
  expect(await filtered({ filterPattern: '"******"' })).toEqual(['mail ******'])
  expect(await filtered({ filterPattern: '%b\\.de% mail' })).toEqual([])
  expect(await filtered({ filterPattern: '"a@b.de"', unmask: true })).toEqual(['mail a@b.de'])
})

test('metric filters see the mask', async () => {
  await protect()
  await bench.call('PutMetricFilter', {
    logGroupName: 'g',
    filterName: 'f',
    filterPattern: '[what, mail]',
    metricTransformations: [{ metricName: 'm', metricNamespace: 'N', metricValue: '1', dimensions: { Mail: '$mail' } }],
  })
  await send('mail a@b.de')
  await bench.metrics.close()
  expect(bench.points.points.map(({ dimensions }) => dimensions)).toEqual([{ Mail: '******' }])
})

test('a changed policy goes on hiding what the first one hid', async () => {
  await protect()
  await send('a@b.de 10.0.0.1')
  await protect('IpAddress')
  await send('c@d.de 10.0.0.2')
  expect(await got()).toEqual(['a@b.de ********', 'c@d.de ********'])
})

test('a policy is read back, shown with the group, and can be deleted', async () => {
  const get = (logGroupIdentifier = 'g') => bench.call('GetDataProtectionPolicy', { logGroupIdentifier })
  const status = async () => (await bench.call('DescribeLogGroups', {})).logGroups?.[0]?.dataProtectionStatus
  expect(await get()).toEqual({ logGroupIdentifier: 'g' })
  expect(await status()).toBeUndefined()
  const arn = `arn:aws:logs:${bench.region}:${bench.account}:log-group:g`
  const policy = { policyDocument: document(), lastUpdatedTime: bench.clock.now() }
  expect(await protect()).toEqual({ logGroupIdentifier: 'g', ...policy })
  expect(await get(arn)).toEqual({ logGroupIdentifier: arn, ...policy })
  expect(await status()).toBe('ACTIVATED')
  await send('a@b.de')
  await bench.call('DeleteDataProtectionPolicy', { logGroupIdentifier: 'g' })
  await bench.call('DeleteDataProtectionPolicy', { logGroupIdentifier: 'g' })
  expect(await get()).toEqual({ logGroupIdentifier: 'g' })
  expect(await status()).toBe('DELETED')
  expect(await got()).toEqual(['a@b.de'])
})

test('a group must exist, its policy be valid, and both go together', async () => {
  const missing = { logGroupIdentifier: 'no' }
  const notFound = 'The specified log group does not exist.'
  const put = bench.call('PutDataProtectionPolicy', { ...missing, policyDocument: document() })
  await expect(put).rejects.toThrow(notFound)
  await expect(bench.call('GetDataProtectionPolicy', missing)).rejects.toThrow(notFound)
  await expect(bench.call('DeleteDataProtectionPolicy', missing)).rejects.toThrow(notFound)
  await expect(
    bench.call('PutDataProtectionPolicy', { logGroupIdentifier: 'g', policyDocument: '{}' }),
  ).rejects.toThrow(/^Invalid data protection policy/)
  await protect()
  await bench.call('DeleteLogGroup', { logGroupName: 'g' })
  expect(await bench.records.listAll('logs.data-protection')).toEqual([])
})

test('a policy of the account holds for all its groups, and only for them', async () => {
  const policyDocument = document('IpAddress')
  const { accountPolicy } = await bench.call('PutAccountPolicy', {
    policyName: 'all',
    policyType: 'DATA_PROTECTION_POLICY',
    policyDocument,
  })
  expect(accountPolicy).toEqual({
    policyName: 'all',
    policyType: 'DATA_PROTECTION_POLICY',
    policyDocument,
    lastUpdatedTime: bench.clock.now(),
    scope: 'ALL',
    accountId: bench.account,
  })
  await protect()
  await send('a@b.de 10.0.0.1')
  expect(await got()).toEqual(['****** ********'])
  const groups = await bench.call('DescribeLogGroups', {})
  expect(groups.logGroups?.[0]?.inheritedProperties).toEqual(['ACCOUNT_DATA_PROTECTION'])
  const foreign = { account: accountId('444455556666') }
  await bench.call('CreateLogGroup', { logGroupName: 'g' }, foreign)
  const elsewhere = await bench.call('DescribeLogGroups', {}, foreign)
  expect(elsewhere.logGroups?.[0]?.inheritedProperties).toBeUndefined()
})
