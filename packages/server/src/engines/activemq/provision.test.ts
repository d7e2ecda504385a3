import { chmod, mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { provisioner } from '#engines/activemq/provision.ts'

let scratch: string
let java: string
let home: string
beforeEach(async () => {
  scratch = await mkdtemp(join(tmpdir(), 'sluice-provision-'))
  java = join(scratch, 'java', 'bin', 'java')
  await mkdir(join(scratch, 'java', 'bin'), { recursive: true })
  await writeFile(
    java,
    `#!/bin/sh\necho asked >>'${scratch}/asked'\necho 'java.specification.version = 17' >&2\necho 'java.home = ${scratch}/java' >&2\n`,
  )
  await chmod(java, 0o755)
  home = join(scratch, 'home')
  await mkdir(join(home, 'lib'), { recursive: true })
  await writeFile(join(home, 'lib', 'activemq-broker-5.18.3.jar'), '')
})
afterEach(() => rm(scratch, { recursive: true, force: true }))

const nowhere = 'http://127.0.0.1:9/'
const needs = (engineVersion: string) => ({ engineVersion, hasLdap: false })
const provision = () =>
  provisioner({ cacheDirectory: join(scratch, 'cache'), java, home, repository: nowhere, environment: {} })

test('a configured home is used for the version that it holds', async () => {
  expect(await provision()(needs('5.18.3'))).toEqual({ home, java, libraries: [] })
})

test('for another version the configured home is passed over', async () => {
  await expect(provision()(needs('5.17.6'))).rejects.toThrow(
    'apache-activemq-5.17.6-bin.tar.gz could not be downloaded',
  )
})

test('a release that logs with another one is never somebody’s own folder, which has the wrong libraries', async () => {
  await writeFile(join(home, 'lib', 'activemq-broker-5.16.7.jar'), '')
  await expect(provision()(needs('5.16.7'))).rejects.toThrow(
    'apache-activemq-5.16.7-bin.tar.gz could not be downloaded',
  )
})

test('callers at the same time and later ones share what was found', async () => {
  const provide = provision()
  const [first, second] = await Promise.all([provide(needs('5.18.3')), provide(needs('5.18.3'))])
  expect(second).toBe(first)
  await rm(join(scratch, 'asked'))
  expect(await provide(needs('5.18.3'))).toBe(first)
  await expect(rm(join(scratch, 'asked'))).rejects.toThrow(/ENOENT/)
})

test('what could not be found is looked for again', async () => {
  const provide = provision()
  await chmod(java, 0o644)
  await expect(provide(needs('5.18.3'))).rejects.toThrow('cannot be run as a Java')
  await chmod(java, 0o755)
  expect(await provide(needs('5.18.3'))).toEqual({ home, java, libraries: [] })
})

test('a version that nobody has is refused before anything is looked for', () => {
  expect(() => provision()(needs('5.99.0'))).toThrow('ActiveMQ "5.99.0" cannot be run')
})

test('Jetty’s library for directories is brought only where it is needed, and kept', async () => {
  const wanted = { engineVersion: '5.18.3', hasLdap: true }
  await expect(provision()(wanted)).rejects.toThrow('jetty-jaas-9.4.53.v20231009.jar could not be downloaded')
  const kept = join(scratch, 'cache', 'jetty-jaas-9.4.53.v20231009')
  await mkdir(kept, { recursive: true })
  await writeFile(join(kept, '.complete'), '')
  expect(await provision()(wanted)).toEqual({
    home,
    java,
    libraries: [join(kept, 'jetty-jaas-9.4.53.v20231009.jar')],
  })
})
