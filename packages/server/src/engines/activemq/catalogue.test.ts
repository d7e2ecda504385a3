import { expect, test } from 'vitest'
import { INSTANCE_TYPES, activemqVersions, instanceTypes } from '#engines/activemq/index.ts'
import { instanceType, scaledHeapMib } from '#engines/activemq/instance-types.ts'
import { RELEASES, releaseOf } from '#engines/activemq/versions.ts'

test('every version that can be asked for has a release that runs it', () => {
  expect(activemqVersions).toEqual([
    { requested: '5.18', runs: '5.18.3' },
    { requested: '5.17.6', runs: '5.17.6' },
    { requested: '5.16.7', runs: '5.16.7' },
  ])
  for (const { runs } of activemqVersions) expect(releaseOf(runs).version).toBe(runs)
})

test('a release is pinned by coordinates, size and SHA-512, and runs on no Java whose audit log fails', () => {
  for (const { version, artifact, java } of RELEASES) {
    expect(artifact.coordinates).toMatchObject({ artifactId: 'apache-activemq', version, classifier: 'bin' })
    expect(artifact.sha512).toMatch(/^[0-9a-f]{128}$/)
    expect(artifact.sizeBytes).toBeGreaterThan(40_000_000)
    expect(artifact.proof).toContain(version)
    expect([java.from, java.to]).toEqual([17, 23])
  }
})

test('a release with log4j 1 leaves it out, and logs with a release that has log4j 2', () => {
  for (const { artifact, logsWith } of RELEASES) {
    const isOld = artifact.leaveOut.some((file) => file.includes('reload4j'))
    expect(logsWith === undefined ? undefined : releaseOf(logsWith).logsWith).toBeUndefined()
    expect(isOld).toBe(logsWith !== undefined)
  }
})

test.each(['5.18', '5.15.16', '5.18.4', '6.1.7', '', '../5.18.3'])('version %j is refused with the list', (version) => {
  expect(() => releaseOf(version)).toThrow('cannot be run; the versions are 5.18.3, 5.17.6, 5.16.7')
})

test('the types are those that AWS has for ActiveMQ, each once', () => {
  expect(instanceTypes).toEqual([
    'mq.t2.micro',
    'mq.t3.micro',
    'mq.m4.large',
    'mq.m5.large',
    'mq.m5.xlarge',
    'mq.m5.2xlarge',
    'mq.m5.4xlarge',
  ])
  for (const { heapMib, memoryGib } of INSTANCE_TYPES) expect(heapMib).toBe(memoryGib * 512)
  expect(() => instanceType('mq.m7g.large')).toThrow('there is no instance type "mq.m7g.large"')
})

test.each([
  { type: 'mq.t3.micro', connections: 300, sixteenth: 128, whole: 512 },
  { type: 'mq.m5.large', connections: 2_000, sixteenth: 256, whole: 4_096 },
  { type: 'mq.m5.4xlarge', connections: 2_000, sixteenth: 2_048, whole: 32_768 },
])('$type has its heap and its connections', ({ type, connections, sixteenth, whole }) => {
  const found = instanceType(type)
  expect(found.maximumConnections).toBe(connections)
  expect([scaledHeapMib(found, 1 / 16), scaledHeapMib(found, 1)]).toEqual([sixteenth, whole])
})
