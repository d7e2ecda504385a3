import { expect, test } from 'vitest'
import { type DigestName, isDigestName, makeDigest, parseDigest } from './digests.ts'

/** Of `123456789`; the CRCs are their published check values, the hashes come from coreutils. */
const KNOWN: Readonly<Record<DigestName, string>> = {
  crc32: 'cbf43926',
  crc32c: 'e3069283',
  crc64nvme: 'ae8b14860a799888',
  md5: '25f9e794323b453885f5181f1b624d0b',
  sha1: 'f7c3bc1d808e04732adf679965ccc34ca7ae3441',
  sha256: '15e2b0d3c33891ebb0f1ef609ec419420c20e320ce94c65fbc8c3312448eb225',
  sha512:
    'd9e6762dd1c8eaf6d61b3c6192fc408d4d6d5f1176d0c29169bc24e71c3f274ad27fcd5811b313d681f7e55ec02d73d499c95455b6b5bb503acf574fba8ffe85',
}
const names = Object.keys(KNOWN) as DigestName[]

test.each(names)('%s of a known text, in one piece and in several', (name) => {
  const whole = makeDigest(name)
  whole.update(Buffer.from('123456789'))
  expect(whole.digest().toString('hex')).toBe(KNOWN[name])
  const cut = makeDigest(name)
  for (const piece of ['1', '', '2345678', '9']) cut.update(Buffer.from(piece))
  expect(cut.digest().toString('hex')).toBe(KNOWN[name])
})

test.each(names)('%s in base64 is read back, and nothing like it', (name) => {
  const bytes = Buffer.from(KNOWN[name], 'hex')
  const text = bytes.toString('base64')
  expect(parseDigest(name, text)).toEqual(bytes)
  for (const wrong of ['', ` ${text}`, `${text}=`, text.replace(/=*$/, ''), KNOWN[name], `${text}AAAA`, 'ÿ'])
    if (wrong !== text) expect(parseDigest(name, wrong)).toBeUndefined()
})

test('base64 whose last digit says more than the digest has is none', () => {
  expect(parseDigest('crc32', 'y/Q5Jg==')).toEqual(Buffer.from('cbf43926', 'hex'))
  expect(parseDigest('crc32', 'y/Q5Jh==')).toBeUndefined()
})

test('only what can be computed has a name', () => {
  expect(names.every(isDigestName)).toBe(true)
  for (const other of ['xxhash64', 'CRC32', '', 'constructor']) expect(isDigestName(other)).toBe(false)
})
