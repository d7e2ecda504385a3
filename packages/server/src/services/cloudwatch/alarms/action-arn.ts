import { cloudwatchErrors } from '#services/cloudwatch/errors.ts'

const REGION = String.raw`(?<region>[a-z]{2,4}(?:-[a-z]+){1,3}-\d{1,2})`
const ACCOUNT = String.raw`\d{12}`

/** What an alarm can do, by the form of its ARN. @source CloudWatch API reference, PutMetricAlarm: AlarmActions */
const FORMS = {
  sns: new RegExp(String.raw`^arn:aws:sns:${REGION}:${ACCOUNT}:[\w-]{1,256}(?:\.fifo)?$`),
  lambda: new RegExp(String.raw`^arn:aws:lambda:${REGION}:${ACCOUNT}:function:[\w-]{1,64}(?::[\w$-]{1,128})?$`),
  automate: new RegExp(String.raw`^arn:aws:automate:${REGION}:ec2:(?:stop|terminate|reboot|recover)$`),
  autoscaling: new RegExp(
    String.raw`^arn:aws:autoscaling:${REGION}:${ACCOUNT}:scalingPolicy:[\w-]+:autoScalingGroupName/.+:policyName/.+$`,
  ),
  ssm: new RegExp(String.raw`^arn:aws:ssm:${REGION}:${ACCOUNT}:opsitem:[1-4](?:#CATEGORY=\w+)?$`),
  'ssm-incidents': new RegExp(String.raw`^arn:aws:ssm-incidents::${ACCOUNT}:response-?plan/[\w-]+$`),
  swf: new RegExp(
    String.raw`^arn:aws:swf:${REGION}:${ACCOUNT}:action/actions/AWS_EC2\.InstanceId\.(?:Stop|Terminate|Reboot|Recover)/1\.0$`,
  ),
  aiops: new RegExp(String.raw`^arn:aws:aiops:${REGION}:${ACCOUNT}:investigation-group:[\w-]+(?:#.+)?$`),
} as const

export type ActionKind = keyof typeof FORMS

const KINDS = Object.keys(FORMS) as readonly ActionKind[]

/** The service that an action goes to; `undefined` for what is no action. */
export const actionKind = (arn: string): ActionKind | undefined => KINDS.find((kind) => FORMS[kind].test(arn))

/** @throws AwsError ValidationError when an ARN is no action, or one of another region */
export function checkActions(arns: readonly string[], region: string): void {
  for (const arn of arns) {
    const kind = actionKind(arn)
    if (kind === undefined) throw cloudwatchErrors.validation(`Invalid arn syntax: ${arn}`)
    const asked = FORMS[kind].exec(arn)?.groups?.['region'] ?? region
    if (asked !== region)
      throw cloudwatchErrors.validation(`Invalid region ${asked} specified. Only ${region} is supported.`)
  }
}
