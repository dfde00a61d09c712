import { describe, expect, it } from 'vitest'
import { readCloudText } from './cloud.ts'
import type { CommandReading } from './command.ts'
import { run } from '../../../test/support/run-line.ts'

function aws(line: string): CommandReading {
  return run(`aws ${line}`)
}

describe('looking at an account reads as a read', () => {
  it.each([
    's3 ls',
    's3 ls s3://b --recursive --human-readable',
    'sts get-caller-identity',
    'ec2 describe-instances --filters Name=tag:x,Values=y --query "Reservations[].Instances[]"',
    '--profile p --region eu-west-1 ec2 describe-instances --output table',
    'ec2 --region us-east-1 describe-vpcs',
    'ec2 describe-security-groups --group-ids sg-1 sg-2',
    'ec2 wait instance-running --instance-ids i-1',
    'iam list-users',
    'iam get-role --role-name x',
    'iam get-account-password-policy',
    'iam list-attached-role-policies --role-name x',
    'iam simulate-principal-policy --policy-source-arn x --action-names y',
    'lambda list-functions --max-items 10',
    'lambda get-function-configuration --function-name x',
    'logs describe-log-groups',
    'logs tail /aws/lambda/x --since 1h',
    'logs filter-log-events --log-group-name x --end-time 123',
    'cloudwatch get-metric-statistics --start-time x --end-time y',
    'dynamodb scan --table-name x',
    'dynamodb query --table-name x --key-condition-expression y',
    'rds describe-db-instances',
    's3api list-objects-v2 --bucket b --prefix x',
    's3api head-object --bucket b --key k',
    's3api get-bucket-policy --bucket b',
    'eks describe-cluster --name x',
    'ecs list-services --cluster x',
    'ecr describe-repositories',
    'cloudformation describe-stacks',
    'secretsmanager list-secrets',
    'secretsmanager describe-secret --secret-id x',
    'ssm get-parameter --name x',
    'ssm describe-instance-information',
    'kms list-keys',
    'route53 list-hosted-zones',
    'cloudtrail lookup-events',
    'ce get-cost-and-usage --time-period Start=1,End=2 --granularity DAILY',
    'organizations list-accounts',
    'configure list',
    '--version',
    'help',
    'ec2 describe-instances help',
    'batch describe-jobs --jobs x --no-cli-pager',
  ])('aws %s', (line) => {
    expect(aws(line).verbs).toEqual(['read'])
  })
})

