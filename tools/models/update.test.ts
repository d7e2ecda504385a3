import { afterEach, expect, test, vi } from 'vitest'
import { checkModels, writeModels } from './update.ts'

afterEach(() => {
  vi.unstubAllEnvs()
})

test('without the models nothing is compared or written, and one sentence says what is missing', () => {
  vi.stubEnv('PATH', '/nonexistent')
  for (const work of [checkModels, writeModels]) {
    expect(work).toThrow(
      /^the AWS service models of botocore [\d.]+ could not be read, so nothing was compared or written; pip must reach a package index: .*python3/,
    )
  }
})
