import fc from 'fast-check'
import { mkdtempSync, rmSync, statSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { fileSealer, keySealer, openBytes, sealBytes } from '#kernel/secrets.ts'

const sealer = keySealer(Buffer.alloc(32, 7))

test('what was sealed opens again, and never stands in the sealed text', () => {
  fc.assert(
    fc.property(fc.string({ minLength: 8, unit: 'grapheme' }), fc.string(), (secret, context) => {
      const sealed = sealer.seal(secret, context)
      expect(sealer.open(sealed, context)).toBe(secret)
      expect(sealed).not.toContain(secret)
    }),
  )
})

test('a sealed text that was changed, moved or cut does not open', () => {
  const sealed = sealer.seal('correct horse', 'broker 1')
  const changed = `${sealed.slice(0, -1)}${sealed.endsWith('A') ? 'Q' : 'A'}`
  expect(() => sealer.open(sealed, 'broker 2')).toThrow()
  expect(() => sealer.open(changed, 'broker 1')).toThrow()
  expect(() => sealer.open(sealed.slice(0, 10), 'broker 1')).toThrow('too short')
  expect(() => keySealer(Buffer.alloc(32, 8)).open(sealed, 'broker 1')).toThrow()
})

test('bytes are sealed in the context they open in, whatever they are', () => {
  const key = Buffer.alloc(32, 9)
  fc.assert(
    fc.property(fc.uint8Array(), fc.uint8Array(), fc.nat(), (secret, context, at) => {
      const sealed = sealBytes(key, secret, context)
      expect(openBytes(key, sealed, context)).toEqual(Buffer.from(secret))
      const changed = Buffer.from(sealed)
      changed[at % sealed.length] = (changed[at % sealed.length] ?? 0) ^ 1
      expect(() => openBytes(key, changed, context)).toThrow()
      expect(() => openBytes(key, sealed, Buffer.concat([context, Buffer.of(0)]))).toThrow()
      expect(() => openBytes(Buffer.alloc(32, 8), sealed, context)).toThrow()
    }),
    { seed: 13 },
  )
})

test('the key file is made once, for its owner only', () => {
  const directory = mkdtempSync(join(tmpdir(), 'sluice-key-'))
  const file = join(directory, 'key')
  const sealed = fileSealer(file).seal('x', '')
  expect(fileSealer(file).open(sealed, '')).toBe('x')
  expect(statSync(file).mode & 0o777).toBe(0o600)
  rmSync(directory, { recursive: true })
})
