import { chmod, mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { findOnPath, javaFinder } from '#engines/java/find-java.ts'
import { parseSettings } from '#engines/java/java-runtime.ts'

const RANGE = { from: 17, to: 23, because: 'its audit log needs it' }
const quiet = (): void => {}
const noPackage = async (): Promise<string> => {
  throw new Error('one cannot be fetched either, because there is no pip')
}

let directory: string
let java17: string
let java21: string
let java25: string
let broken: string

/** A command that answers as a Java of this version whose home is where the command is. */
async function fakeJava(name: string, version: string): Promise<string> {
  const java = join(directory, name, 'bin', 'java')
  await mkdir(dirname(java), { recursive: true })
  await writeFile(
    java,
    `#!/bin/sh\nprintf '    java.home = ${join(directory, name)}\\n    java.specification.version = ${version}\\n' >&2\n`,
  )
  await chmod(java, 0o755)
  return java
}

beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), 'sluice-java-'))
  java17 = await fakeJava('17', '17')
  java21 = await fakeJava('21', '21')
  java25 = await fakeJava('25', '25')
  broken = join(directory, 'broken')
  await writeFile(broken, '#!/bin/sh\nexit 1\n')
  await chmod(broken, 0o755)
})
afterAll(() => rm(directory, { recursive: true, force: true }))

const find = (
  environment: Readonly<Record<string, string>>,
  configured?: string,
  packaged = noPackage,
): Promise<string> => javaFinder({ environment, configured, packaged })(RANGE, 'ActiveMQ 5.18.3', quiet)
const homeOf = (java: string): string => dirname(dirname(java))

test('the configured one is taken before all others, given as a command or as a home', async () => {
  const environment = { JAVA_HOME: homeOf(java17), PATH: dirname(java17) }
  expect(await find(environment, java21)).toBe(java21)
  expect(await find(environment, homeOf(java21))).toBe(java21)
})

test('a configured one that does not fit is an error, although JAVA_HOME would fit', async () => {
  await expect(find({ JAVA_HOME: homeOf(java17) }, java25)).rejects.toThrow(
    `ActiveMQ 5.18.3 needs Java 17 to 23 (its audit log needs it), but ${java25} (from SLUICE_JAVA) is Java 25; set SLUICE_JAVA to another one`,
  )
  await expect(find({}, broken)).rejects.toThrow(`${broken} (from SLUICE_JAVA) cannot be run as a Java`)
})

test('JAVA_HOME comes before PATH, and one that does not fit is passed over', async () => {
  expect(await find({ JAVA_HOME: homeOf(java17), PATH: dirname(java21) })).toBe(java17)
  expect(await find({ JAVA_HOME: homeOf(java25), PATH: dirname(java21) })).toBe(java21)
  expect(await find({ JAVA_HOME: join(directory, 'none'), PATH: dirname(java21) })).toBe(java21)
})

test('the packaged one is the last resort', async () => {
  expect(await find({ PATH: dirname(java25) }, undefined, async () => '/packaged/java')).toBe('/packaged/java')
})

test('without any, one sentence says what was tried and what to install', async () => {
  const nothing = find({ PATH: directory })
  await expect(nothing).rejects.toThrow(
    'but none was found in JAVA_HOME or PATH; one cannot be fetched either, because there is no pip. Install a Java 17',
  )
  const old = find({ JAVA_HOME: homeOf(java25), PATH: dirname(java25) })
  await expect(old).rejects.toThrow(
    `${java25} (from JAVA_HOME) is Java 25; ${java25} (from PATH) is Java 25; one cannot be fetched either`,
  )
})

test('commands are looked for in absolute folders only, and must be executable', async () => {
  expect(await findOnPath('java', `:relative:${directory}:${dirname(java21)}:${dirname(java17)}`)).toBe(java21)
  expect(await findOnPath('java', '')).toBeUndefined()
  expect(await findOnPath('java', undefined)).toBeUndefined()
  await chmod(java17, 0o644)
  expect(await findOnPath('java', dirname(java17))).toBeUndefined()
  await chmod(java17, 0o755)
})

test.each([
  {
    name: 'Java 17',
    text: 'Property settings:\n    java.home = /usr/lib/jvm/java 17\n    java.specification.version = 17\n',
    major: 17,
    home: '/usr/lib/jvm/java 17',
  },
  {
    name: 'Java 8',
    text: '    java.home = /jdk8/jre\n    java.specification.version = 1.8\n',
    major: 8,
    home: '/jdk8/jre',
  },
])('what $name prints about itself is read', ({ text, major, home }) => {
  expect(parseSettings(text)).toEqual({ major, java: join(home, 'bin', 'java') })
})

test.each([
  '',
  'Error: could not find libjvm.so',
  '    java.home = /x\n',
  'java.specification.version = x\njava.home = /x',
])('%j is no Java', (text) => {
  expect(parseSettings(text)).toBeUndefined()
})
