import { RemovalPolicy, Stack, type StackProps } from 'aws-cdk-lib';
import { AttributeType, BillingMode, ProjectionType, Table } from 'aws-cdk-lib/aws-dynamodb';
import { Secret } from 'aws-cdk-lib/aws-secretsmanager';
import type { Construct } from 'constructs';
import { acknowledge } from './acknowledge.ts';

/** Name of the index of sessions by the edge that owns them. */
export const edgeIndex = 'byEdge';

/** Name of the index of sessions by account. */
export const accountIndex = 'byAccount';

/** What outlives every deployment: the table, and the secrets. Removing the stack leaves the table. */
export class StateStack extends Stack {
  readonly table: Table;
  /** Shared by the functions and the edges: it signs the tokens with which an edge dials in. */
  readonly linkSecret: Secret;
  /** Shared by CloudFront and the functions: who sends it is believed about a visitor's address. */
  readonly frontSecret: Secret;

  /** Seals the passwords of accounts elsewhere in the table; whoever has the table alone has none of them. */
  readonly accountSecret: Secret;

  constructor(scope: Construct, id: string, props?: StackProps) {
    super(scope, id, props);
    this.table = this.#newTable();
    this.linkSecret = this.#newSecret(
      'LinkSecret',
      'signs the tokens of edges',
      'a new value has to reach the functions, and edges that start anew, so an operator rotates it: docs/cloud/README.md',
    );
    this.frontSecret = this.#newSecret(
      'FrontSecret',
      'shows that a request comes through CloudFront',
      'CloudFront gets a new value only by a deployment, so an operator rotates it: docs/cloud/README.md',
    );
    this.accountSecret = this.#newSecret(
      'AccountSecret',
      'seals the passwords of accounts elsewhere',
      'with a new value nobody could open what the former one has sealed, so it stays: docs/cloud/README.md',
    );
    // Without it nobody opens what the table keeps, which is retained as well.
    this.accountSecret.applyRemovalPolicy(RemovalPolicy.RETAIN);
  }

  #newTable(): Table {
    const table = new Table(this, 'Table', {
      partitionKey: { name: 'pk', type: AttributeType.STRING },
      sortKey: { name: 'sk', type: AttributeType.STRING },
      billingMode: BillingMode.PAY_PER_REQUEST,
      timeToLiveAttribute: 'ttl',
      pointInTimeRecoverySpecification: { pointInTimeRecoveryEnabled: true },
      deletionProtection: true,
      removalPolicy: RemovalPolicy.RETAIN,
    });
    table.addGlobalSecondaryIndex({
      indexName: edgeIndex,
      partitionKey: { name: 'edgePk', type: AttributeType.STRING },
      sortKey: { name: 'edgeSk', type: AttributeType.STRING },
      projectionType: ProjectionType.ALL,
    });
    table.addGlobalSecondaryIndex({
      indexName: accountIndex,
      partitionKey: { name: 'accountPk', type: AttributeType.STRING },
      sortKey: { name: 'accountSk', type: AttributeType.STRING },
      projectionType: ProjectionType.ALL,
    });
    return table;
  }

  #newSecret(id: string, description: string, whyNoSchedule: string): Secret {
    const secret = new Secret(this, id, {
      description,
      generateSecretString: { passwordLength: 43, excludePunctuation: true },
    });
    acknowledge(secret, { SMG4: whyNoSchedule });
    return secret;
  }
}
