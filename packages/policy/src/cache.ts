import { parsePolicy } from './parse.ts'
import type { Policy, PolicyKind } from './policy.ts'

/** Parses policies and keeps what was used last. */
export interface PolicyCache {
  /** @throws PolicySyntaxError; texts that cannot be parsed are not kept */
  get(text: string, kind: PolicyKind): Policy
  /** Characters of the texts that are kept. */
  readonly characters: number
  readonly size: number
}

export interface PolicyCacheLimits {
  /** Most policies that are kept. */
  readonly policies: number
  /** Most characters of text that are kept; a compiled policy takes some ten times its text. */
  readonly characters: number
}

const DEFAULT_LIMITS: PolicyCacheLimits = { policies: 4_096, characters: 8_000_000 }

/** The key is the whole text, so two policies are never taken for each other. */
export function createPolicyCache(limits: PolicyCacheLimits = DEFAULT_LIMITS): PolicyCache {
  /** From the text that was not used for longest to the one that was used last; one policy a kind. */
  const kept = new Map<string, Partial<Record<PolicyKind, Policy>>>()
  let characters = 0

  const drop = (text: string): void => {
    if (kept.delete(text)) characters -= text.length
  }
  const keep = (text: string, policies: Partial<Record<PolicyKind, Policy>>): void => {
    drop(text)
    if (text.length > limits.characters) return
    kept.set(text, policies)
    characters += text.length
    for (const oldest of kept.keys()) {
      if (kept.size <= limits.policies && characters <= limits.characters) break
      drop(oldest)
    }
  }

  return {
    get(text, kind) {
      const found = kept.get(text)
      const policy = found?.[kind] ?? parsePolicy(text, kind)
      keep(text, { ...found, [kind]: policy })
      return policy
    },
    get characters() {
      return characters
    },
    get size() {
      return kept.size
    },
  }
}

const shared = createPolicyCache()

/** Like `parsePolicy`, from a bounded cache that the whole process shares. @throws PolicySyntaxError */
export const cachedPolicy = (text: string, kind: PolicyKind): Policy => shared.get(text, kind)
