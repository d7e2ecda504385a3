/** Lets Amazon MQ write the logs of brokers. */
export const LOG_POLICY = {
  Version: '2012-10-17',
  Statement: [
    {
      Effect: 'Allow',
      Principal: { Service: 'mq.amazonaws.com' },
      Action: ['logs:CreateLogStream', 'logs:PutLogEvents'],
      Resource: '*',
    },
  ],
} as const
