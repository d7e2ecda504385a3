import { randomBytes } from 'node:crypto'
import { mkdtempSync, readFileSync, readdirSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Apis } from '@sluice/wire'
import type { Call, CallContext, OperationInput, OperationOutput } from '#kernel/call.ts'
import { AwsError } from '#kernel/errors.ts'
import { CLOSED_GATE } from '#kernel/gatekeeper.ts'
import { type AccountId, accountId, newUuid, region } from '#kernel/ids.ts'
import { pageTokens } from '#kernel/page-token.ts'
import type { Principal } from '#kernel/principal.ts'
import { keySealer } from '#kernel/secrets.ts'
import type { IdentityPort } from '#kernel/service.ts'
import { iamService } from '#services/iam/index.ts'
import { identityPort } from '#services/iam/port.ts'
import { openSqliteRecords } from '#stores/records/sqlite/index.ts'

export const ACCOUNT = accountId('111122223333')
/** 2026-11-21T11:16:40.500Z */
export const NOW = 1_795_259_800_500

export const rootOf = (account: AccountId): Principal => ({
  kind: 'root',
  account,
  arn: `arn:aws:iam::${account}:root`,
  accessKeyId: 'AKIAROOT',
})

export const roleSession: Principal = {
  kind: 'role',
  account: ACCOUNT,
  roleArn: `arn:aws:iam::${ACCOUNT}:role/ops/deployer`,
  arn: `arn:aws:sts::${ACCOUNT}:assumed-role/deployer/ci`,
  roleName: 'deployer',
  roleId: 'AROAEXAMPLEEXAMPLE234',
  sessionName: 'ci',
  issuedAt: NOW,
}

const noCall: Call = () => Promise.reject(new Error('IAM calls no other service'))

/** For tests: the context of a call by `principal`. */
export const contextOf = (principal: Principal, now: number = NOW): CallContext => ({
  requestId: newUuid(),
  account: principal.account,
  region: region('us-east-1'),
  principal,
  calledVia: [],
  source: { ip: '127.0.0.1', userAgent: 'test' },
  now,
  call: noCall,
  gate: CLOSED_GATE,
  signal: new AbortController().signal,
})

/** For tests: IAM on a real record store in a directory of its own. */
export function openBench() {
  const directory = mkdtempSync(join(tmpdir(), 'iam-'))
  const records = openSqliteRecords({ file: join(directory, 'records.db') })
  const sealer = keySealer(randomBytes(32))
  const clock = { at: NOW, now: () => clock.at }
  const tokens = pageTokens(randomBytes(32), clock)
  const { operations, access } = iamService({ records, sealer, tokens })
  const identity = (options: Partial<Parameters<typeof identityPort>[0]> = {}): IdentityPort =>
    identityPort({ records, sealer, rootKeys: [], loopback: false, ...options })

  return {
    records,
    sealer,
    clock,
    tokens,
    access,
    identity,
    call: async <O extends keyof Apis['iam']>(
      operation: O,
      input: OperationInput<'iam', O>,
      principal: Principal = rootOf(ACCOUNT),
    ): Promise<OperationOutput<'iam', O>> => {
      const handler = operations[operation]
      if (handler === undefined) throw new Error(`${operation} is not built`)
      return handler(input, contextOf(principal, clock.now()))
    },
    createUser: async (userName: string, path = '/'): Promise<Principal> => {
      const handler = operations.CreateUser
      const output = await handler?.({ UserName: userName, Path: path }, contextOf(rootOf(ACCOUNT), clock.now()))
      if (output?.User === undefined) throw new Error('no user was made')
      const { Arn: arn, UserId: userId } = output.User
      return { kind: 'user', account: ACCOUNT, arn, accessKeyId: 'AKIAUSER', userName, userId }
    },
    /** Every byte that the store has written. */
    written: (): string =>
      readdirSync(directory)
        .map((name) => readFileSync(join(directory, name), 'latin1'))
        .join(''),
    close: async (): Promise<void> => {
      await records.close()
      rmSync(directory, { recursive: true, force: true })
    },
  }
}

export type Bench = ReturnType<typeof openBench>

/** The fault of a call that must fail, as `code status message`. */
export async function faultOf(run: () => unknown): Promise<string> {
  try {
    await run()
  } catch (error) {
    if (error instanceof AwsError) return `${error.code} ${String(error.status)} ${error.message}`
    throw error
  }
  throw new Error('the call succeeded')
}
