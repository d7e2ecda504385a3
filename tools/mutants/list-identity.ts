import type { Mutant, TestRun } from './mutant.ts'

const unit = (...files: readonly string[]): TestRun => ({ project: 'unit', files })
const GATEWAY = 'packages/server/src/gateway'

/** Modes, explanations, accounts, sessions, federation. */
export const IDENTITY_MUTANTS: readonly Mutant[] = [
  {
    name: 'audit mode: it is on without being asked for',
    file: `${GATEWAY}/gatekeeper.ts`,
    find: "if (mode !== 'audit' || ",
    replace: 'if (',
    tests: unit(`${GATEWAY}/audit-mode.test.ts`),
  },
  {
    name: 'audit mode: what cannot be evaluated goes through',
    file: `${GATEWAY}/gatekeeper.ts`,
    find: " || denial.decision.decidedBy === 'error'",
    replace: '',
    tests: unit(`${GATEWAY}/audit-mode.test.ts`),
  },
  {
    name: 'audit mode: records do not tell',
    file: `${GATEWAY}/record.ts`,
    find: 'wouldBeDenied: call.wouldBeDenied.map(({ message }) => message),',
    replace: '',
    tests: unit(`${GATEWAY}/audit-mode.test.ts`),
  },
  {
    name: 'why-denied: whoever signs may ask',
    file: `${GATEWAY}/denials/why-denied-route.ts`,
    find: "await gate.require({ action: 'sts:DecodeAuthorizationMessage', resource: '*' })",
    replace: '',
    tests: unit(`${GATEWAY}/denials`),
  },
  {
    name: 'why-denied: other accounts may ask',
    file: `${GATEWAY}/denials/denial-view.ts`,
    find: 'if (viewer !== kept.account && viewer !== kept.resourceAccount) return undefined',
    replace: '',
    tests: unit(`${GATEWAY}/denials`),
  },
  {
    name: "why-denied: another account's policies are shown",
    file: `${GATEWAY}/denials/denial-view.ts`,
    find: 'if (account === resourceAccount) return decision',
    replace: 'if (account !== viewer || account === viewer) return decision',
    tests: unit(`${GATEWAY}/denials`),
  },
  {
    name: 'denials: they pile up without bound',
    file: `${GATEWAY}/denials/denial-log.ts`,
    find: 'if (kept.size <= limit) break',
    replace: 'if (kept.size > 0) break',
    tests: unit(`${GATEWAY}/denials`),
  },
  {
    name: 'accounts: any root user makes them',
    file: `${GATEWAY}/accounts/account-routes.ts`,
    find: 'if ((await rootCaller(request, deps)).account !== account) throw denied()',
    replace: 'await rootCaller(request, deps)',
    tests: unit(`${GATEWAY}/accounts`),
  },
  {
    name: 'accounts: an administrator is taken for the root user',
    file: `${GATEWAY}/accounts/account-routes.ts`,
    find: "if (principal.kind !== 'root') throw denied()",
    replace: '',
    tests: unit(`${GATEWAY}/accounts`),
  },
  {
    name: "accounts: one's root user gets another's credentials",
    file: `${GATEWAY}/accounts/account-routes.ts`,
    find: 'if (principal.account !== OPERATOR && principal.account !== id) throw denied()',
    replace: '',
    tests: unit(`${GATEWAY}/accounts`),
  },
  {
    name: 'container credentials: the token is not compared',
    file: `${GATEWAY}/accounts/container-route.ts`,
    find: ' || !tokens.isGood(id, token)',
    replace: '',
    tests: unit(`${GATEWAY}/accounts`),
  },
  {
    name: 'container credentials: other machines get them',
    file: `${GATEWAY}/accounts/container-route.ts`,
    find: 'if (!isLoopbackAddress(source.ip))',
    replace: "if (source.ip === 'nowhere')",
    tests: unit(`${GATEWAY}/accounts`),
  },
  {
    name: 'container credentials: browsers get them',
    file: `${GATEWAY}/accounts/container-route.ts`,
    find: 'if (isFromBrowser(head))',
    replace: "if (head.method === 'NONE')",
    tests: unit(`${GATEWAY}/accounts`),
  },
  {
    name: 'container credentials: names pointed here by others do',
    file: `${GATEWAY}/accounts/container-route.ts`,
    find: "isKnownHost(head.headers['host'], host)",
    replace: '!isFromBrowser(head)',
    tests: unit(`${GATEWAY}/accounts`),
  },
  {
    name: 'encoded denials: another account can read them',
    file: 'packages/server/src/kernel/authorization-message.ts',
    find: '`authorization-message/${account}`',
    replace: '`authorization-message/${String(account).length}`',
    tests: unit(`${GATEWAY}/denial.test.ts`),
  },
  {
    name: "encoded denials: another account's statements are shown",
    file: `${GATEWAY}/authorization-message.ts`,
    find: ' && !(decision.crossAccount && OF_RESOURCE.has(policyType))',
    replace: '',
    tests: unit(`${GATEWAY}/denial.test.ts`),
  },
]
