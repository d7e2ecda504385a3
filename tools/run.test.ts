import { expect, test } from 'vitest'
import { ROOT, captureTool, trackedFiles } from './run.ts'

test('tools run on the Node that the repository pins', () => {
  const { code, output } = captureTool('node', ['-e', 'process.stdout.write(process.version)'])
  expect([code, output]).toEqual([0, process.version])
})

test('what a tool prints and how it ends is kept', () => {
  expect(captureTool('node', ['-e', 'console.error("no"); process.exit(3)'])).toEqual({ code: 3, output: 'no\n' })
})

test('a tool that is not there is said so', () => {
  expect(() => captureTool('no-such-tool', [])).toThrow('could not run no-such-tool')
})

test('tracked files are relative to the root, each once', () => {
  const files = trackedFiles('tools/*.ts')
  expect(files).toContain('tools/run.ts')
  expect(new Set(files).size).toBe(files.length)
  expect(trackedFiles('node_modules/*')).toEqual([])
  expect(ROOT).not.toBe('')
})
