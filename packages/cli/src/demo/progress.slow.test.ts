import { spawnSync } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { expect, test } from 'vitest'

const PROGRESS = fileURLToPath(new URL('progress.ts', import.meta.url))

test('where there is no terminal each new text is a line, and the same text is told once', () => {
  const program = `
    const { progress } = await import(${JSON.stringify(PROGRESS)})
    const wait = progress('creating')
    for (const text of ['creating', 'starting', 'starting', 'starting']) wait.update(text)
    wait.done('running')`
  const { stdout, status } = spawnSync(process.execPath, ['--input-type=module', '-e', program], {
    encoding: 'utf8',
    env: { ...process.env, NO_COLOR: '1' },
  })
  expect(status).toBe(0)
  expect(stdout.match(/creating|starting|running/g)).toEqual(['creating', 'starting', 'running'])
})
