import { afterEach, beforeEach, expect, test } from 'vitest'
import { ACCOUNT, type Bench, faultOf, openBench } from '#services/iam/test-bench.ts'

let bench: Bench
beforeEach(() => {
  bench = openBench()
})
afterEach(() => bench.close())

const ARN = `arn:aws:iam::${ACCOUNT}:oidc-provider/token.example.com/org`
const named = { OpenIDConnectProviderArn: ARN }
const PRINT = 'A'.repeat(40)
const create = (Url = 'https://token.example.com/org/', more: object = {}) =>
  bench.call('CreateOpenIDConnectProvider', { Url, ClientIDList: ['sts'], ThumbprintList: [PRINT], ...more })
const get = () => bench.call('GetOpenIDConnectProvider', named)

test('a provider is made, listed, changed and deleted', async () => {
  expect((await create()).OpenIDConnectProviderArn).toBe(ARN)
  expect(await get()).toMatchObject({
    Url: 'token.example.com/org',
    ClientIDList: ['sts'],
    ThumbprintList: [PRINT.toLowerCase()],
  })
  await bench.call('AddClientIDToOpenIDConnectProvider', { ...named, ClientID: 'other' })
  await bench.call('RemoveClientIDFromOpenIDConnectProvider', { ...named, ClientID: 'sts' })
  await bench.call('UpdateOpenIDConnectProviderThumbprint', { ...named, ThumbprintList: [] })
  expect(await get()).toMatchObject({ ClientIDList: ['other'], ThumbprintList: [] })
  expect(await bench.call('ListOpenIDConnectProviders', {})).toEqual({ OpenIDConnectProviderList: [{ Arn: ARN }] })
  expect(await faultOf(() => create())).toContain('EntityAlreadyExists 409')
  await bench.call('DeleteOpenIDConnectProvider', named)
  expect(await faultOf(get)).toContain('NoSuchEntity 404')
})

test.each([
  { name: 'a URL without TLS', run: () => create('http://token.example.com') },
  { name: 'no URL', run: () => create('token.example.com') },
  { name: 'a URL with a query', run: () => create('https://token.example.com/?a=b') },
  {
    name: 'a thumbprint that is none',
    run: () => create('https://x.example.com', { ThumbprintList: ['z'.repeat(40)] }),
  },
])('$name is refused', async ({ run }) => {
  expect(await faultOf(run)).toContain('ValidationError 400')
  expect((await bench.call('ListOpenIDConnectProviders', {})).OpenIDConnectProviderList).toEqual([])
})
