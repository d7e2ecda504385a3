import { expect, test } from 'vitest'
import { checkDocComments } from './doc-comments.ts'

const check = (files: Readonly<Record<string, string>>): readonly string[] =>
  checkDocComments({
    source: Object.entries(files).map(([path, text]) => ({
      path,
      text,
      lines: text.split('\n').length,
      code: text.split('\n').length,
    })),
  })

const KERNEL = 'packages/server/src/kernel/a.ts'
const user = (specifier: string, names = 'a'): Readonly<Record<string, string>> => ({
  'packages/server/src/gateway/b.ts': `import { ${names} } from '${specifier}'\n`,
})

test('what another folder uses has a doc comment', () => {
  expect(check({ [KERNEL]: 'export const a = 1\n', ...user('#kernel/a.ts') })).toEqual([
    `${KERNEL}: a is used by packages/server/src/gateway and has no doc comment`,
  ])
  expect(check({ [KERNEL]: '/** One. */\nexport const a = 1\n', ...user('#kernel/a.ts') })).toEqual([])
})

test.each(['const a = 1', 'function a() {}', 'async function a() {}', 'class a {}', 'interface a {}', 'type a = 1'])(
  'export %s is judged',
  (declaration) => {
    expect(check({ [KERNEL]: `export ${declaration}\n`, ...user('#kernel/a.ts') })).toHaveLength(1)
  },
)

test('renamed, type-only and relative imports are seen', () => {
  expect(check({ [KERNEL]: 'export type a = 1\n', ...user('#kernel/a.ts', 'type a as other') })).toHaveLength(1)
  expect(check({ [KERNEL]: 'export const a = 1\n', ...user('../kernel/a.ts') })).toHaveLength(1)
  const bare = { [KERNEL]: 'export const a = 1\nexport const b = 2\n' }
  expect(check({ ...bare, ...user('#kernel/a.ts', '\n  a,\n  type b,\n') })).toHaveLength(2)
})

test('a comment about something else does not count', () => {
  expect(
    check({ [KERNEL]: '/** About x. */\nconst x = 1\nexport const a = 1\n', ...user('#kernel/a.ts') }),
  ).toHaveLength(1)
  expect(check({ [KERNEL]: '// One.\nexport const a = 1\n', ...user('#kernel/a.ts') })).toHaveLength(1)
})

test('inside its own folder an export needs none', () => {
  expect(
    check({
      [KERNEL]: 'export const a = 1\n',
      'packages/server/src/kernel/b.ts': "import { a } from '#kernel/a.ts'\n",
    }),
  ).toEqual([])
})
