import { afterEach, beforeEach, expect, test } from 'vitest'
import { ACCOUNT, type Bench, faultOf, openBench, rootOf } from '#services/iam/test-bench.ts'
import { accountId } from '#kernel/ids.ts'
import { rsaKey } from '../../../sts/saml/test-keys.ts'
import { KEY, metadata } from '../../../sts/saml/test-provider.ts'

let bench: Bench
beforeEach(() => {
  bench = openBench()
})
afterEach(() => bench.close())

const SAMLProviderArn = `arn:aws:iam::${ACCOUNT}:saml-provider/Office`
const create = (more: object = {}) =>
  bench.call('CreateSAMLProvider', { Name: 'Office', SAMLMetadataDocument: metadata(), ...more })

test('a provider is made, shown with its metadata, listed, and gone when it is deleted', async () => {
  expect(await create({ Tags: [{ Key: 'a', Value: '1' }] })).toEqual({
    SAMLProviderArn,
    Tags: [{ Key: 'a', Value: '1' }],
  })
  const shown = await bench.call('GetSAMLProvider', { SAMLProviderArn })
  expect(shown).toMatchObject({ SAMLMetadataDocument: metadata(), Tags: [{ Key: 'a', Value: '1' }] })
  expect(new Date(shown.ValidUntil ?? 0).getUTCFullYear()).toBe(2126)
  expect((await bench.call('ListSAMLProviders', {})).SAMLProviderList).toEqual([
    { Arn: SAMLProviderArn, CreateDate: shown.CreateDate, ValidUntil: shown.ValidUntil },
  ])
  await bench.call('DeleteSAMLProvider', { SAMLProviderArn })
  expect(await faultOf(() => bench.call('GetSAMLProvider', { SAMLProviderArn }))).toBe(
    `NoSuchEntity 404 Manifest not found for arn ${SAMLProviderArn}`,
  )
})

test('its end is the one its metadata names', async () => {
  await create({ SAMLMetadataDocument: metadata([KEY.certificate], ' validUntil="2030-01-02T03:04:05Z"') })
  expect((await bench.call('GetSAMLProvider', { SAMLProviderArn })).ValidUntil).toBe(Date.UTC(2030, 0, 2, 3, 4, 5))
})

test('names are unique without case, and ARNs have case', async () => {
  await create()
  expect(await faultOf(() => create({ Name: 'OFFICE' }))).toContain('EntityAlreadyExists 409')
  const other = SAMLProviderArn.replace('Office', 'office')
  expect(await faultOf(() => bench.call('GetSAMLProvider', { SAMLProviderArn: other }))).toContain('NoSuchEntity')
})

test('new metadata takes the place of the old, and the name stays', async () => {
  await create()
  const SAMLMetadataDocument = metadata([rsaKey().certificate])
  expect(await bench.call('UpdateSAMLProvider', { SAMLProviderArn, SAMLMetadataDocument })).toEqual({ SAMLProviderArn })
  expect(await bench.call('GetSAMLProvider', { SAMLProviderArn })).toMatchObject({ SAMLMetadataDocument })
  const bad = () => bench.call('UpdateSAMLProvider', { SAMLProviderArn, SAMLMetadataDocument: 'x'.repeat(1_000) })
  expect(await faultOf(bad)).toContain('InvalidInput 400 Could not parse metadata')
  expect(await bench.call('GetSAMLProvider', { SAMLProviderArn })).toMatchObject({ SAMLMetadataDocument })
})

const IDP = /<IDPSSODescriptor.*<\/IDPSSODescriptor>/s
test.each([
  { name: 'too few characters', document: '<a/>' },
  { name: 'no XML', document: 'x'.repeat(1_000) },
  { name: 'a document type', document: `<!DOCTYPE x [<!ENTITY y SYSTEM "file:///etc/passwd">]>${metadata()}` },
  { name: 'another root', document: metadata().replaceAll('EntityDescriptor', 'Other') },
  { name: 'no entity id', document: metadata().replace(/entityID="[^"]*"/, '') },
  { name: 'no identity provider', document: metadata().replace(IDP, `<!--${' '.repeat(1_000)}-->`) },
  {
    name: 'no certificate',
    document: metadata([]).replace('</EntityDescriptor>', `<!--${' '.repeat(1_000)}--></EntityDescriptor>`),
  },
  { name: 'a certificate that is none', document: metadata(['AAAA', KEY.certificate]) },
  { name: 'a weak key', document: metadata([rsaKey(512).certificate, KEY.certificate]) },
  { name: 'a certificate for encryption only', document: metadata().replace('use="signing"', 'use="encryption"') },
  { name: 'an end that is no date', document: metadata([KEY.certificate], ' validUntil="tomorrow"') },
])('metadata with $name is refused, and nothing is made', async ({ document }) => {
  expect(await faultOf(() => create({ SAMLMetadataDocument: document }))).toContain(
    'InvalidInput 400 Could not parse metadata',
  )
  expect((await bench.call('ListSAMLProviders', {})).SAMLProviderList).toEqual([])
})

test.each([{ Name: 'a b' }, { Name: '' }, { Name: 'x'.repeat(129) }])('the name $Name is refused', async ({ Name }) => {
  expect(await faultOf(() => create({ Name }))).toContain('ValidationError 400')
})

test('what is not built is said, not ignored', async () => {
  expect(await faultOf(() => create({ AssertionEncryptionMode: 'Required' }))).toContain('NotImplemented 501')
  expect(await faultOf(() => create({ AddPrivateKey: 'key' }))).toContain('NotImplemented 501')
})

test('a provider can be tagged, and another account does not see it', async () => {
  await create()
  await bench.call('TagSAMLProvider', { SAMLProviderArn, Tags: [{ Key: 'a', Value: '1' }] })
  expect((await bench.call('ListSAMLProviderTags', { SAMLProviderArn })).Tags).toEqual([{ Key: 'a', Value: '1' }])
  await bench.call('UntagSAMLProvider', { SAMLProviderArn, TagKeys: ['a'] })
  expect((await bench.call('ListSAMLProviderTags', { SAMLProviderArn })).Tags).toEqual([])
  const stranger = rootOf(accountId('444455556666'))
  expect(await faultOf(() => bench.call('GetSAMLProvider', { SAMLProviderArn }, stranger))).toContain('NoSuchEntity')
  expect((await bench.call('ListSAMLProviders', {}, stranger)).SAMLProviderList).toEqual([])
})
