import { expect, test } from 'vitest'
import { type ApiCall, apiEvent } from '#audit/api-call.ts'
import type { Call } from '#kernel/call.ts'
import { accountId, region } from '#kernel/ids.ts'
import type { Principal } from '#kernel/principal.ts'

const ACCOUNT = accountId('111122223333')
const noCall: Call = () => Promise.reject(new Error('auditing calls no service'))

const user: Principal = {
  kind: 'user',
  account: ACCOUNT,
  arn: `arn:aws:iam::${ACCOUNT}:user/AmazonMqConsole`,
  accessKeyId: 'AKIAI44QH8DHBEXAMPLE',
  userName: 'AmazonMqConsole',
  userId: 'AIDACKCEVSQ6C2EXAMPLE',
}
const service: Principal = {
  kind: 'service',
  account: ACCOUNT,
  service: 'mq.amazonaws.com',
  sourceArn: 'arn:aws:mq:us-west-2:111122223333:broker:MyBroker:b-1',
  sourceAccount: ACCOUNT,
}

const context = (changes: Partial<ApiCall['ctx']> = {}): ApiCall['ctx'] => ({
  requestId: 'a1b2c345-6d78-90e1-f203-4a056b078890',
  account: ACCOUNT,
  region: region('us-west-2'),
  principal: user,
  calledVia: [],
  source: { ip: '203.0.113.0', userAgent: 'PostmanRuntime/7.1.5' },
  now: Date.UTC(2018, 5, 28, 22, 23, 46, 789),
  call: noCall,
  signal: new AbortController().signal,
  ...changes,
})

const PASSWORD = 'correct-horse-battery'

/** The call of the example record that the Amazon MQ developer guide shows. */
const createBroker: ApiCall = {
  ctx: context(),
  eventSource: 'amazonmq.amazonaws.com',
  apiVersion: '2017-11-27',
  eventRegion: region('us-west-2'),
  operation: 'CreateBroker',
  readOnly: false,
  requestParameters: {
    engineVersion: '5.15.9',
    deploymentMode: 'ACTIVE_STANDBY_MULTI_AZ',
    maintenanceWindowStartTime: { dayOfWeek: 'THURSDAY', timeOfDay: '22:45', timeZone: 'America/Los_Angeles' },
    engineType: 'ActiveMQ',
    hostInstanceType: 'mq.m5.large',
    users: [
      { username: 'MyUsername123', password: PASSWORD, consoleAccess: true, groups: ['admins', 'support'] },
      { username: 'MyUsername456', password: PASSWORD, groups: ['admins'] },
    ],
    creatorRequestId: '1',
    publiclyAccessible: true,
    securityGroups: ['sg-a1b234cd'],
    brokerName: 'MyBroker',
    autoMinorVersionUpgrade: false,
    subnetIds: ['subnet-12a3b45c', 'subnet-67d8e90f'],
  },
  responseElements: { brokerId: 'b-1', brokerArn: 'arn:aws:mq:us-west-2:111122223333:broker:MyBroker:b-1' },
  fault: undefined,
  resources: [],
  secrets: ['password', 'data'],
}

const recordOf = (changes: Partial<ApiCall> = {}): Readonly<Record<string, unknown>> =>
  JSON.parse(apiEvent({ ...createBroker, ...changes }).record) as Readonly<Record<string, unknown>>

