import type { AccountId } from '#kernel/ids.ts'
import { type AccessTarget, resourceContext } from '#services/iam/access/target.ts'
import { parseIamArn, roleArn } from '#services/iam/arns.ts'
import { type MfaDeviceRecord, mfaDeviceKey } from '#services/iam/mfa-devices.ts'
import { type OidcProviderRecord, issuerOf, oidcProviderArn, oidcProviderKey } from '#services/iam/oidc-providers.ts'
import { type SamlProviderRecord, samlProviderArn, samlProviderKey } from '#services/iam/saml-providers.ts'
import { serviceLinkedName, serviceLinkedPath } from '#services/iam/service-linked.ts'
import type { RecordStore } from '#stores/records/record-store.ts'

/** A provider, by ARN. */
export const oidcTarget = (records: RecordStore): AccessTarget<{ readonly OpenIDConnectProviderArn: string }> => ({
  check: async ({ OpenIDConnectProviderArn: arn }, { account }) => {
    const issuer = parseIamArn(arn)?.rest
    const key = issuer === undefined ? undefined : oidcProviderKey(account, issuer)
    const provider = key && (await records.get<OidcProviderRecord>(key))
    return { resource: arn, context: resourceContext(provider?.value) }
  },
  named: ({ OpenIDConnectProviderArn: name }) => [{ type: 'AWS::IAM::OIDCProvider', name }],
})

/** A provider that is being made. */
export const newOidcTarget: AccessTarget<{ readonly Url: string }> = {
  check: async ({ Url }, { account }) => ({ resource: oidcProviderArn(account, issuerOf(Url)) }),
  named: ({ Url: name }) => [{ type: 'AWS::IAM::OIDCProvider', name }],
}

/** A SAML provider, by ARN. */
export const samlTarget = (records: RecordStore): AccessTarget<{ readonly SAMLProviderArn: string }> => ({
  check: async ({ SAMLProviderArn: arn }, { account }) => {
    const name = parseIamArn(arn)?.rest
    const key = name === undefined ? undefined : samlProviderKey(account, name)
    const provider = key && (await records.get<SamlProviderRecord>(key))
    return { resource: arn, context: resourceContext(provider?.value) }
  },
  named: ({ SAMLProviderArn: name }) => [{ type: 'AWS::IAM::SAMLProvider', name }],
})

/** A SAML provider that is being made. */
export const newSamlTarget: AccessTarget<{ readonly Name: string }> = {
  check: async ({ Name }, { account }) => ({ resource: samlProviderArn(account, Name) }),
  named: ({ Name: name }) => [{ type: 'AWS::IAM::SAMLProvider', name }],
}

/** A virtual MFA device, by serial number, which is its ARN. */
export const deviceTarget = (records: RecordStore): AccessTarget<{ readonly SerialNumber: string }> => ({
  check: async ({ SerialNumber: serial }, { account }) => {
    const device = await records.get<MfaDeviceRecord>(mfaDeviceKey(account, serial))
    return { resource: serial, context: resourceContext(device?.value) }
  },
  named: ({ SerialNumber: name }) => [{ type: 'AWS::IAM::VirtualMFADevice', name }],
})

export const deviceArn = (account: AccountId, path: string, name: string): string =>
  `arn:aws:iam::${account}:mfa${path}${name}`

/** The role of a service that is being made. */
export const newServiceLinkedTarget: AccessTarget<{ readonly AWSServiceName: string }> = {
  check: async ({ AWSServiceName: service }, { account }) => ({
    resource: roleArn(account, serviceLinkedPath(service), serviceLinkedName(service)),
    context: { 'iam:AWSServiceName': service },
  }),
  named: ({ AWSServiceName: service }) => [{ type: 'AWS::IAM::Role', name: serviceLinkedName(service) }],
}

/** Whatever an operation is about by its ARN. */
export const arnTarget = <M extends string>(member: M): AccessTarget<Readonly<Record<M, string>>> => ({
  check: async (input) => ({ resource: input[member] }),
  named: () => [],
})
