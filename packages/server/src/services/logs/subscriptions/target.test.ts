import { expect, test } from 'vitest'
import { parseTargetArn, undelivered } from '#services/logs/subscriptions/target.ts'

test.each([
  ['arn:aws:kinesis:eu-west-1:111122223333:stream/s', 'kinesis'],
  ['arn:aws:firehose:eu-west-1:111122223333:deliverystream/s', 'firehose'],
  ['arn:aws:lambda:eu-west-1:111122223333:function:f', 'lambda'],
  ['arn:aws-cn:logs:cn-north-1:111122223333:destination:d', 'logs'],
])('%s is a target of %s', (arn, vendor) => {
  expect(parseTargetArn(arn)).toMatchObject({ vendor, account: '111122223333' })
})

test('what can be no target is refused in the words of AWS', () => {
  expect(() => parseTargetArn('arn:aws:sns:eu-west-1:111122223333:topic')).toThrow(
    expect.objectContaining({
      code: 'InvalidParameterException',
      message: 'PutSubscriptionFilter operation cannot work with destinationArn for vendor sns',
    }),
  )
  for (const arn of ['', 'x', 'arn:aws:kinesis:eu-west-1:1:stream/s', 'arn:aws:kinesis:eu-west-1:111122223333:']) {
    expect(() => parseTargetArn(arn)).toThrow(/destinationArn is not valid/)
  }
  expect(undelivered('firehose').message).toMatch(/Firehose stream is in ACTIVE state\.$/)
})
