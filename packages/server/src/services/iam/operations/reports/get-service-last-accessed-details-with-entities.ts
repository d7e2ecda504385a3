import { accessedServices, requireAccessJob } from '#services/iam/last-accessed.ts'
import type { IamDeps, IamHandler } from '#services/iam/operation.ts'
import { pageOf, startPage } from '#services/iam/paging.ts'

/** Who of those asked about used a service, and when last. */
export function getServiceLastAccessedDetailsWithEntities({
  records,
  tokens,
}: Pick<IamDeps, 'records' | 'tokens'>): IamHandler<'GetServiceLastAccessedDetailsWithEntities'> {
  return async (input, { account }) => {
    const { JobId: jobId, ServiceNamespace: wanted } = input
    const { arn, createdAt } = await requireAccessJob(records, account, jobId)
    const page = startPage(tokens, 'GetServiceLastAccessedDetailsWithEntities', { account, jobId, wanted }, input)
    const services = await accessedServices(records, account, arn)
    const uses = services.find(({ namespace }) => namespace === wanted)?.uses ?? []
    const [found, end] = pageOf(page, uses, ({ caller }) => caller.arn)
    return {
      JobStatus: 'COMPLETED',
      JobCreationDate: createdAt,
      JobCompletionDate: createdAt,
      EntityDetailsList: found.map(({ caller, at }) => ({
        EntityInfo: { Arn: caller.arn, Id: caller.id, Name: caller.name, Path: caller.path, Type: caller.type },
        LastAuthenticated: at,
      })),
      ...end,
    }
  }
}
