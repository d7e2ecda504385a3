import { afterEach, beforeEach, expect, test } from 'vitest'
import { accountId } from '#kernel/ids.ts'
import {
  type Bench,
  type Life,
  ACCOUNT,
  REGION,
  create,
  newBroker,
  openBench,
  run,
} from '#services/mq/testing/bench.ts'

let bench: Bench
let life: Life

beforeEach(() => {
  bench = openBench()
  life = bench.live()
})
afterEach(() => bench.close())

const base64 = (text: string): string => Buffer.from(text).toString('base64')
const text = (data: string | undefined): string => Buffer.from(data ?? '', 'base64').toString('utf8')
const PLAIN = '<broker persistent="true"/>'
const MISSING = 'c-00000000-0000-4000-8000-000000000000'

async function createConfiguration(Name = 'orders', more: object = {}): Promise<string> {
  const input = { Name, EngineType: 'ActiveMQ', EngineVersion: '5.18', ...more }
  const { Id } = await run(life, 'CreateConfiguration', input, bench.contextOf())
  return Id ?? ''
}
const update = (ConfigurationId: string, xml = PLAIN, more: object = {}) =>
  run(life, 'UpdateConfiguration', { ConfigurationId, Data: base64(xml), ...more }, bench.contextOf())
const describe = (ConfigurationId: string) => run(life, 'DescribeConfiguration', { ConfigurationId }, bench.contextOf())
const revision = (ConfigurationId: string, ConfigurationRevision: string) =>
  run(life, 'DescribeConfigurationRevision', { ConfigurationId, ConfigurationRevision }, bench.contextOf())
const remove = (ConfigurationId: string) => run(life, 'DeleteConfiguration', { ConfigurationId }, bench.contextOf())

test('a new configuration is at revision 1, the default of its version, and is described as AWS does', async () => {
  const ctx = bench.contextOf()
  const made = await run(
    life,
    'CreateConfiguration',
    { Name: 'orders', EngineType: 'ACTIVEMQ', EngineVersion: '5.17.6', Tags: { team: 'payments' } },
    ctx,
  )
  const id = made.Id ?? ''
  expect(id).toMatch(/^c-[0-9a-f-]{36}$/)
  const latest = {
    Revision: 1,
    Created: ctx.now,
    Description: 'Auto-generated default for orders on ActiveMQ 5.17.6',
  }
  expect(made).toEqual({
    Arn: `arn:aws:mq:us-east-1:111122223333:configuration:${id}`,
    AuthenticationStrategy: 'simple',
    Created: ctx.now,
    Id: id,
    LatestRevision: latest,
    Name: 'orders',
  })
  expect(await describe(id)).toEqual({
    ...made,
    Description: latest.Description,
    EngineType: 'ActiveMQ',
    EngineVersion: '5.17.6',
    Tags: { team: 'payments' },
  })
  expect(text((await revision(id, '1')).Data)).toContain('<policyEntry gcInactiveDestinations="true"')
})

test('an update is the next revision; earlier ones stay as they are', async () => {
  const id = await createConfiguration()
  const first = (await revision(id, '1')).Data
  expect(await update(id, PLAIN, { Description: 'durable' })).toMatchObject({
    Id: id,
    Name: 'orders',
    LatestRevision: { Revision: 2, Description: 'durable' },
    Warnings: [],
  })
  expect(text((await revision(id, '2')).Data)).toBe(PLAIN)
  expect((await revision(id, '1')).Data).toBe(first)
  expect(await describe(id)).toMatchObject({ Description: 'durable', LatestRevision: { Revision: 2 } })
})

test('what is not permitted is taken out, with a warning for the first twenty', async () => {
  const id = await createConfiguration()
  const { Warnings } = await update(id, `<broker useJmx="false">${'<evil/>'.repeat(30)}</broker>`)
  expect(Warnings).toHaveLength(20)
  expect(Warnings?.slice(0, 2)).toEqual([
    { Reason: 'DISALLOWED_ATTRIBUTE_REMOVED', ElementName: 'broker', AttributeName: 'useJmx' },
    { Reason: 'DISALLOWED_ELEMENT_REMOVED', ElementName: 'evil' },
  ])
  expect(text((await revision(id, '2')).Data)).not.toMatch(/useJmx|evil/)
})

