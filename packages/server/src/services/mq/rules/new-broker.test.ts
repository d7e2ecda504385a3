import { expect, test } from 'vitest'
import { AwsError } from '#kernel/errors.ts'
import { parseNewBroker } from '#services/mq/rules/new-broker.ts'
import { newBroker } from '#services/mq/testing/bench.ts'

const catalogue = {
  engineVersions: [
    { requested: '5.18', runs: '5.18.3' },
    { requested: '5.17.6', runs: '5.17.6' },
  ],
  instanceTypes: ['mq.t3.micro', 'mq.m5.large'],
}

type Changes = Parameters<typeof newBroker>[0]

const refusal = (changes: Changes): AwsError => {
  try {
    parseNewBroker(newBroker(changes), catalogue)
  } catch (error) {
    if (error instanceof AwsError) return error
    throw error
  }
  throw new Error('the input was taken')
}

const user = { Username: 'admin', Password: 'correct horse battery' }

const REFUSED: readonly {
  readonly rule: string
  readonly input: Changes
  readonly attribute: string
  readonly says: RegExp
}[] = [
  { rule: 'an empty name', input: { BrokerName: '' }, attribute: 'brokerName', says: /^Broker name \[\] is invalid/ },
  {
    rule: 'a name of 51 characters',
    input: { BrokerName: 'a'.repeat(51) },
    attribute: 'brokerName',
    says: /1 to 50 letters/,
  },
  { rule: 'a name with a space', input: { BrokerName: 'my broker' }, attribute: 'brokerName', says: /\[my broker\]/ },
  {
    rule: 'a name with a line break at its end',
    input: { BrokerName: 'broker\n' },
    attribute: 'brokerName',
    says: /is invalid/,
  },
  {
    rule: 'a name with a colon, which would break its ARN',
    input: { BrokerName: 'a:b' },
    attribute: 'brokerName',
    says: /is invalid/,
  },
  {
    rule: 'an unknown engine',
    input: { EngineType: 'KAFKA' },
    attribute: 'engineType',
    says: /^Broker engine type \[KAFKA\] is invalid\. Valid values: \[ACTIVEMQ, RABBITMQ\]\.$/,
  },
  {
    rule: 'RabbitMQ',
    input: { EngineType: 'RabbitMQ' },
    attribute: 'engineType',
    says: /RABBITMQ.*Install the package rabbitmq-server/,
  },
  {
    rule: 'an unknown deployment mode',
    input: { DeploymentMode: 'TWIN' },
    attribute: 'deploymentMode',
    says: /\[TWIN\].*Valid values: \[SINGLE_INSTANCE, ACTIVE_STANDBY_MULTI_AZ\]/,
  },
  {
    rule: 'a cluster',
    input: { DeploymentMode: 'CLUSTER_MULTI_AZ' },
    attribute: 'deploymentMode',
    says: /is invalid for broker engine type \[ACTIVEMQ\]/,
  },
  {
    rule: 'a pair with one subnet',
    input: { DeploymentMode: 'ACTIVE_STANDBY_MULTI_AZ', SubnetIds: ['subnet-1'] },
    attribute: 'subnetIds',
    says: /exactly two different subnets for deployment mode \[ACTIVE_STANDBY_MULTI_AZ\]/,
  },
  {
    rule: 'a pair with the same subnet twice',
    input: { DeploymentMode: 'ACTIVE_STANDBY_MULTI_AZ', SubnetIds: ['subnet-1', 'subnet-1'] },
    attribute: 'subnetIds',
    says: /exactly two different subnets/,
  },
  {
    rule: 'a version that is not offered, in the words of AWS',
    input: { EngineVersion: '5.18.4' },
    attribute: 'engineVersion',
    says: /^Broker engine version \[5\.18\.4\] is invalid for broker engine type \[ACTIVEMQ\]\. Valid values: \[5\.18, 5\.17\.6\]\.$/,
  },
  {
    rule: 'a patch number of 5.18, as AWS does',
    input: { EngineVersion: '5.18.3' },
    attribute: 'engineVersion',
    says: /\[5\.18\.3\] is invalid/,
  },
  {
    rule: 'an empty version',
    input: { EngineVersion: '' },
    attribute: 'engineVersion',
    says: /version \[\] is invalid/,
  },
  {
    rule: 'an unknown instance type',
    input: { HostInstanceType: 'mq.m7g.large' },
    attribute: 'hostInstanceType',
    says: /Valid values: \[mq\.t3\.micro, mq\.m5\.large\]/,
  },
  {
    rule: 'EBS on a micro instance',
    input: { HostInstanceType: 'mq.t3.micro', StorageType: 'EBS' },
    attribute: 'storageType',
    says: /mq\.t3\.micro/,
  },
  {
    rule: 'an unknown storage type',
    input: { StorageType: 'NVME' },
    attribute: 'storageType',
    says: /Valid values: \[EBS, EFS\]/,
  },
  {
    rule: 'autoMinorVersionUpgrade=false from 5.18 on, in the words of AWS',
    input: { AutoMinorVersionUpgrade: false },
    attribute: 'autoMinorVersionUpgrade',
    says: /^Brokers on \[ActiveMQ\] version \[5\.18\] must have \[autoMinorVersionUpgrade\] set to \[true\]\.$/,
  },
  {
    rule: 'a strategy that ActiveMQ has not',
    input: { AuthenticationStrategy: 'CONFIG_MANAGED' },
    attribute: 'authenticationStrategy',
    says: /\[CONFIG_MANAGED\].*Valid values: \[SIMPLE, LDAP\]/,
  },
  {
    rule: 'LDAP without a directory',
    input: { AuthenticationStrategy: 'LDAP' },
    attribute: 'ldapServerMetadata',
    says: /Specify \[ldapServerMetadata\]/,
  },
  {
    rule: 'data replication',
    input: { DataReplicationMode: 'CRDR' },
    attribute: 'dataReplicationMode',
    says: /\[CRDR\].*Valid values: \[NONE\]/,
  },
  {
    rule: 'a primary broker',
    input: { DataReplicationPrimaryBrokerArn: 'arn:aws:mq:us-east-1:111122223333:broker:a:b-1' },
    attribute: 'dataReplicationPrimaryBrokerArn',
    says: /not supported by this version/,
  },
  {
    rule: 'a storage size',
    input: { StorageSize: 100 },
    attribute: 'storageSize',
    says: /not supported by this version of Sluice/,
  },
  {
    rule: 'two subnets',
    input: { SubnetIds: ['subnet-1', 'subnet-2'] },
    attribute: 'subnetIds',
    says: /exactly one subnet/,
  },
  { rule: 'a subnet that is none', input: { SubnetIds: ['vpc-1'] }, attribute: 'subnetIds', says: /\[vpc-1\]/ },
  {
    rule: 'six security groups',
    input: { SecurityGroups: ['sg-1', 'sg-2', 'sg-3', 'sg-4', 'sg-5', 'sg-6'] },
    attribute: 'securityGroups',
    says: /at most 5/,
  },
  {
    rule: 'a security group that is none',
    input: { SecurityGroups: ['default'] },
    attribute: 'securityGroups',
    says: /\[default\]/,
  },
  {
    rule: 'a security group twice',
    input: { SecurityGroups: ['sg-1', 'sg-1'] },
    attribute: 'securityGroups',
    says: /must not repeat/,
  },
  {
    rule: 'a key beside the AWS owned key',
    input: { EncryptionOptions: { UseAwsOwnedKey: true, KmsKeyId: 'abc' } },
    attribute: 'encryptionOptions',
    says: /\[kmsKeyId\]/,
  },
  {
    rule: 'a key that cannot be one',
    input: { EncryptionOptions: { UseAwsOwnedKey: false, KmsKeyId: 'a b' } },
    attribute: 'encryptionOptions',
    says: /KMS key ID/,
  },
  {
    rule: 'a day that is none',
    input: { MaintenanceWindowStartTime: { DayOfWeek: 'SOMEDAY', TimeOfDay: '02:00' } },
    attribute: 'maintenanceWindowStartTime',
    says: /\[SOMEDAY\].*MONDAY/,
  },
  {
    rule: 'a time that is none',
    input: { MaintenanceWindowStartTime: { DayOfWeek: 'MONDAY', TimeOfDay: '24:00' } },
    attribute: 'maintenanceWindowStartTime',
    says: /24-hour/,
  },
  {
    rule: 'a time zone that is none',
    input: { MaintenanceWindowStartTime: { DayOfWeek: 'MONDAY', TimeOfDay: '02:00', TimeZone: 'Mars/Base' } },
    attribute: 'maintenanceWindowStartTime',
    says: /Mars\/Base/,
  },
  { rule: 'a reserved tag', input: { Tags: { 'aws:owner': 'me' } }, attribute: 'tags', says: /reserved/ },
  { rule: 'an empty tag key', input: { Tags: { '': 'me' } }, attribute: 'tags', says: /Tag key \[\]/ },
  {
    rule: 'a tag value of 257 characters',
    input: { Tags: { owner: 'x'.repeat(257) } },
    attribute: 'tags',
    says: /at most 256/,
  },
  {
    rule: '51 tags',
    input: { Tags: Object.fromEntries(Array.from({ length: 51 }, (_, index) => [`key${String(index)}`, ''])) },
    attribute: 'tags',
    says: /at most 50 tags/,
  },
  {
    rule: 'no users',
    input: { Users: [] },
    attribute: 'users',
    says: /^Specify at least one user for engine type \[ACTIVEMQ\]\.$/,
  },
  { rule: 'users left out', input: { Users: undefined }, attribute: 'users', says: /at least one user/ },
  {
    rule: '251 users',
    input: { Users: Array.from({ length: 251 }, (_, index) => ({ ...user, Username: `user${String(index)}` })) },
    attribute: 'users',
    says: /at most 250/,
  },
  {
    rule: 'a user twice',
    input: { Users: [user, user] },
    attribute: 'users',
    says: /\[admin\] is used more than once/,
  },
  {
    rule: 'a username of one character',
    input: { Users: [{ ...user, Username: 'a' }] },
    attribute: 'username',
    says: /2 to 100/,
  },
  {
    rule: 'a username with an @',
    input: { Users: [{ ...user, Username: 'a@b' }] },
    attribute: 'username',
    says: /\[a@b\]/,
  },
  {
    rule: 'a password of 11 characters, in the words of AWS',
    input: { Users: [{ ...user, Password: 'abcdefghijk' }] },
    attribute: 'password',
    says: /^Password is invalid\. Enter a password 12 to 250 characters long\.$/,
  },
  {
    rule: 'a password of 251 characters',
    input: { Users: [{ ...user, Password: 'abcd'.repeat(63) }] },
    attribute: 'password',
    says: /12 to 250/,
  },
  {
    rule: 'a password of three different characters',
    input: { Users: [{ ...user, Password: 'abcabcabcabc' }] },
    attribute: 'password',
    says: /4 unique/,
  },
  {
    rule: 'a comma in a password',
    input: { Users: [{ ...user, Password: 'correct,horse' }] },
    attribute: 'password',
    says: /commas, colons, equal signs/,
  },
  {
    rule: 'a colon in a password',
    input: { Users: [{ ...user, Password: 'correct:horse' }] },
    attribute: 'password',
    says: /commas, colons, equal signs/,
  },
  {
    rule: 'an equal sign in a password',
    input: { Users: [{ ...user, Password: 'correct=horse' }] },
    attribute: 'password',
    says: /commas, colons, equal signs/,
  },
  {
    rule: 'a line break in a password',
    input: { Users: [{ ...user, Password: 'correct\nhorse' }] },
    attribute: 'password',
    says: /control characters/,
  },
  {
    rule: 'half a surrogate pair in a password',
    input: { Users: [{ ...user, Password: 'correct horse\ud800' }] },
    attribute: 'password',
    says: /Password is invalid/,
  },
  {
    rule: '21 groups',
    input: { Users: [{ ...user, Groups: Array.from({ length: 21 }, (_, index) => `group${String(index)}`) }] },
    attribute: 'groups',
    says: /at most 20/,
  },
  {
    rule: 'a group with a comma',
    input: { Users: [{ ...user, Groups: ['a,b'] }] },
    attribute: 'groups',
    says: /\[a,b\]/,
  },
  {
    rule: 'a replication user',
    input: { Users: [{ ...user, ReplicationUser: true }] },
    attribute: 'replicationUser',
    says: /not supported/,
  },
  {
    rule: 'a replication user with console access, in the words of AWS',
    input: { Users: [{ ...user, ReplicationUser: true, ConsoleAccess: true }] },
    attribute: 'replicationUser',
    says: /^Replication user couldn't have console access\. \[replicationUser\] and \[consoleAccess\] are mutually exclusive parameters\.$/,
  },
  {
    rule: 'a creator request id of 257 characters',
    input: { CreatorRequestId: 'x'.repeat(257) },
    attribute: 'creatorRequestId',
    says: /at most 256/,
  },
]

