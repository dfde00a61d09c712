// Services of aws-cli as its programmes name them (botocore 1.43). An alias of the user's own, which may be a shell
// command, is not among them.
const SERVICES = `accessanalyzer account acm acm-pca aiops amp amplify amplifybackend amplifyuibuilder apigateway
apigatewaymanagementapi apigatewayv2 appconfig appconfigdata appfabric appflow appintegrations application-autoscaling
application-insights application-signals applicationcostprofiler appmesh apprunner appstream appsync arc-region-switch
arc-zonal-shift artifact athena auditmanager autoscaling autoscaling-plans b2bi backup backup-gateway backupsearch
batch bcm-dashboards bcm-data-exports bcm-pricing-calculator bcm-recommended-actions bedrock bedrock-agent bedrock-
agent-runtime bedrock-agentcore bedrock-agentcore-control bedrock-data-automation bedrock-data-automation-runtime
bedrock-runtime billing billingconductor braket budgets ce chatbot chime chime-sdk-identity chime-sdk-media-pipelines
chime-sdk-meetings chime-sdk-messaging chime-sdk-voice cleanrooms cleanroomsml cloud9 cloudcontrol clouddirectory
cloudformation cloudfront cloudfront-keyvaluestore cloudhsm cloudhsmv2 cloudsearch cloudsearchdomain cloudtrail
cloudtrail-data cloudwatch codeartifact codebuild codecatalyst codecommit codeconnections codeguru-reviewer codeguru-
security codeguruprofiler codepipeline codestar-connections codestar-notifications cognito-identity cognito-idp
cognito-sync comprehend comprehendmedical compute-optimizer compute-optimizer-automation configservice connect
connect-contact-lens connectcampaigns connectcampaignsv2 connectcases connecthealth connectparticipant controlcatalog
controltower cost-optimization-hub cur customer-profiles databrew dataexchange datapipeline datasync datazone dax
deadline deploy detective devicefarm devops-agent devops-guru directconnect discovery dlm dms docdb docdb-elastic drs
ds ds-data dsql dynamodb dynamodbstreams ebs ec2 ec2-instance-connect ecr ecr-public ecs efs eks eks-auth elasticache
elasticbeanstalk elb elbv2 elementalinference emr emr-containers emr-serverless entityresolution es events evs
finspace finspace-data firehose fis fms forecast forecastquery frauddetector freetier fsx gamelift gameliftstreams
geo-maps geo-places geo-routes glacier globalaccelerator glue grafana greengrass greengrassv2 groundstation guardduty
health healthlake iam identitystore imagebuilder importexport inspector inspector-scan inspector2 interconnect
internetmonitor invoicing iot iot-data iot-jobs-data iot-managed-integrations iotdeviceadvisor iotevents iotevents-
data iotfleetwise iotsecuretunneling iotsitewise iotthingsgraph iottwinmaker iotwireless ivs ivs-realtime ivschat
kafka kafkaconnect kendra kendra-ranking keyspaces keyspacesstreams kinesis kinesis-video-archived-media kinesis-
video-media kinesis-video-signaling kinesis-video-webrtc-storage kinesisanalytics kinesisanalyticsv2 kinesisvideo kms
lakeformation lambda launch-wizard lex-models lex-runtime lexv2-models lexv2-runtime license-manager license-manager-
linux-subscriptions license-manager-user-subscriptions lightsail location logs lookoutequipment m2 machinelearning
macie2 mailmanager managedblockchain managedblockchain-query marketplace-agreement marketplace-catalog marketplace-
deployment marketplace-discovery marketplace-entitlement marketplace-reporting marketplacecommerceanalytics
mediaconnect mediaconvert medialive mediapackage mediapackage-vod mediapackagev2 mediastore mediastore-data
mediatailor medical-imaging memorydb meteringmarketplace mgh mgn migration-hub-refactor-spaces migrationhub-config
migrationhuborchestrator migrationhubstrategy mpa mq mturk mwaa mwaa-serverless neptune neptune-graph neptunedata
network-firewall networkflowmonitor networkmanager networkmonitor notifications notificationscontacts nova-act oam
observabilityadmin odb omics opensearch opensearchserverless organizations osis outposts panorama partnercentral-
account partnercentral-benefits partnercentral-channel partnercentral-selling payment-cryptography payment-
cryptography-data pca-connector-ad pca-connector-scep pcs personalize personalize-events personalize-runtime pi
pinpoint pinpoint-email pinpoint-sms-voice pinpoint-sms-voice-v2 pipes polly pricing proton qapps qbusiness qconnect
quicksight ram rbin rds rds-data redshift redshift-data redshift-serverless rekognition repostspace resiliencehub
resource-explorer-2 resource-groups resourcegroupstaggingapi rolesanywhere route53 route53-recovery-cluster
route53-recovery-control-config route53-recovery-readiness route53domains route53globalresolver route53profiles
route53resolver rtbfabric rum s3 s3api s3control s3files s3outposts s3tables s3vectors sagemaker sagemaker-a2i-runtime
sagemaker-edge sagemaker-featurestore-runtime sagemaker-geospatial sagemaker-metrics sagemaker-runtime savingsplans
scheduler schemas sdb secretsmanager security-ir securityagent securityhub securitylake serverlessrepo service-quotas
servicecatalog servicecatalog-appregistry servicediscovery ses sesv2 shield signer signer-data signin simpledbv2
simspaceweaver sms-voice snow-device-management snowball sns socialmessaging sqs ssm ssm-contacts ssm-guiconnect ssm-
incidents ssm-quicksetup ssm-sap sso sso-admin sso-oidc stepfunctions storagegateway sts supplychain support support-
app sustainability swf synthetics taxsettings textract timestream-influxdb timestream-query timestream-write tnb
transcribe transfer translate trustedadvisor uxc verifiedpermissions voice-id vpc-lattice waf waf-regional wafv2
wellarchitected wickr wisdom workdocs workmail workmailmessageflow workspaces workspaces-instances workspaces-thin-
client workspaces-web xray`

