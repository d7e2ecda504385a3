import { afterEach, beforeEach, expect, test } from 'vitest'
import { type Bench, faultOf, openBench } from '#services/iam/test-bench.ts'
import { allowing } from '#services/iam/test-documents.ts'

let bench: Bench
beforeEach(async () => {
  bench = openBench()
  await bench.call('CreateGroup', { GroupName: 'operators', Path: '/ops/' })
})
afterEach(() => bench.close())

const add = (UserName: string, GroupName = 'operators') => bench.call('AddUserToGroup', { UserName, GroupName })
const members = async (GroupName = 'operators') =>
  (await bench.call('GetGroup', { GroupName })).Users.map(({ UserName }) => UserName)
const policyNames = async (user: Awaited<ReturnType<Bench['createUser']>>) =>
  (await bench.identity().profile(user)).identity.map(({ name }) => name)

test('members have the policies of the group, inline and attached, as long as they are members', async () => {
  const bob = await bench.createUser('bob')
  await bench.call('PutGroupPolicy', { GroupName: 'operators', PolicyName: 'inline', PolicyDocument: allowing('mq:*') })
  await bench.call('AttachGroupPolicy', {
    GroupName: 'operators',
    PolicyArn: 'arn:aws:iam::aws:policy/AmazonMQReadOnlyAccess',
  })
  expect(await policyNames(bob)).toEqual([])
  await add('bob')
  await add('bob')
  expect(await policyNames(bob)).toEqual(['inline', 'AmazonMQReadOnlyAccess'])
  expect(await members()).toEqual(['bob'])
  const { Groups } = await bench.call('ListGroupsForUser', { UserName: 'bob' })
  expect(Groups.map(({ GroupName }) => GroupName)).toEqual(['operators'])
  await bench.call('RemoveUserFromGroup', { UserName: 'bob', GroupName: 'operators' })
  expect(await policyNames(bob)).toEqual([])
  expect(await faultOf(() => bench.call('RemoveUserFromGroup', { UserName: 'bob', GroupName: 'operators' }))).toContain(
    'NoSuchEntity 404',
  )
})

test('a group or user with another one inside cannot be deleted', async () => {
  await bench.createUser('bob')
  await add('bob')
  const message = 'DeleteConflict 409 Cannot delete entity, must remove users from group first.'
  expect(await faultOf(() => bench.call('DeleteGroup', { GroupName: 'operators' }))).toBe(message)
  expect(await faultOf(() => bench.call('DeleteUser', { UserName: 'bob' }))).toBe(message)
})

test('a group made again under the same name has none of the old members', async () => {
  const bob = await bench.createUser('bob')
  await add('bob')
  await bench.call('RemoveUserFromGroup', { UserName: 'bob', GroupName: 'operators' })
  await bench.call('DeleteGroup', { GroupName: 'operators' })
  await bench.call('CreateGroup', { GroupName: 'operators' })
  await bench.call('PutGroupPolicy', { GroupName: 'operators', PolicyName: 'inline', PolicyDocument: allowing('mq:*') })
  expect([await members(), await policyNames(bob)]).toEqual([[], []])
})

test('a user is in ten groups at most', async () => {
  await bench.createUser('bob')
  for (let index = 0; index < 10; index++) {
    await bench.call('CreateGroup', { GroupName: `g${String(index)}` })
    await add('bob', `g${String(index)}`)
  }
  expect(await faultOf(() => add('bob'))).toBe('LimitExceeded 409 Cannot exceed quota for GroupsPerUser: 10')
})

test('renaming moves the group, and members and policies stay', async () => {
  const bob = await bench.createUser('bob')
  await add('bob')
  const PolicyArn = 'arn:aws:iam::aws:policy/AmazonMQReadOnlyAccess'
  await bench.call('AttachGroupPolicy', { GroupName: 'operators', PolicyArn })
  await bench.call('CreateGroup', { GroupName: 'taken' })
  const rename = (NewGroupName: string) => bench.call('UpdateGroup', { GroupName: 'operators', NewGroupName })
  expect(await faultOf(() => rename('taken'))).toBe('EntityAlreadyExists 409 Group with name taken already exists.')
  await rename('admins')
  expect([await members('admins'), await policyNames(bob)]).toEqual([['bob'], ['AmazonMQReadOnlyAccess']])
  const { PolicyGroups } = await bench.call('ListEntitiesForPolicy', { PolicyArn })
  expect(PolicyGroups?.map(({ GroupName }) => GroupName)).toEqual(['admins'])
  expect(await faultOf(() => members('operators'))).toContain('NoSuchEntity 404')
})

test('members are listed in pages', async () => {
  for (const name of ['c', 'a', 'b']) {
    await bench.createUser(name)
    await add(name)
  }
  const first = await bench.call('GetGroup', { GroupName: 'operators', MaxItems: 2 })
  expect([first.Users.map(({ UserName }) => UserName), first.IsTruncated]).toEqual([['a', 'b'], true])
  const second = await bench.call('GetGroup', { GroupName: 'operators', Marker: first.Marker })
  expect([second.Users.map(({ UserName }) => UserName), second.IsTruncated]).toEqual([['c'], false])
})