test.each(REFUSED)('refuses $rule', ({ input, attribute, says }) => {
  const error = refusal(input)
  expect(error).toMatchObject({ code: 'BadRequestException', status: 400, members: { ErrorAttribute: attribute } })
  expect(error.message).toMatch(says)
})

test('no refusal repeats a password', () => {
  for (const Password of ['short-secret', 'aaaaaaaaaaaa', 'secret,secret4', 'x'.repeat(300)]) {
    expect(refusal({ Users: [{ Username: 'a', Password }] }).message).not.toContain(Password)
    expect(refusal({ Users: [{ Username: 'admin', Password: `${Password},\n` }] }).message).not.toContain(Password)
  }
})

test('takes what AWS takes, in any case, and answers in the spelling of AWS', () => {
  const parsed = parseNewBroker(
    newBroker({
      EngineType: 'activemq',
      DeploymentMode: 'single_instance',
      StorageType: 'Ebs',
      AuthenticationStrategy: 'simple',
      DataReplicationMode: 'none',
      MaintenanceWindowStartTime: { DayOfWeek: 'thursday', TimeOfDay: '22:45', TimeZone: 'America/Los_Angeles' },
    }),
    catalogue,
  )
  expect(parsed).toMatchObject({
    deploymentMode: 'SINGLE_INSTANCE',
    storageType: 'ebs',
    maintenanceWindow: { dayOfWeek: 'THURSDAY', timeOfDay: '22:45', timeZone: 'America/Los_Angeles' },
  })
})