// Reads whose result is a stream, which aws-cli writes to a file named by the caller; the tiles of maps are left out,
// since `tnb`, `geo-maps` and `location` are not read at all.
const TO_FILE = `apigateway:get-export apigateway:get-sdk appconfig:get-configuration appconfig:get-hosted-configuration-version
appconfigdata:get-latest-configuration appsync:get-introspection-schema cloudfront:get-connection-function
cloudfront:get-function codeartifact:get-package-version-asset codeguruprofiler:get-profile datazone:get-lineage-
event ebs:get-snapshot-block glacier:get-job-output iot-data:get-thing-shadow iotwireless:get-position-estimate
iotwireless:get-resource-position kinesis-video-archived-media:get-clip kinesis-video-archived-media:get-media-for-
fragment-list kinesis-video-media:get-media lakeformation:get-work-unit-results medialive:describe-input-device-
thumbnail mediastore-data:get-object medical-imaging:get-image-frame medical-imaging:get-image-set-metadata
omics:get-read-set omics:get-reference s3api:get-object s3api:get-object-torrent sagemaker-geospatial:get-tile
schemas:get-code-binding-source workmailmessageflow:get-raw-message-content`

/** Not of the API, or with operations whose "get" is a download. */
const NOT_READ = new Set(['tnb', 'geo-maps', 'location', 'signin', 's3', 'sso-oidc', 'eks-auth', 'importexport'])

export const AWS_SERVICES: ReadonlySet<string> = new Set(SERVICES.split(/\s+/).filter((name) => !NOT_READ.has(name)))

/** `service:operation` */
export const AWS_TO_FILE: ReadonlySet<string> = new Set(TO_FILE.split(/\s+/))
