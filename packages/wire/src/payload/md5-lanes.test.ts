import { createHash, randomBytes } from 'node:crypto'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { Md5Lanes } from './md5-lanes.ts'

const PATIENCE = 100_000
const md5 = (text: Uint8Array): string => createHash('md5').update(text).digest('hex')

/** Digests texts side by side: of each a piece at a time, with a step after every so many pieces. */
function digested(texts: readonly (readonly Uint8Array[])[], stepEvery: number): readonly (string | undefined)[] {
  const lanes = new Md5Lanes(PATIENCE)
  const found: (string | undefined)[] = texts.map(() => undefined)
  const spent = texts.map(() => 0)
  const begun = texts.map((_, n) => lanes.begin(() => void (spent[n] = (spent[n] as number) + 1)))
  const most = Math.max(0, ...texts.map(({ length }) => length))
  let given = 0
  for (let at = 0; at <= most; at += 1) {
    for (const [n, text] of begun.entries()) {
      const piece = texts[n]?.[at]
      if (piece !== undefined) text.push(piece)
      else if (at === texts[n]?.length) text.end((digest) => void (found[n] = digest.toString('hex')))
      given += 1
      if (given % stepEvery === 0) lanes.step()
    }
  }
  while (lanes.step());
  expect(spent).toEqual(texts.map(({ length }) => length))
  return found
}

test('the published digests', () => {
  // RFC 1321, appendix A.5
  const known = {
    '': 'd41d8cd98f00b204e9800998ecf8427e',
    a: '0cc175b9c0f1b6a831c399e269772661',
    'message digest': 'f96b697d7cb7938d525a2f31aaf161d0',
    '12345678901234567890123456789012345678901234567890123456789012345678901234567890':
      '57edf4a22be3c955ac49da2e2107b67a',
  }
  expect(
    digested(
      Object.keys(known).map((text) => [Buffer.from(text)]),
      1,
    ),
  ).toEqual(Object.values(known))
})

test('any number of texts of any lengths, however they are cut and taken', () => {
  // Lengths around a block and around where the length of the text has room in the last one.
  const piece = fc.oneof(
    fc.uint8Array({ maxLength: 140 }),
    fc.constantFrom(55, 56, 63, 64, 65, 128).map((length) => randomBytes(length)),
  )
  const texts = fc.array(fc.array(piece, { maxLength: 5 }), { maxLength: 9 })
  fc.assert(
    fc.property(texts, fc.integer({ min: 1, max: 50 }), (cut, stepEvery) => {
      expect(digested(cut, stepEvery)).toEqual(cut.map((pieces) => md5(Buffer.concat(pieces))))
    }),
    { seed: 7, numRuns: 300 },
  )
})

test('texts that are longer than what is taken at once', () => {
  const texts = [200_000, 65_536, 65_537, 131_072, 64, 0].map((length) => randomBytes(length))
  const cut = texts.map((text) => [text.subarray(0, 70_000), text.subarray(70_000)])
  expect(digested(cut, 3)).toEqual(texts.map(md5))
})

test('what is dropped is taken no further, and nothing else suffers', () => {
  const lanes = new Md5Lanes(PATIENCE)
  const spent: Uint8Array[] = []
  const dropped = lanes.begin((piece) => void spent.push(piece))
  const kept = lanes.begin(() => {})
  let digest = ''
  const text = randomBytes(100_000)
  dropped.push(text)
  kept.push(text)
  kept.end((made) => (digest = made.toString('hex')))
  dropped.drop()
  while (lanes.step());
  expect(digest).toBe(md5(text))
  expect(spent).toEqual([])
  expect(lanes.step()).toBe(false)
})

test('a text waits for three others, unless it ends or much of it waits', () => {
  const lanes = new Md5Lanes(PATIENCE)
  const spent: number[] = []
  const texts = [0, 1, 2, 3].map((n) => lanes.begin(() => void spent.push(n)))
  const window = randomBytes(65_536)
  for (const text of texts.slice(0, 3)) text.push(window)
  lanes.step()
  expect(spent).toEqual([])
  texts[3]?.push(window)
  expect(lanes.step()).toBe(false)
  expect(spent).toEqual([0, 1, 2, 3])
  texts[1]?.push(randomBytes(PATIENCE))
  while (lanes.step());
  expect(texts.map(({ waiting }) => waiting)).toEqual([0, PATIENCE - 65_536, 0, 0])
  texts[2]?.push(window)
  texts[2]?.end(() => spent.push(-1))
  while (lanes.step());
  expect(spent).toEqual([0, 1, 2, 3, 2, -1])
})