test('CreateBroker is recorded as the Amazon MQ developer guide shows it', () => {
  expect(recordOf()).toEqual({
    eventVersion: '1.11',
    userIdentity: {
      type: 'IAMUser',
      principalId: 'AIDACKCEVSQ6C2EXAMPLE',
      arn: 'arn:aws:iam::111122223333:user/AmazonMqConsole',
      accountId: '111122223333',
      accessKeyId: 'AKIAI44QH8DHBEXAMPLE',
      userName: 'AmazonMqConsole',
    },
    eventTime: '2018-06-28T22:23:46Z',
    eventSource: 'amazonmq.amazonaws.com',
    eventName: 'CreateBroker',
    awsRegion: 'us-west-2',
    sourceIPAddress: '203.0.113.0',
    userAgent: 'PostmanRuntime/7.1.5',
    requestParameters: {
      engineVersion: '5.15.9',
      deploymentMode: 'ACTIVE_STANDBY_MULTI_AZ',
      maintenanceWindowStartTime: { dayOfWeek: 'THURSDAY', timeOfDay: '22:45', timeZone: 'America/Los_Angeles' },
      engineType: 'ActiveMQ',
      hostInstanceType: 'mq.m5.large',
      users: [
        { username: 'MyUsername123', password: '***', consoleAccess: true, groups: ['admins', 'support'] },
        { username: 'MyUsername456', password: '***', groups: ['admins'] },
      ],
      creatorRequestId: '1',
      publiclyAccessible: true,
      securityGroups: ['sg-a1b234cd'],
      brokerName: 'MyBroker',
      autoMinorVersionUpgrade: false,
      subnetIds: ['subnet-12a3b45c', 'subnet-67d8e90f'],
    },
    responseElements: { brokerId: 'b-1', brokerArn: 'arn:aws:mq:us-west-2:111122223333:broker:MyBroker:b-1' },
    requestID: 'a1b2c345-6d78-90e1-f203-4a056b078890',
    eventID: expect.stringMatching(/^[\da-f-]{36}$/) as string,
    readOnly: false,
    eventType: 'AwsApiCall',
    apiVersion: '2017-11-27',
    managementEvent: true,
    recipientAccountId: '111122223333',
    eventCategory: 'Management',
  })
})

test('LookupEvents finds the event by what its record says', () => {
  const resources = [{ type: 'AWS::AmazonMQ::Broker', name: 'b-1' }]
  const event = apiEvent({ ...createBroker, resources })
  const record = JSON.parse(event.record) as Readonly<Record<string, unknown>>
  expect(event).toEqual({
    account: ACCOUNT,
    region: 'us-west-2',
    eventTime: Date.UTC(2018, 5, 28, 22, 23, 46),
    eventId: record['eventID'],
    eventName: 'CreateBroker',
    readOnly: false,
    username: 'AmazonMqConsole',
    accessKeyId: 'AKIAI44QH8DHBEXAMPLE',
    eventSource: 'amazonmq.amazonaws.com',
    resources,
    record: event.record,
  })
})

test('every event has an id of its own', () => {
  expect(apiEvent(createBroker).eventId).not.toBe(apiEvent(createBroker).eventId)
})

test('a planted secret is nowhere in the event, asked for or answered', () => {
  const event = apiEvent({ ...createBroker, responseElements: { user: { Password: PASSWORD } } })
  expect(JSON.stringify(event)).not.toContain(PASSWORD)
  expect(JSON.parse(event.record)).toMatchObject({ responseElements: { user: { Password: '***' } } })
})

test('a read has no response elements', () => {
  expect(recordOf({ readOnly: true })).toMatchObject({ readOnly: true, responseElements: null })
})

test('a failed call says code and message and has no response elements', () => {
  const fault = { code: 'ConflictException', status: 409, message: 'The name is taken.' }
  expect(recordOf({ fault })).toMatchObject({
    errorCode: 'ConflictException',
    errorMessage: 'The name is taken.',
    responseElements: null,
  })
})

test('a call that did not fail has no error members at all', () => {
  expect(Object.keys(recordOf())).not.toEqual(expect.arrayContaining(['errorCode']))
  expect(Object.keys(recordOf())).not.toEqual(expect.arrayContaining(['errorMessage']))
})

test.each([undefined, {}])('parameters of %j are recorded as null', (requestParameters) => {
  expect(recordOf({ requestParameters })).toMatchObject({ requestParameters: null })
})

test('elements beyond 100 KiB of JSON are left out and say so; just below they stay', () => {
  const envelope = JSON.stringify({ note: '' }).length
  const fits = { note: 'x'.repeat(100 * 1024 - envelope) }
  const over = { note: `${fits.note}x` }
  expect(recordOf({ requestParameters: fits, responseElements: over })).toMatchObject({
    requestParameters: fits,
    responseElements: { omitted: true },
  })
})

test('the bound counts bytes, not characters', () => {
  expect(recordOf({ requestParameters: { note: 'é'.repeat(60 * 1024) } })).toMatchObject({
    requestParameters: { omitted: true },
  })
})