test('the defaults are those of AWS', () => {
  const { EngineVersion: _none, ...input } = newBroker()
  expect(parseNewBroker(input, catalogue)).toMatchObject({
    engineVersion: { requested: '5.18', runs: '5.18.3' },
    storageType: 'efs',
    autoMinorVersionUpgrade: true,
    encryptionOptions: { useAwsOwnedKey: true },
    subnetIds: [],
    securityGroups: [],
    tags: {},
    logs: { general: false, audit: false },
    users: [{ username: 'admin', groups: [], consoleAccess: false }],
  })
})

test('an old version may do without automatic upgrades', () => {
  const parsed = parseNewBroker(newBroker({ EngineVersion: '5.17.6', AutoMinorVersionUpgrade: false }), catalogue)
  expect(parsed).toMatchObject({ engineVersion: { runs: '5.17.6' }, autoMinorVersionUpgrade: false })
})

test('the ends of the ranges are taken', () => {
  const Users = [
    { Username: 'ab', Password: 'abcdabcdabcd', Groups: ['ab', 'x'.repeat(100)], ReplicationUser: false },
    { Username: `${'x'.repeat(95)}-._~9`, Password: 'abcde'.repeat(50) },
  ]
  const Tags = Object.fromEntries(Array.from({ length: 50 }, (_, index) => [`key${String(index)}`, 'x'.repeat(256)]))
  const parsed = parseNewBroker(
    newBroker({
      BrokerName: 'a'.repeat(50),
      Users,
      Tags,
      SecurityGroups: ['sg-1', 'sg-2', 'sg-3', 'sg-4', 'sg-a1b234cd'],
      SubnetIds: ['subnet-12a3b45c'],
    }),
    catalogue,
  )
  expect(parsed.users).toHaveLength(2)
  expect(parsed.subnetIds).toEqual(['subnet-12a3b45c'])
})

test('a group named twice counts once', () => {
  const parsed = parseNewBroker(newBroker({ Users: [{ ...user, Groups: ['admins', 'admins'] }] }), catalogue)
  expect(parsed.users[0]?.groups).toEqual(['admins'])
})
