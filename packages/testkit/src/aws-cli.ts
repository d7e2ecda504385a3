import { spawnSync } from 'node:child_process'
import { existsSync } from 'node:fs'
import { pythonEnvironment } from './python-environment.ts'

/** The `aws` of the system, when it is a version 2: no registry of packages has it. */
function findVersion2(): string | undefined {
  const candidates = ['/usr/bin/aws', '/usr/local/bin/aws']
  return candidates.find(
    (program) =>
      existsSync(program) && /aws-cli\/2\./.test(spawnSync(program, ['--version'], { encoding: 'utf8' }).stdout),
  )
}

/** The versions of the AWS CLI that can be tried here, and how to get the path of each one's program. */
export const awsCliPrograms = (): readonly (readonly [version: string, find: () => string])[] => {
  const version2 = findVersion2()
  return [
    ['version 1', () => pythonEnvironment().aws],
    ...(version2 === undefined ? [] : ([['version 2', () => version2]] as const)),
  ]
}