test('updates made at the same time are revisions of their own', async () => {
  const id = await createConfiguration()
  const made = await Promise.all(['1', '2', '3', '4'].map((n) => update(id, PLAIN, { Description: n })))
  expect(new Set(made.map(({ LatestRevision }) => LatestRevision?.Revision))).toEqual(new Set([2, 3, 4, 5]))
  for (const { LatestRevision } of made) {
    const found = await revision(id, String(LatestRevision?.Revision))
    expect(found.Description).toBe(LatestRevision?.Description)
  }
})

test('revisions are listed newest first, a page at a time', async () => {
  const id = await createConfiguration()
  for (let count = 0; count < 4; count++) await update(id)
  const list = (more: object) =>
    run(life, 'ListConfigurationRevisions', { ConfigurationId: id, ...more }, bench.contextOf())
  const pages: (readonly number[])[] = []
  let NextToken: string | undefined
  do {
    const page = await list({ MaxResults: 2, NextToken })
    pages.push((page.Revisions ?? []).map(({ Revision }) => Revision))
    ;({ NextToken } = page)
  } while (NextToken !== undefined)
  expect(pages).toEqual([[5, 4], [3, 2], [1]])
})

test('configurations are listed a page at a time', async () => {
  const ids = []
  for (const name of ['a', 'b', 'c']) ids.push(await createConfiguration(name))
  const first = await run(life, 'ListConfigurations', { MaxResults: 2 }, bench.contextOf())
  expect(first.MaxResults).toBe(2)
  const second = await run(life, 'ListConfigurations', { MaxResults: 2, NextToken: first.NextToken }, bench.contextOf())
  const listed = [...(first.Configurations ?? []), ...(second.Configurations ?? [])]
  expect(listed.map(({ Id }) => Id).toSorted()).toEqual(ids.toSorted())
  expect(second.NextToken).toBeUndefined()
})

test.each([
  { name: 'no name', input: { Name: '' }, attribute: 'name' },
  { name: 'a name of 151 characters', input: { Name: 'x'.repeat(151) }, attribute: 'name' },
  { name: 'a slash in the name', input: { Name: 'a/b' }, attribute: 'name' },
  { name: 'RabbitMQ', input: { EngineType: 'RABBITMQ' }, attribute: 'engineType' },
  { name: 'a version that is not there', input: { EngineVersion: '5.16.7' }, attribute: 'engineVersion' },
  { name: 'a strategy', input: { AuthenticationStrategy: 'CONFIG_MANAGED' }, attribute: 'authenticationStrategy' },
  { name: 'a reserved tag', input: { Tags: { 'aws:x': 'y' } }, attribute: 'tags' },
])('CreateConfiguration refuses $name', async ({ input, attribute }) => {
  await expect(createConfiguration(input.Name ?? 'orders', input)).rejects.toMatchObject({
    code: 'BadRequestException',
    members: { ErrorAttribute: attribute },
  })
  expect((await run(life, 'ListConfigurations', {}, bench.contextOf())).Configurations).toEqual([])
})

test('a name is there once, also when two ask at the same time, and is free after the deletion', async () => {
  const made = await Promise.allSettled([createConfiguration(), createConfiguration()])
  expect(made.map(({ status }) => status).toSorted()).toEqual(['fulfilled', 'rejected'])
  await expect(createConfiguration()).rejects.toMatchObject({
    code: 'ConflictException',
    members: { ErrorAttribute: 'name' },
  })
  const [there] = (await run(life, 'ListConfigurations', {}, bench.contextOf())).Configurations ?? []
  expect(await remove(there?.Id ?? '')).toEqual({ ConfigurationId: there?.Id })
  await createConfiguration()
})

test('bad data makes no revision', async () => {
  const id = await createConfiguration()
  await expect(update(id, '<beans/>')).rejects.toMatchObject({
    code: 'BadRequestException',
    members: { ErrorAttribute: 'data' },
  })
  await expect(update(id, PLAIN, { Description: 'x'.repeat(1_025) })).rejects.toMatchObject({
    members: { ErrorAttribute: 'description' },
  })
  expect((await describe(id)).LatestRevision?.Revision).toBe(1)
})

test('the 301st revision is refused', async () => {
  const id = await createConfiguration()
  const key = { collection: 'mq.configuration', account: ACCOUNT, region: REGION, id }
  const value = (await bench.records.get<{ latest: object }>(key))?.value
  await bench.records.commit([{ kind: 'put', key, value: { ...value, latest: { revision: 299, created: 0 } } }])
  await update(id)
  await expect(update(id)).rejects.toMatchObject({ code: 'BadRequestException' })
})