test('a secret of any size is masked before the element is measured', () => {
  expect(recordOf({ requestParameters: { password: 'p'.repeat(200 * 1024) } })).toMatchObject({
    requestParameters: { password: '***' },
  })
})

test('texts are cut at 1 KiB, between characters', () => {
  const long = 'é'.repeat(600)
  const fault = { code: 'C'.repeat(2_000), status: 400, message: `m${long}` }
  const record = recordOf({ fault, ctx: context({ source: { ip: '203.0.113.0', userAgent: long } }) })
  expect(record['userAgent']).toBe('é'.repeat(512))
  expect(record['errorCode']).toBe('C'.repeat(1_024))
  expect(record['errorMessage']).toBe(`m${'é'.repeat(511)}`)
})

test('a call that a service makes for a caller shows the service as its source', () => {
  const record = recordOf({ ctx: context({ calledVia: ['cloudformation.amazonaws.com', 'mq.amazonaws.com'] }) })
  expect(record).toMatchObject({
    userIdentity: { type: 'IAMUser', userName: 'AmazonMqConsole', invokedBy: 'mq.amazonaws.com' },
    sourceIPAddress: 'mq.amazonaws.com',
    userAgent: 'mq.amazonaws.com',
  })
})

test('a call of a service has no user and no key', () => {
  const event = apiEvent({ ...createBroker, ctx: context({ principal: service }) })
  expect([event.username, event.accessKeyId]).toEqual(['', ''])
  expect(JSON.parse(event.record)).toMatchObject({
    userIdentity: { type: 'AWSService', invokedBy: 'mq.amazonaws.com' },
    sourceIPAddress: 'mq.amazonaws.com',
    userAgent: 'mq.amazonaws.com',
    recipientAccountId: ACCOUNT,
  })
})

test('resources are named by ARN where the name is one', () => {
  const arn = 'arn:aws:logs:us-west-2:111122223333:log-group:g'
  const resources = [
    { type: 'AWS::AmazonMQ::Broker', name: 'b-1' },
    { type: 'AWS::Logs::LogGroup', name: arn },
  ]
  expect(recordOf({ resources })['resources']).toEqual([
    { accountId: ACCOUNT, type: 'AWS::AmazonMQ::Broker', resourceName: 'b-1' },
    { accountId: ACCOUNT, type: 'AWS::Logs::LogGroup', ARN: arn },
  ])
})

test('TLS details are recorded for the client that spoke TLS, not for the service behind it', () => {
  const source = {
    ip: '203.0.113.0',
    userAgent: 'x',
    host: 'mq.test',
    tls: { version: 'TLSv1.3', cipherSuite: 'TLS_AES_128_GCM_SHA256' },
  }
  expect(recordOf({ ctx: context({ source }) })['tlsDetails']).toEqual({
    tlsVersion: 'TLSv1.3',
    cipherSuite: 'TLS_AES_128_GCM_SHA256',
    clientProvidedHostHeader: 'mq.test',
  })
  expect(recordOf({ ctx: context({ source, calledVia: ['mq.amazonaws.com'] }) })).not.toHaveProperty('tlsDetails')
  expect(recordOf()).not.toHaveProperty('tlsDetails')
})

test('records of global services stand in us-east-1, for the search too', () => {
  const call = { ...createBroker, eventRegion: region('us-east-1') }
  expect(apiEvent(call).region).toBe('us-east-1')
  expect(recordOf({ eventRegion: region('us-east-1') })).toMatchObject({ awsRegion: 'us-east-1' })
})

test('whoever signed nothing is anonymous to S3, and to STS somebody whom nobody vouched for', () => {
  const ctx = context({ principal: { kind: 'anonymous', account: ACCOUNT } })
  const identityTo = (eventSource: ApiCall['eventSource']): unknown => recordOf({ ctx, eventSource })['userIdentity']
  expect(identityTo('s3.amazonaws.com')).toEqual({ type: 'AWSAccount', principalId: '', accountId: 'anonymous' })
  expect(identityTo('sts.amazonaws.com')).toEqual({ type: 'Unknown' })
})
