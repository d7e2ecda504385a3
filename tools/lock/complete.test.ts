import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { ROOT } from '../run.ts'
import { type LockEntries, completed, missingOptionals } from './complete.ts'

test('the lock file names every optional package, or npm ci would refuse it', () => {
  const { packages } = JSON.parse(readFileSync(join(ROOT, 'package-lock.json'), 'utf8')) as { packages: LockEntries }
  expect(Object.keys(packages).length).toBeGreaterThan(100)
  expect(missingOptionals(packages)).toEqual([])
})

test('what is missing is added with the version its parent pins and the platform its name tells', () => {
  const entries: LockEntries = {
    '': {},
    'node_modules/tool': {
      version: '1.2.3',
      dev: true,
      optionalDependencies: {
        '@tool/linux-x64-gnu': '1.2.3',
        '@tool/linux-arm64-musl': '1.2.3',
        '@tool/darwin-arm64': '1.2.3',
        '@tool/linux-arm-musleabihf': '1.2.3',
      },
    },
    'node_modules/@tool/linux-x64-gnu': { version: '1.2.3', dev: true, optional: true },
  }
  expect(missingOptionals(entries)).toEqual([
    '@tool/linux-arm64-musl',
    '@tool/darwin-arm64',
    '@tool/linux-arm-musleabihf',
  ])
  const all = completed(entries)
  expect(all['node_modules/@tool/linux-arm64-musl']).toEqual({
    version: '1.2.3',
    os: ['linux'],
    cpu: ['arm64'],
    libc: ['musl'],
    dev: true,
    optional: true,
  })
  expect(all['node_modules/@tool/darwin-arm64']).toEqual({
    version: '1.2.3',
    os: ['darwin'],
    cpu: ['arm64'],
    dev: true,
    optional: true,
  })
  expect(all['node_modules/@tool/linux-arm-musleabihf']).toMatchObject({ cpu: ['arm'], libc: ['musl'] })
  expect(all['node_modules/tool']).toBe(entries['node_modules/tool'])
  expect(missingOptionals(all)).toEqual([])
})

test('a package that stands in its parent’s own folder is not missing', () => {
  const entries: LockEntries = {
    'node_modules/a': { optionalDependencies: { b: '1.0.0' } },
    'node_modules/a/node_modules/b': { version: '1.0.0' },
  }
  expect(missingOptionals(entries)).toEqual([])
})
