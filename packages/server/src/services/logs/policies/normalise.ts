/**
 * A policy document as DescribeResourcePolicies returns it: without blanks, `Version` 2008-10-17 when there was none,
 * and a `Service` list of one as a plain text. Its meaning stays the same.
 */
export function normalisedDocument(document: string): string {
  const policy = JSON.parse(document) as Readonly<Record<string, unknown>>
  const statement = policy['Statement']
  return JSON.stringify({
    ...('Version' in policy ? {} : { Version: '2008-10-17' }),
    ...policy,
    Statement: Array.isArray(statement) ? statement.map(normalisedStatement) : normalisedStatement(statement),
  })
}

function normalisedStatement(statement: unknown): unknown {
  if (!isObject(statement)) return statement
  return Object.fromEntries(
    Object.entries(statement).map(([member, value]) => [
      member,
      member === 'Principal' || member === 'NotPrincipal' ? normalisedPrincipal(value) : value,
    ]),
  )
}

function normalisedPrincipal(principal: unknown): unknown {
  if (!isObject(principal)) return principal
  const services = principal['Service']
  return Array.isArray(services) && services.length === 1
    ? { ...principal, Service: services[0] as unknown }
    : principal
}

const isObject = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null && !Array.isArray(value)
