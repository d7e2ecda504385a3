/** For tests: policy documents. */

const document = (statement: object): string => JSON.stringify({ Version: '2012-10-17', Statement: [statement] })

/** An identity policy that allows `action` on everything. */
export const allowing = (action: string, more: object = {}): string =>
  document({ Effect: 'Allow', Action: action, Resource: '*', ...more })

export const denying = (action: string, more: object = {}): string =>
  document({ Effect: 'Deny', Action: action, Resource: '*', ...more })

/** A trust policy for these principals. */
export const trusting = (Principal: object | string, more: object = {}): string =>
  document({ Effect: 'Allow', Principal, Action: 'sts:AssumeRole', ...more })
