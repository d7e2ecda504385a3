import { expect, test } from 'vitest'
import {
  checkAutoMinorVersionUpgrade,
  checkEngineType,
  chooseEngineVersion,
  chooseStorageType,
} from '#services/mq/rules/engine.ts'

const version = (requested: string) => ({ requested, runs: requested })

test.each([
  { requested: '5.17.6', wanted: false, is: false },
  { requested: '5.17.6', wanted: undefined, is: true },
  { requested: '5.18', wanted: undefined, is: true },
  { requested: '5.18', wanted: true, is: true },
  { requested: '5.9', wanted: false, is: false },
])('autoMinorVersionUpgrade $wanted on $requested is $is', ({ requested, wanted, is }) => {
  expect(checkAutoMinorVersionUpgrade(wanted, version(requested))).toBe(is)
})

test.each(['5.18', '5.19', '6.0'])('%s must take automatic upgrades', (requested) => {
  expect(() => checkAutoMinorVersionUpgrade(false, version(requested))).toThrow(/must have \[autoMinorVersionUpgrade\]/)
})

test('a catalogue without versions offers none, not even by default', () => {
  expect(() => chooseEngineVersion(undefined, { engineVersions: [], instanceTypes: [] })).toThrow(/Valid values: \[\]/)
})

test.each(['ACTIVEMQ', 'ActiveMQ', 'activemq'])('the engine may be spelt %s', (type) => {
  expect(() => checkEngineType(type)).not.toThrow()
})

test.each([
  { asked: undefined, type: 'mq.m5.large', is: 'efs' },
  { asked: 'EFS', type: 'mq.t3.micro', is: 'efs' },
  { asked: 'ebs', type: 'mq.m5.4xlarge', is: 'ebs' },
])('storage $asked on $type is $is', ({ asked, type, is }) => {
  expect(chooseStorageType(asked, type, 'SINGLE_INSTANCE')).toBe(is)
})

test('a pair shares its store, which EBS cannot be', () => {
  expect(chooseStorageType(undefined, 'mq.m5.large', 'ACTIVE_STANDBY_MULTI_AZ')).toBe('efs')
  expect(() => chooseStorageType('EBS', 'mq.m5.large', 'ACTIVE_STANDBY_MULTI_AZ')).toThrow(
    /Storage type \[EBS\] is not supported for deployment mode \[ACTIVE_STANDBY_MULTI_AZ\]/,
  )
})