describe('what changes, opens, runs or goes elsewhere does not read as a read', () => {
  it.each([
    's3 rm s3://b --recursive',
    's3 rb s3://b --force',
    's3 mb s3://b',
    's3 cp s3://b/k /etc/x',
    's3 cp /etc/passwd s3://b',
    's3 mv a s3://b',
    's3 sync . s3://b',
    's3 presign s3://b/k',
    's3 website s3://b',
    's3api get-object --bucket b --key k /etc/x',
    's3api put-object --bucket b --key k --body x',
    's3api put-bucket-policy --bucket b --policy x',
    's3api delete-bucket --bucket b',
    '--profile p ec2 terminate-instances --instance-ids i-1',
    'ec2 run-instances',
    'ec2 stop-instances --instance-ids i-1',
    'ec2 authorize-security-group-ingress --group-id x',
    'ec2 get-password-data --instance-id i',
    'ec2 modify-instance-attribute',
    'secretsmanager get-secret-value --secret-id x',
    'secretsmanager batch-get-secret-value',
    'secretsmanager put-secret-value --secret-id x',
    'ssm get-parameter --name x --with-decryption',
    'ssm get-parameters-by-path --path / --with-dec',
    'ssm send-command --document-name x',
    'ssm start-session --target i-1',
    'ssm put-parameter --name x',
    'sts get-session-token',
    'sts get-federation-token --name x',
    'sts assume-role --role-arn x',
    'sts assume-role-with-web-identity --role-arn x',
    'sso get-role-credentials --role-name x',
    'cognito-identity get-credentials-for-identity --identity-id x',
    'configure get aws_secret_access_key',
    'configure set region x',
    'configure export-credentials',
    'configure',
    'iam create-access-key',
    'iam attach-user-policy',
    'iam delete-user --user-name x',
    'iam update-assume-role-policy',
    'ecr get-login-password',
    'ecr get-authorization-token',
    'eks get-token --cluster-name x',
    'eks update-kubeconfig --name x',
    'kms decrypt --ciphertext-blob x',
    'kms schedule-key-deletion --key-id x',
    'rds generate-db-auth-token',
    'rds delete-db-instance',
    'rds-data execute-statement --sql x',
    'redshift get-cluster-credentials --db-user x',
    'redshift-data execute-statement --sql x',
    'lightsail get-instance-access-details',
    'lightsail download-default-key-pair',
    'apigateway get-api-keys --include-values',
    'apigateway get-export --rest-api-id x /etc/x',
    'lambda invoke --function-name x out',
    'lambda update-function-code --function-name x',
    'ecs execute-command --command sh',
    'ecs update-service --service x',
    'cloudtrail stop-logging --name x',
    'cloudformation deploy --template-file x',
    'cloudformation delete-stack --stack-name x',
    'dynamodb execute-statement --statement x',
    'dynamodb delete-table --table-name x',
    'sqs purge-queue --queue-url x',
    'sqs receive-message --queue-url x',
    'route53 change-resource-record-sets',
    'stepfunctions get-activity-task --activity-arn x',
    'emr ssh --cluster-id x',
    'codecommit credential-helper get',
    'ec2 describe-instances --endpoint-url http://example.com',
    'ec2 describe-instances --endpoint-url=http://example.com',
    'ec2 describe-instances --endp http://example.com',
    'ec2 describe-instances --e=http://example.com',
    'ssm get-parameter --name x --with-',
    'ssm get-parameters --names x --w',
    '--endpoint-url http://example.com s3 ls',
    'ec2 describe-instances --no-verify-ssl',
    'ec2 describe-instances --ca-bundle x',
    'ec2 describe-instances --cli-input-json file://x',
    'ec2 describe-instances --filters file:///etc/passwd',
    'ec2 describe-instances --filters=file:///etc/passwd',
    'kms describe-key --key-id fileb://x',
    'ec2 describe-instances --debug',
    'ec2 describe-instances ${X}',
    'ec2 ${X}',
    '${X} describe-instances',
    'some-alias list-things',
    'ec2 no-such-operation',
    'history list',
  ])('aws %s', (line) => {
    expect(aws(line).verbs).not.toEqual(['read'])
  })
})

describe('facts about a command of aws', () => {
  it('name service, action, profile and region', () => {
    expect(aws('--profile prod ec2 describe-instances --region eu-west-1').cloud).toMatchObject({
      provider: 'aws',
      service: 'ec2',
      action: 'describe-instances',
      profile: 'prod',
      region: 'eu-west-1',
      flags: ['aws:ec2.describe-instances'],
    })
  })

  it('say that a credential is shown, or another role taken', () => {
    expect(aws('secretsmanager get-secret-value --secret-id x').flags).toContain('secrets')
    expect(aws('sts assume-role --role-arn x').flags).toContain('impersonation')
  })
})

describe('a command line in an argument', () => {
  it.each(['aws ec2 describe-vpcs', 'ec2 describe-vpcs'])('is read: %s', (text) => {
    expect(readCloudText(text)).toMatchObject({ parsed: true, provider: 'aws', service: 'ec2', verbs: ['read'] })
  })

  it.each([
    ['compute instances list', 'gcloud', 'gcloud'],
    ['vm list', 'az', 'az'],
    ['plan', 'terraform', 'terraform'],
  ])('is read with a program that the caller names: %s', (text, program, provider) => {
    expect(readCloudText(text, program)).toMatchObject({ parsed: true, provider })
  })

  it.each(['compute instances list', 'rm -rf /', '', 'aws s3 ls; id', 'aws s3 ls $(id)'])(
    'is not parsed: %j',
    (text) => {
      expect(readCloudText(text)).toMatchObject({ present: true, parsed: false })
    },
  )
})
