import { type AccessedService, accessedServices, requireAccessJob } from '#services/iam/last-accessed.ts'
import type { IamDeps, IamHandler } from '#services/iam/operation.ts'
import { pageOf, startPage } from '#services/iam/paging.ts'

/** Services that the one asked about may use, with the last use of each. */
export function getServiceLastAccessedDetails({
  records,
  tokens,
}: Pick<IamDeps, 'records' | 'tokens'>): IamHandler<'GetServiceLastAccessedDetails'> {
  return async (input, { account }) => {
    const { JobId: jobId } = input
    const { arn, granularity, createdAt } = await requireAccessJob(records, account, jobId)
    const page = startPage(tokens, 'GetServiceLastAccessedDetails', { account, jobId }, input)
    const services = await accessedServices(records, account, arn)
    const [found, end] = pageOf(page, services, ({ namespace }) => namespace)
    return {
      JobStatus: 'COMPLETED',
      JobType: granularity,
      JobCreationDate: createdAt,
      JobCompletionDate: createdAt,
      ServicesLastAccessed: found.map(viewOf),
      ...end,
    }
  }
}

function viewOf({ namespace, name, uses }: AccessedService) {
  const [last] = uses
  return {
    ServiceNamespace: namespace,
    ServiceName: name,
    TotalAuthenticatedEntities: new Set(uses.map(({ caller }) => caller.id)).size,
    ...(last === undefined
      ? {}
      : {
          LastAuthenticated: last.at,
          LastAuthenticatedEntity: last.caller.arn,
          LastAuthenticatedRegion: last.region,
        }),
  }
}
