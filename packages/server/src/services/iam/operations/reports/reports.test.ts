import { afterEach, beforeEach, expect, test } from 'vitest'
import { region } from '#kernel/ids.ts'
import { ACCOUNT, type Bench, faultOf, openBench } from '#services/iam/test-bench.ts'
import { allowing } from '#services/iam/test-documents.ts'

let bench: Bench
beforeEach(() => {
  bench = openBench()
})
afterEach(() => bench.close())

const report = async (): Promise<readonly string[]> =>
  Buffer.from((await bench.call('GetCredentialReport', {})).Content ?? [])
    .toString()
    .split('\n')

test('the credential report has a row for root and for every user, and ends after four hours', async () => {
  expect(await faultOf(report)).toContain('ReportNotPresent 410')
  await bench.createUser('bob')
  await bench.call('CreateLoginProfile', { UserName: 'bob', Password: 'Correct-horse-9' })
  await bench.call('CreateAccessKey', { UserName: 'bob' })
  expect((await bench.call('GenerateCredentialReport', {})).State).toBe('STARTED')
  expect((await bench.call('GenerateCredentialReport', {})).State).toBe('COMPLETE')
  const [columns = '', root = '', bob = ''] = await report()
  expect(columns.split(',')).toHaveLength(22)
  expect(root.split(',')).toHaveLength(22)
  expect(root).toMatch(/^<root_account>,arn:aws:iam::111122223333:root,/)
  expect(bob.split(',').slice(0, 9)).toEqual([
    'bob',
    `arn:aws:iam::${ACCOUNT}:user/bob`,
    '2026-11-21T11:16:40+00:00',
    'true',
    'no_information',
    '2026-11-21T11:16:40+00:00',
    'N/A',
    'false',
    'true',
  ])
  bench.clock.at += 4 * 3_600_000
  expect(await faultOf(report)).toContain('ReportExpired 410')
  expect((await bench.call('GenerateCredentialReport', {})).State).toBe('STARTED')
})

test('a service is told by what its actions begin with', async () => {
  const bob = await bench.createUser('bob')
  const PolicyDocument = allowing('es:*')
  await bench.call('PutUserPolicy', { UserName: 'bob', PolicyName: 'p', PolicyDocument })
  const { AccessKey } = await bench.call('CreateAccessKey', { UserName: 'bob' })
  bench.identity().keyUsed?.(AccessKey.AccessKeyId, bench.clock.now(), 'opensearch', region('eu-west-1'), bob)
  const { JobId = '' } = await bench.call('GenerateServiceLastAccessedDetails', {
    Arn: `arn:aws:iam::${ACCOUNT}:user/bob`,
  })
  await expect
    .poll(() => bench.call('GetServiceLastAccessedDetails', { JobId }))
    .toMatchObject({
      ServicesLastAccessed: [
        { ServiceNamespace: 'es', ServiceName: 'Amazon OpenSearch Service', LastAuthenticatedRegion: 'eu-west-1' },
      ],
    })
  const used = await bench.call('GetAccessKeyLastUsed', { AccessKeyId: AccessKey.AccessKeyId })
  expect(used.AccessKeyLastUsed).toMatchObject({ ServiceName: 'es', Region: 'eu-west-1' })
})

test('last-accessed details tell which services may be used, and who used them', async () => {
  const bob = await bench.createUser('bob')
  const PolicyDocument = allowing('mq:*').replace('"mq:*"', '["mq:*","logs:Get*"]')
  await bench.call('CreateGroup', { GroupName: 'g' })
  await bench.call('PutGroupPolicy', { GroupName: 'g', PolicyName: 'p', PolicyDocument })
  await bench.call('AddUserToGroup', { GroupName: 'g', UserName: 'bob' })
  bench.identity().keyUsed?.('AKIAUSER', bench.clock.now(), 'mq', region('eu-west-1'), bob)
  for (const Arn of [`arn:aws:iam::${ACCOUNT}:user/bob`, `arn:aws:iam::${ACCOUNT}:group/g`]) {
    const { JobId = '' } = await bench.call('GenerateServiceLastAccessedDetails', { Arn })
    expect(JobId).toMatch(/^[\da-f]{8}-[\da-f]{4}-7[\da-f]{3}-a[\da-f]{3}-[\da-f]{12}$/)
    await expect
      .poll(() => bench.call('GetServiceLastAccessedDetails', { JobId }))
      .toMatchObject({
        JobStatus: 'COMPLETED',
        ServicesLastAccessed: [
          { ServiceNamespace: 'logs', TotalAuthenticatedEntities: 0 },
          { ServiceNamespace: 'mq', TotalAuthenticatedEntities: 1, LastAuthenticatedRegion: 'eu-west-1' },
        ],
      })
    const entities = await bench.call('GetServiceLastAccessedDetailsWithEntities', { JobId, ServiceNamespace: 'mq' })
    expect(entities.EntityDetailsList).toMatchObject([{ EntityInfo: { Name: 'bob', Type: 'USER' } }])
  }
  const unknown = '00000000-0000-7000-a000-000000000000'
  expect(await faultOf(() => bench.call('GetServiceLastAccessedDetails', { JobId: unknown }))).toContain('NoSuchEntity')
  expect(
    await faultOf(() => bench.call('GenerateServiceLastAccessedDetails', { Arn: 'arn:aws:s3:::some-bucket-name' })),
  ).toContain('InvalidInput 400')
})
