import { CreateLogGroupCommand, DescribeLogGroupsCommand } from '@aws-sdk/client-cloudwatch-logs'
import { LookupEventsCommand } from '@aws-sdk/client-cloudtrail'
import { GetCallerIdentityCommand } from '@aws-sdk/client-sts'
import { expect, test } from 'vitest'
import { platformClient } from '../../packages/cli/src/platform-client.ts'
import { clients } from '@sluice/testkit/clients.ts'
import { filePlatform } from '@sluice/testkit/file-platform.ts'
import { startTestPlatform, temporaryDirectory } from '@sluice/testkit/platform.ts'
import { allow, createGroup, newUser, refusalOf } from './people.ts'

const platform = filePlatform({ env: { SLUICE_IAM_MODE: 'audit' } })
const aws = platform.clients()
const enforce = (): Promise<void> => platform.start({ env: { SLUICE_IAM_MODE: 'enforce' } })

interface Explained {
  readonly denials: readonly { readonly end: string; readonly message: string; readonly remedies: readonly string[] }[]
}
const why = (requestId: string): Promise<Explained> =>
  platformClient({ endpoint: platform.url, region: 'us-east-1', accessKeyId: 'test', secret: 'test' }).rest(
    'GET',
    `/_sluice/why-denied/${requestId}`,
  )

test('the start, the health and every answer say that denials are only audited', async () => {
  expect(platform.output()).toContain('AUDIT MODE')
  const answers = await Promise.all(
    ['/_sluice/health', '/livez', '/nothing', '/_sluice/nothing'].map((path) => fetch(new URL(path, platform.url))),
  )
  for (const answer of answers) expect(answer.headers.get('x-sluice-iam-mode')).toBe('audit')
  expect(await answers[0]?.json()).toMatchObject({ iamMode: 'audit' })
  let header: string | undefined
  const { logs } = clients(platform.url)
  logs.middlewareStack.add(
    (next) => async (args) => {
      const result = await next(args)
      header = (result.response as { readonly headers: Readonly<Record<string, string>> }).headers['x-sluice-iam-mode']
      return result
    },
    { step: 'deserialize' },
  )
  await logs.send(new DescribeLogGroupsCommand({}))
  expect(header).toBe('audit')
})

test('a call without permission goes through, is on record as such, and explains itself', async () => {
  const user = await newUser(platform, aws, 'nobody')
  const { $metadata } = await user.logs.send(new CreateLogGroupCommand({ logGroupName: '/audited' }))
  const { Events = [] } = await aws.cloudtrail.send(
    new LookupEventsCommand({ LookupAttributes: [{ AttributeKey: 'Username', AttributeValue: 'nobody' }] }),
  )
  const message = expect.stringContaining('user/nobody is not authorized to perform: logs:CreateLogGroup') as unknown
  expect(JSON.parse(Events[0]?.CloudTrailEvent ?? '{}')).toMatchObject({
    eventName: 'CreateLogGroup',
    additionalEventData: { iamMode: 'audit', wouldBeDenied: [message] },
  })
  expect((await why($metadata.requestId ?? '')).denials).toEqual([
    expect.objectContaining({ end: 'let through', message }),
  ])
  const metrics = await (await fetch(new URL('/metrics', platform.url))).text()
  expect(metrics).toContain('sluice_denials_total{service="logs",operation="CreateLogGroup",end="let through"} 1')
  expect(platform.output()).toContain('"event":"would_be_denied"')
})

test('wrong signatures and unknown keys are refused all the same', async () => {
  const sts = (identity: Parameters<typeof clients>[1]) =>
    refusalOf(clients(platform.url, identity).sts.send(new GetCallerIdentityCommand({})))
  expect(await sts({ secret: 'guessed' })).toContain('SignatureDoesNotMatch')
  expect(await sts({ accessKeyId: 'AKIAUNKNOWN' })).toContain('InvalidClientTokenId')
})

test('the same data enforced: the answer is a denial, whose advice holds after a restart and works when followed', async () => {
  await platform.stop()
  await enforce()
  expect(platform.output()).not.toContain('AUDIT MODE')
  expect((await fetch(new URL('/livez', platform.url))).headers.get('x-sluice-iam-mode')).toBeNull()
  const user = await newUser(platform, aws, 'somebody')
  expect(await createGroup(user, '/enforced')).toContain('AccessDeniedException')
  const denial = await user.logs
    .send(new CreateLogGroupCommand({ logGroupName: '/enforced' }))
    .catch((error: unknown) => error)
  const { requestId = '' } = (denial as { readonly $metadata: { readonly requestId?: string } }).$metadata
  await platform.stop()
  await enforce()
  const [explained] = (await why(requestId)).denials
  expect(explained?.end).toBe('denied')
  const advice = JSON.parse(/\{.*\}/.exec(explained?.remedies[0] ?? '')?.[0] ?? '{}') as { readonly Action: string }
  expect(advice.Action).toBe('logs:CreateLogGroup')
  const advised = await newUser(platform, aws, 'advised', { statements: [advice] })
  expect(await createGroup(advised, '/enforced')).toBe('allowed')
  expect(await createGroup(await newUser(platform, aws, 'other', { statements: [allow('mq:*')] }), '/x')).toContain(
    'AccessDenied',
  )
})

test('a mode that there is not keeps the platform from starting', async () => {
  const data = temporaryDirectory()
  await expect(startTestPlatform({ data: data.path, env: { SLUICE_IAM_MODE: 'off' } })).rejects.toThrow(
    'permissions cannot be switched off',
  )
  data.remove()
})
