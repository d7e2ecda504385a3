import fc from 'fast-check'
import { expect, test } from 'vitest'
import { MASK, redact } from '#audit/redact.ts'

const SECRET = 'hunter2-hunter2'

test('named members are masked at any depth, in objects and lists, whatever their value is', () => {
  const value = {
    password: SECRET,
    users: [{ username: 'a', password: SECRET }, { password: { nested: SECRET } }],
    deep: { deeper: { deepest: { data: [SECRET] } } },
  }
  expect(redact(value, ['password', 'data'])).toEqual({
    password: MASK,
    users: [{ username: 'a', password: MASK }, { password: MASK }],
    deep: { deeper: { deepest: { data: MASK } } },
  })
})

test.each(['password', 'Password', 'PASSWORD', 'pAsSwOrD'])('the spelling %s is masked too', (name) => {
  expect(redact({ [name]: SECRET }, ['password'])).toEqual({ [name]: MASK })
  expect(redact({ [name]: SECRET }, ['PassWord'])).toEqual({ [name]: MASK })
})

test('an empty, absent or false secret is masked as well, so a record does not tell that there was none', () => {
  expect(redact({ password: '' }, ['password'])).toEqual({ password: MASK })
  expect(redact({ password: null }, ['password'])).toEqual({ password: MASK })
})

test('members of other names stay as they are, and the input is not changed', () => {
  const value = { passwordPolicy: 'strict', list: [1, null, true, 'x'], nothing: null }
  const before = structuredClone(value)
  expect(redact(value, ['password'])).toEqual(before)
  expect(value).toEqual(before)
  expect(redact(value, ['list'])).not.toBe(value)
  expect(value).toEqual(before)
})

test('a member called __proto__ changes no prototype', () => {
  const value: unknown = JSON.parse(`{"__proto__": {"password": "${SECRET}"}}`)
  const copy = redact(value, ['password']) as object
  expect(JSON.stringify(copy)).toBe('{"__proto__":{"password":"***"}}')
  expect(Object.getPrototypeOf(copy)).toBe(Object.prototype)
})

test('nesting that no shape has is left out instead of followed', () => {
  let value: unknown = { password: SECRET, note: 'innermost' }
  for (let level = 0; level < 10_000; level += 1) value = { inner: value }
  const text = JSON.stringify(redact(value, ['password']))
  expect(text).not.toContain('innermost')
  expect(text).not.toContain(SECRET)
})

test('a secret under a named member is in no record, wherever that member stands', () => {
  const spelling = fc.constantFrom('password', 'Password', 'PASSWORD')
  const { tree } = fc.letrec((tie) => ({
    leaf: fc.oneof(fc.integer(), fc.boolean(), fc.constant(null), fc.string({ maxLength: 5 })),
    secret: spelling.map((name) => ({ [name]: SECRET })),
    tree: fc.oneof(
      { maxDepth: 5 },
      tie('leaf'),
      tie('secret'),
      fc.array(tie('tree'), { maxLength: 3 }),
      fc.dictionary(fc.string({ maxLength: 3 }), tie('tree'), { maxKeys: 3 }),
      fc.tuple(spelling, tie('tree')).map(([name, inner]) => ({ [name]: inner, other: inner })),
    ),
  }))
  fc.assert(
    fc.property(tree, (value) => {
      expect(JSON.stringify(redact({ value }, ['password']))).not.toContain(SECRET)
    }),
  )
})
