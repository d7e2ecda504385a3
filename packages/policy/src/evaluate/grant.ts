import type { Application } from './statement.ts'

/** Which policies of the caller an Allow of a resource policy makes unnecessary within one account. */
export interface Grant {
  readonly sparesIdentity: boolean
  readonly sparesBoundary: boolean
  readonly sparesSession: boolean
}

const NOTHING: Grant = { sparesIdentity: false, sparesBoundary: false, sparesSession: false }
const IDENTITY: Grant = { sparesIdentity: true, sparesBoundary: false, sparesSession: false }
const BOUNDARY: Grant = { sparesIdentity: true, sparesBoundary: true, sparesSession: false }
const EVERYTHING: Grant = { sparesIdentity: true, sparesBoundary: true, sparesSession: true }

/** Naming the account only hands the decision to it; naming a role leaves its sessions limited; the rest is direct. */
const GRANTS: Readonly<Record<Application, Grant>> = {
  'no-principal': NOTHING,
  account: NOTHING,
  role: IDENTITY,
  'user-of-federated-session': IDENTITY,
  user: BOUNDARY,
  root: IDENTITY,
  'role-session': EVERYTHING,
  'federated-user': EVERYTHING,
  everyone: EVERYTHING,
  'not-excluded': EVERYTHING,
  service: EVERYTHING,
  provider: EVERYTHING,
}

/** What the Allows of a resource policy spare together; each wider grant includes the narrower ones. */
export function grantOf(applications: readonly Application[], sessionPolicyLimitsSessionGrants: boolean): Grant {
  const grants = applications.map((application) =>
    application === 'role-session' && sessionPolicyLimitsSessionGrants ? BOUNDARY : GRANTS[application],
  )
  return {
    sparesIdentity: grants.some((grant) => grant.sparesIdentity),
    sparesBoundary: grants.some((grant) => grant.sparesBoundary),
    sparesSession: grants.some((grant) => grant.sparesSession),
  }
}
