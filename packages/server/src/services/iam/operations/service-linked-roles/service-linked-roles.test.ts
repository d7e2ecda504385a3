import { afterEach, beforeEach, expect, test } from 'vitest'
import { ACCOUNT, type Bench, faultOf, openBench } from '#services/iam/test-bench.ts'
import { allowing } from '#services/iam/test-documents.ts'

let bench: Bench
beforeEach(() => {
  bench = openBench()
})
afterEach(() => bench.close())

const RoleName = 'AWSServiceRoleForAmazonMQ'
const create = (AWSServiceName = 'mq.amazonaws.com', more: object = {}) =>
  bench.call('CreateServiceLinkedRole', { AWSServiceName, ...more })

test('the role has the path, trust and policy that AWS gives it', async () => {
  const { Role } = await create()
  expect(Role?.Arn).toBe(`arn:aws:iam::${ACCOUNT}:role/aws-service-role/mq.amazonaws.com/${RoleName}`)
  expect(decodeURIComponent(Role?.AssumeRolePolicyDocument ?? '')).toContain('"Service":"mq.amazonaws.com"')
  const { AttachedPolicies } = await bench.call('ListAttachedRolePolicies', { RoleName })
  expect(AttachedPolicies?.map(({ PolicyName }) => PolicyName)).toEqual(['AmazonMQServiceRolePolicy'])
  expect(await faultOf(() => create())).toBe(
    `InvalidInput 400 Service role name ${RoleName} has been taken in this account, please try a different suffix.`,
  )
})

test.each(['kafka.amazonaws.com', 'delivery.logs.amazonaws.com', 'cloudtrail.amazonaws.com', 'events.amazonaws.com'])(
  '%s has a role with a policy that exists',
  async (service) => {
    const { Role } = await create(service)
    const { AttachedPolicies } = await bench.call('ListAttachedRolePolicies', { RoleName: Role?.RoleName ?? '' })
    expect(AttachedPolicies).toHaveLength(1)
  },
)

test('nobody but the service changes it', async () => {
  await create()
  for (const run of [
    () => bench.call('DeleteRole', { RoleName }),
    () => bench.call('PutRolePolicy', { RoleName, PolicyName: 'p', PolicyDocument: allowing('*') }),
    () => bench.call('AttachRolePolicy', { RoleName, PolicyArn: 'arn:aws:iam::aws:policy/AdministratorAccess' }),
    () => bench.call('UpdateRole', { RoleName }),
  ]) {
    expect(await faultOf(run)).toBe(
      `UnmodifiableEntity 400 Cannot perform the operation on the protected role '${RoleName}' - this role is only modifiable by AWS`,
    )
  }
})

test('it is deleted by a task that can be asked about, and can then be made again', async () => {
  await create()
  const { DeletionTaskId } = await bench.call('DeleteServiceLinkedRole', { RoleName })
  expect(DeletionTaskId).toMatch(
    /^task\/aws-service-role\/mq\.amazonaws\.com\/AWSServiceRoleForAmazonMQ\/[\da-f-]{36}$/,
  )
  expect(await bench.call('GetServiceLinkedRoleDeletionStatus', { DeletionTaskId })).toEqual({ Status: 'SUCCEEDED' })
  expect(await faultOf(() => bench.call('GetRole', { RoleName }))).toContain('NoSuchEntity 404')
  await create()
  const other = DeletionTaskId.replace(/.$/, (last) => (last === '0' ? '1' : '0'))
  expect(await faultOf(() => bench.call('GetServiceLinkedRoleDeletionStatus', { DeletionTaskId: other }))).toContain(
    'NoSuchEntity 404',
  )
})

test.each([
  { name: 'an unknown service', run: () => create('coffee.amazonaws.com') },
  { name: 'a suffix', run: () => create('mq.amazonaws.com', { CustomSuffix: 'x' }) },
])('$name is refused', async ({ run }) => {
  expect(await faultOf(run)).toContain('InvalidInput 400')
})
