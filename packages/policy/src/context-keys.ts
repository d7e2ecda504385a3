import type { Policy, Statement } from './policy.ts'
import { variablesOf } from './text/template.ts'

/**
 * The condition keys that a policy refers to, in conditions and in variables: each once, as it was written first, in
 * the order of the text.
 */
export function contextKeys(policy: Policy): readonly string[] {
  const byName = new Map<string, string>()
  for (const key of policy.statements.flatMap(keysOf)) {
    const name = key.toLowerCase()
    if (!byName.has(name)) byName.set(name, key)
  }
  return [...byName.values()]
}

const keysOf = ({ resource, conditions }: Statement): readonly string[] => [
  ...(resource?.patterns ?? []).flatMap(({ tail }) => variablesOf(tail)).map(({ key }) => key),
  ...conditions.flatMap(({ key, values }) => [
    key,
    ...values.flatMap(({ template }) => variablesOf(template)).map((variable) => variable.key),
  ]),
]
