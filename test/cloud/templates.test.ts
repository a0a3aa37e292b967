import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { Rights } from './rights.ts';
import { Templates } from './templates.ts';

const state = {
  Resources: { Table: { Type: 'AWS::DynamoDB::Table', Properties: { BillingMode: 'PAY_PER_REQUEST' } } },
  Outputs: {
    Name: { Value: { Ref: 'Table' }, Export: { Name: 'State:Name' } },
    Arn: { Value: { 'Fn::GetAtt': ['Table', 'Arn'] }, Export: { Name: 'State:Arn' } },
  },
};

const tableArn = 'arn:aws:dynamodb:eu-central-1:111122223333:table/Table';

const signaling = {
  Resources: {
    Reader: { Type: 'AWS::IAM::Role', Properties: {} },
    ReaderPolicy: {
      Type: 'AWS::IAM::Policy',
      Properties: {
        Roles: [{ Ref: 'Reader' }],
        PolicyDocument: {
          Statement: [
            {
              Effect: 'Allow',
              Action: ['dynamodb:GetItem', 'dynamodb:Query'],
              Resource: { 'Fn::ImportValue': 'State:Arn' },
            },
            { Effect: 'Allow', Action: 'sqs:*', Resource: '*' },
            { Effect: 'Deny', Action: 'sqs:DeleteQueue', Resource: '*' },
          ],
        },
      },
    },
    Function: {
      Type: 'AWS::Lambda::Function',
      Properties: {
        Environment: {
          Variables: {
            TABLE: { 'Fn::ImportValue': 'State:Name' },
            PLACE: { 'Fn::Join': ['.', ['at', { Ref: 'AWS::Region' }]] },
            // biome-ignore lint/suspicious/noTemplateCurlyInString: CloudFormation has the same placeholders.
            CODE: { 'Fn::Sub': 'assets-${AWS::AccountId}-${Reader}' },
          },
        },
      },
    },
    Broken: { Type: 'Broken', Properties: { of: { Ref: 'Nothing' } } },
    Strange: { Type: 'Strange', Properties: { of: { 'Fn::Select': [0, []] } } },
  },
};

const templates = new Templates({ State: state, Signaling: signaling });

describe('templates', () => {
  it('references are resolved, also those to other stacks', () => {
    const { properties } = templates.only('AWS::Lambda::Function');
    const variables = { TABLE: 'Table', PLACE: 'at.eu-central-1', CODE: 'assets-111122223333-Reader' };
    assert.deepEqual(properties.Environment, { Variables: variables });
  });

  it('a reference to nothing names who refers to what', () => {
    assert.throws(() => templates.only('Broken').properties, /Signaling refers to Nothing/);
  });

  it('a function of CloudFormation that is not known is named', () => {
    assert.throws(() => templates.only('Strange').properties, /Fn::Select/);
  });

  it('a resource that is missing is missed', () => {
    assert.throws(() => templates.only('AWS::SQS::Queue'), /expected one AWS::SQS::Queue, found 0/);
  });
});

describe('rights', () => {
  const rights = new Rights(templates);

  it('what a policy allows on a resource is allowed, and nothing else', () => {
    assert.equal(rights.mayDo('Reader', 'dynamodb:GetItem', tableArn), true);
    assert.equal(rights.mayDo('Reader', 'dynamodb:PutItem', tableArn), false);
    assert.equal(rights.mayDo('Reader', 'dynamodb:Query', `${tableArn}/index/byEdge`), false);
    assert.equal(rights.mayDo('Stranger', 'dynamodb:GetItem', tableArn), false);
  });

  it('what is denied stays denied whatever allows it', () => {
    assert.equal(rights.mayDo('Reader', 'sqs:SendMessage', 'any'), true);
    assert.equal(rights.mayDo('Reader', 'sqs:DeleteQueue', 'any'), false);
  });
});