test.each(['0', '-1', '2', '1.0', '01', 'x', '9999999', '../1'])('there is no revision %j', async (wanted) => {
  const id = await createConfiguration()
  await expect(revision(id, wanted)).rejects.toMatchObject({
    code: 'NotFoundException',
    members: { ErrorAttribute: 'configuration_revision' },
  })
})

test.each([
  'DescribeConfiguration',
  'UpdateConfiguration',
  'DeleteConfiguration',
  'ListConfigurationRevisions',
  'DescribeConfigurationRevision',
] as const)('%s of a configuration that is not there, or of another account, is told so', async (operation) => {
  const mine = await createConfiguration()
  const other = { ...bench.contextOf(), account: accountId('999988887777') }
  const input = { Data: base64(PLAIN), ConfigurationRevision: '1' }
  for (const [ConfigurationId, ctx] of [
    [MISSING, bench.contextOf()],
    ['c-1/000001', bench.contextOf()],
    [mine, other],
  ] as const) {
    await expect(run(life, operation, { ...input, ConfigurationId }, ctx)).rejects.toMatchObject({
      code: 'NotFoundException',
      status: 404,
      members: { ErrorAttribute: 'configuration_id' },
    })
  }
})

test('a broker without a configuration of its own gets one that is made with it, and the next of that name another', async () => {
  const brokerId = await create(life, bench.contextOf())
  const { Configurations } = await run(life, 'DescribeBroker', { BrokerId: brokerId }, bench.contextOf())
  const id = Configurations?.Current?.Id ?? ''
  expect(await describe(id)).toMatchObject({ Name: 'MyBroker-configuration', EngineVersion: '5.18' })
  await bench.store.remove((await bench.read(brokerId)) as NonNullable<Awaited<ReturnType<typeof bench.read>>>)
  const next = await create(life, bench.contextOf())
  const current = (await run(life, 'DescribeBroker', { BrokerId: next }, bench.contextOf())).Configurations?.Current
  expect((await describe(current?.Id ?? '')).Name).toBe(`MyBroker-configuration-${next.slice(2)}`)
})

test.each([{ Id: MISSING }, { Id: 'nonsense', Revision: 1 }])(
  'a broker with the configuration %j is refused, and nothing is made',
  async (Configuration) => {
    await expect(run(life, 'CreateBroker', newBroker({ Configuration }), bench.contextOf())).rejects.toMatchObject({
      code: 'BadRequestException',
      members: { ErrorAttribute: 'configuration' },
    })
    expect((await run(life, 'ListConfigurations', {}, bench.contextOf())).Configurations).toEqual([])
  },
)

test('a configuration in use cannot be deleted, neither an applied nor a pending one; a former one can', async () => {
  await life.reconciler.start()
  const [first, second] = [await createConfiguration('first'), await createConfiguration('second')]
  const brokerId = await create(life, bench.contextOf(), { Configuration: { Id: first, Revision: 1 } })
  await bench.untilState(brokerId, 'RUNNING')
  await run(life, 'UpdateBroker', { BrokerId: brokerId, Configuration: { Id: second } }, bench.contextOf())
  for (const id of [first, second]) {
    await expect(remove(id)).rejects.toMatchObject({
      code: 'ConflictException',
      members: { ErrorAttribute: 'configuration_id' },
    })
  }
  await run(life, 'RebootBroker', { BrokerId: brokerId }, bench.contextOf())
  await bench.untilState(brokerId, 'RUNNING')
  await remove(first)
  await expect(revision(first, '1')).rejects.toMatchObject({ code: 'NotFoundException' })
})

test('tags of a configuration are its own', async () => {
  const id = await createConfiguration('orders', { Tags: { a: '1' } })
  const ResourceArn = `arn:aws:mq:us-east-1:111122223333:configuration:${id}`
  await run(life, 'CreateTags', { ResourceArn, Tags: { b: '2' } }, bench.contextOf())
  await run(life, 'DeleteTags', { ResourceArn, TagKeys: ['a'] }, bench.contextOf())
  expect(await run(life, 'ListTags', { ResourceArn }, bench.contextOf())).toEqual({ Tags: { b: '2' } })
  expect((await describe(id)).Tags).toEqual({ b: '2' })
  await expect(
    run(life, 'ListTags', { ResourceArn: ResourceArn.replace('us-east-1', 'eu-west-1') }, bench.contextOf()),
  ).rejects.toMatchObject({ code: 'NotFoundException' })
})
