/** The account and Region of the emulation. */
export const region = 'eu-central-1';
export const account = '111122223333';

const arnOf = (service: string, resource: string): string => `arn:aws:${service}:${region}:${account}:${resource}`;

/** Ids of APIs are ten small letters and digits. */
const apiId = (id: string): string => {
  const digest = [...id].reduce((sum, letter) => (sum * 31 + letter.charCodeAt(0)) % 0x7fff_ffff, 7);
  return digest.toString(36).padStart(10, 'a').slice(-10);
};

type Naming = (id: string) => { readonly ref: string; readonly attributes: Readonly<Record<string, string>> };

/** What CloudFormation would name the resources that we use, and the attributes that it would give them. */
const namings: Readonly<Record<string, Naming>> = {
  'AWS::DynamoDB::Table': (id) => ({ ref: id, attributes: { Arn: arnOf('dynamodb', `table/${id}`) } }),
  'AWS::SQS::Queue': (id) => ({
    ref: `https://sqs.${region}.amazonaws.com/${account}/${id}`,
    attributes: { Arn: arnOf('sqs', id), QueueName: id },
  }),
  'AWS::Lambda::Function': (id) => ({ ref: id, attributes: { Arn: arnOf('lambda', `function:${id}`) } }),
  'AWS::IAM::Role': (id) => ({ ref: id, attributes: { Arn: `arn:aws:iam::${account}:role/${id}` } }),
  'AWS::SecretsManager::Secret': (id) => ({ ref: arnOf('secretsmanager', `secret:${id}`), attributes: {} }),
  'AWS::ApiGatewayV2::Api': (id) => ({
    ref: apiId(id),
    attributes: { ApiEndpoint: `https://${apiId(id)}.execute-api.${region}.amazonaws.com` },
  }),
};

/** `Ref` of a resource. */
export const refOf = (type: string, id: string): string => namings[type]?.(id).ref ?? id;

/** `Fn::GetAtt` of a resource; what nobody looks at is named after the resource. */
export const attributeOf = (type: string, id: string, attribute: string): string =>
  namings[type]?.(id).attributes[attribute] ?? `${id}.${attribute}`;

/** `AWS::Region` and the like. */
export const pseudoParameters: Readonly<Record<string, string>> = {
  'AWS::Region': region,
  'AWS::AccountId': account,
  'AWS::Partition': 'aws',
  'AWS::URLSuffix': 'amazonaws.com',
};
