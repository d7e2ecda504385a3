import { inFile } from './in-file.ts'
import type { Mutant, TestRun } from './mutant.ts'

const IAM = 'packages/server/src/services/iam'
const KERNEL = 'packages/server/src/kernel'
const unit = (...files: readonly string[]): TestRun => ({ project: 'unit', files })
const SIMULATION = unit(`${IAM}/operations/simulation`)
const CERTIFICATES = unit(`${IAM}/operations/certificates`)
const SSH_KEYS = unit(`${IAM}/operations/ssh-keys`)
const MASS = unit(`${IAM}/mass-data.test.ts`)

/** Who may call IAM, what it keeps, and what it tells about permissions. */
export const IAM_MUTANTS: readonly Mutant[] = [
  ...inFile(`${KERNEL}/operation-actions.ts`, unit(`${KERNEL}/operation-actions.test.ts`), [
    [
      'reference: only the first resource is asked for',
      'resources.map((resource) => ({',
      'resources.slice(0, 1).map((resource) => ({',
    ],
    ['reference: the account stays open', ".replace('{account}', account)", ".replace('{account}', '*')"],
    ['reference: the Region stays open', "resource.replace('{region}', region)", "resource.replace('{region}', '*')"],
  ]),
  ...inFile(`${IAM}/own-password.ts`, unit(`${IAM}/own-password.test.ts`), [
    ['password: every user changes its own', 'policy?.usersMayChange === true ?', 'policy !== null ?'],
    [
      'password: everybody changes everybody’s',
      "Action: 'iam:ChangePassword', Resource: userArn",
      "Action: 'iam:ChangePassword', Resource: '*'",
    ],
    ['password: it lets in to everything', '!ACTIONS.has(action)', 'action.length === 0'],
  ]),
  ...inFile(`${IAM}/access/target.ts`, unit(`${IAM}/actions.test.ts`), [
    [
      'access: a new name needs no permission',
      'return resource === check.resource ? [check] :',
      'return resource !== "" ? [check] :',
    ],
    [
      'access: a new path needs no permission',
      '${path ?? arn.slice(slash, last + 1)}',
      '${arn.slice(slash, last + 1)}',
    ],
  ]),
  ...inFile(`${IAM}/access/indirect-targets.ts`, unit(`${IAM}/actions.test.ts`), [
    [
      'access: the last use of a key is told to whoever may ask about nobody',
      "userArn(account, '/', '*')",
      "userArn(account, '/', 'x')",
    ],
    [
      'access: the deletion of one role is told to who may ask about another',
      'roleArn(account, path, role)',
      "roleArn(account, path, '*')",
    ],
  ]),
  ...inFile(`${IAM}/trust.ts`, MASS, [
    [
      'trust: ids of the deleted are taken',
      'const unknown = ids.find((id) => !known.has(id))',
      'const unknown = ids.find((id) => known.size < 0 && id)',
    ],
    [
      'trust: whoever is named need not be there',
      'if (id === undefined) throw iamErrors.unknownPrincipal(name)',
      'if (id === undefined) continue',
    ],
  ]),
  ...inFile(`${IAM}/policy-document.ts`, MASS, [
    ['limit: white space counts', String.raw`document.replace(/\s+/g, '').length`, 'document.length'],
    [
      'limit: a managed policy has none',
      'if (countedChars(document) > MAX_MANAGED_POLICY_CHARS)',
      'if (countedChars(document) < 0)',
    ],
  ]),
  ...inFile(`${IAM}/entity.ts`, MASS, [
    ['limit: an account has no end of users', 'if (found.length >= most) throw', 'if (found.length > most * 2) throw'],
  ]),
  ...inFile(`${IAM}/paging.ts`, MASS, [
    ['page: the first of the next page is left out', 'const last = keys[size - 1]', 'const last = keys[size]'],
    ['page: the last one says that there is more', 'keys.length <= size ||', 'keys.length < size ||'],
  ]),
  ...inFile(`${IAM}/simulation.ts`, SIMULATION, [
    ['simulation: an action may be many', 'if (!ACTION.test(action)) throw', 'if (action === "") throw'],
    [
      'simulation: ResourceOwner does not count',
      'accountOf(arn) ?? accountOf(input.ResourceOwner) ?? subject',
      'accountOf(arn) ?? subject',
    ],
    [
      'simulation: boundaries do not count',
      '...(subject.boundary === undefined ? {} : { boundary: subject.boundary }),\n  }\n  const sources',
      '\n  }\n  const sources',
    ],
  ]),
  ...inFile(`${IAM}/simulation-results.ts`, SIMULATION, [
    [
      'simulation: the mildest decision is reported',
      "['explicit-deny', 'implicit-deny', 'allow']",
      "['allow', 'implicit-deny', 'explicit-deny']",
    ],
    [
      'simulation: statements that decided nothing are told',
      'EvalResourceDecision === DECISIONS[kind])',
      'EvalResourceDecision !== undefined)',
    ],
    [
      'simulation: details are told within one account',
      'decision.crossAccount ? { EvalDecisionDetails',
      'decision.principal !== "" ? { EvalDecisionDetails',
    ],
    ['simulation: one boundary that allows is enough', 'bounded.every((one)', 'bounded.some((one)'],
  ]),
  ...inFile(`${IAM}/simulation-context.ts`, SIMULATION, [
    ['simulation: values may be of any type', 'isReadable?.(value) !== true', 'isReadable === null'],
    ['simulation: a key may come twice', 'if (byName.has(key.toLowerCase())) throw', 'if (byName.has("")) throw'],
  ]),
  ...inFile(`${IAM}/policy-exclusions.ts`, SIMULATION, [
    ['simulation: nothing is left out', '!tests.some((excludes) => excludes(policy))', 'tests.length >= 0 || !policy'],
    ['simulation: the boundary stays', "PolicyType === 'permission-boundary'", "PolicyType === 'scp'"],
    ['simulation: an inline policy is left out whoever has it', 'noun === AttachmentType && ', ''],
  ]),
  ...inFile(`${IAM}/operations/certificates/upload-server-certificate.ts`, CERTIFICATES, [
    [
      'certificate: any key will do',
      'if (!certificate.checkPrivateKey(readPrivateKey(input.PrivateKey)))',
      'if (readPrivateKey(input.PrivateKey) === undefined)',
    ],
    [
      'certificate: its key is kept',
      'body: input.CertificateBody,\n',
      'body: input.CertificateBody + input.PrivateKey,\n',
    ],
  ]),
  ...inFile(`${IAM}/signing-certificates.ts`, CERTIFICATES, [
    [
      'certificate: one that is over is taken',
      'if (certificate.validToDate.getTime() <= now)',
      'if (certificate.validToDate.getTime() < 0)',
    ],
    [
      'certificate: the chain need not be signed',
      '!below.checkIssued(above) || !below.verify(above.publicKey)',
      'below.raw.length === 0',
    ],
    ['certificate: several are taken for one', 'pem.split(BLOCK).length === 2', 'pem.split(BLOCK).length > 1'],
  ]),
  ...inFile(`${IAM}/held-items.ts`, unit(`${IAM}/operations/certificates`, `${IAM}/operations/ssh-keys`), [
    [
      'limit: a user has no end of keys and certificates',
      'if (existing.length >= kind.most) throw',
      'if (existing.length < 0) throw',
    ],
  ]),
  ...inFile(`${IAM}/ssh-public-keys.ts`, SSH_KEYS, [
    ['key: short ones are taken', 'bits < LEAST_BITS', 'bits < 0'],
    ['key: what is left behind it does not matter', ' ||\n    more.length > 0 ||\n    used !== wire.length', ''],
  ]),
  ...inFile(`${IAM}/operations/users/delete-user.ts`, unit(`${IAM}/operations`), [
    [
      'delete: a user goes with its certificates',
      'if (await hasItems(records, account, SIGNING_CERTIFICATES, value))',
      'if (account.length === 0)',
    ],
    [
      'delete: a user goes with its SSH keys',
      'if (await hasItems(records, account, SSH_PUBLIC_KEYS, value))',
      'if (account.length === 0)',
    ],
  ]),
]
