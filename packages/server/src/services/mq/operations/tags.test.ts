import { afterEach, beforeEach, expect, test } from 'vitest'
import { type Bench, type Life, create, openBench, run } from '#services/mq/testing/bench.ts'

let bench: Bench
let life: Life
let arn: string

beforeEach(async () => {
  bench = openBench()
  life = bench.live()
  arn = `arn:aws:mq:us-east-1:111122223333:broker:MyBroker:${await create(life, bench.contextOf(), { Tags: { team: 'payments' } })}`
})
afterEach(() => bench.close())

const tags = async (): Promise<unknown> => (await run(life, 'ListTags', { ResourceArn: arn }, bench.contextOf())).Tags

test('tags are added to those of the creation, and a known key gets the new value', async () => {
  await run(life, 'CreateTags', { ResourceArn: arn, Tags: { team: 'billing', env: 'prod' } }, bench.contextOf())
  expect(await tags()).toEqual({ team: 'billing', env: 'prod' })
})

test('tags are taken away; a key that is not there is no error', async () => {
  await run(life, 'DeleteTags', { ResourceArn: arn, TagKeys: ['team', 'nothing'] }, bench.contextOf())
  expect(await tags()).toEqual({})
})

test('a key that objects know otherwise is a tag like any other', async () => {
  await run(
    life,
    'CreateTags',
    { ResourceArn: arn, Tags: JSON.parse('{"__proto__": "x", "constructor": "y"}') },
    bench.contextOf(),
  )
  expect(JSON.stringify(await tags())).toBe('{"team":"payments","__proto__":"x","constructor":"y"}')
})

test('a change that would make more than 50 tags is refused whole', async () => {
  const Tags = Object.fromEntries(Array.from({ length: 50 }, (_, index) => [`key${String(index)}`, 'x']))
  await expect(run(life, 'CreateTags', { ResourceArn: arn, Tags }, bench.contextOf())).rejects.toThrow(
    /at most 50 tags/,
  )
  expect(await tags()).toEqual({ team: 'payments' })
})

test('no tags are no change', async () => {
  await run(life, 'CreateTags', { ResourceArn: arn }, bench.contextOf())
  expect(await tags()).toEqual({ team: 'payments' })
})

test.each([
  { rule: 'another name', change: (text: string) => text.replace('MyBroker', 'Other') },
  { rule: 'another account', change: (text: string) => text.replace('111122223333', '999988887777') },
  { rule: 'another region', change: (text: string) => text.replace('us-east-1', 'eu-west-1') },
  { rule: 'a wildcard', change: (text: string) => text.replace('MyBroker', '*') },
  { rule: 'another kind of resource', change: (text: string) => text.replace(':broker:MyBroker', ':configuration') },
  { rule: 'no ARN at all', change: () => 'MyBroker' },
])('an ARN with $rule stands for nothing', async ({ change }) => {
  const ResourceArn = change(arn)
  const refused = { code: 'NotFoundException', members: { ErrorAttribute: 'resource-arn' } }
  await expect(run(life, 'ListTags', { ResourceArn }, bench.contextOf())).rejects.toMatchObject(refused)
  await expect(run(life, 'CreateTags', { ResourceArn, Tags: { a: 'b' } }, bench.contextOf())).rejects.toMatchObject(
    refused,
  )
  await expect(run(life, 'DeleteTags', { ResourceArn, TagKeys: ['team'] }, bench.contextOf())).rejects.toMatchObject(
    refused,
  )
  expect(await tags()).toEqual({ team: 'payments' })
})
