import type { FunctionName } from './bundle-functions.ts';
import { accountIndex, edgeIndex } from './state-stack.ts';

/** What a function may do and must know, besides writing its log. */
export interface FunctionNeeds {
  readonly description: string;
  readonly table?: TableNeeds;
  /** Posts to browsers, and to edges. */
  readonly posts?: readonly ('browsers' | 'edges')[];
  /** Closes connections of browsers that seem to be gone. */
  readonly closesBrowsers?: boolean;
  readonly queuesFollowUps?: boolean;
  readonly secrets?: readonly ('link' | 'front' | 'accounts')[];
  /** Knows the domain, the origins and the limits. */
  readonly serves?: boolean;
}

export interface TableNeeds {
  /** Actions of DynamoDB on items of the table. */
  readonly actions: readonly string[];
  /** The indexes that it reads. */
  readonly indexes?: readonly string[];
}

/** Each write may be followed by a look at what stands there instead. */
const reading = ['dynamodb:GetItem', 'dynamodb:Query'];
const [putting, changing, deleting] = ['dynamodb:PutItem', 'dynamodb:UpdateItem', 'dynamodb:DeleteItem'];
/** Reads of one instant go as a batch. No scan, no batch of writes, no transaction: none is used here. */
const items = [...reading, 'dynamodb:BatchGetItem', putting, changing, deleting];

/** The rights of the functions in one place. */
export const functionNeeds: Readonly<Record<FunctionName, FunctionNeeds>> = {
  connect: {
    description: 'takes in the connections of browsers',
    table: { actions: [...reading, putting, changing] },
    queuesFollowUps: true,
    secrets: ['front'],
    serves: true,
  },
  disconnect: {
    description: 'looks after what a connection leaves',
    table: { actions: [...reading, changing, deleting], indexes: [accountIndex] },
    posts: ['edges'],
    serves: true,
  },
  message: {
    description: 'carries out the requests of browsers',
    table: { actions: items, indexes: [accountIndex] },
    posts: ['browsers', 'edges'],
    closesBrowsers: true,
    secrets: ['accounts'],
    serves: true,
  },
  'follow-up': {
    description: 'does what cannot be done at once: greets connections, finds lost edges',
    table: { actions: items, indexes: [edgeIndex, accountIndex] },
    posts: ['browsers', 'edges'],
    closesBrowsers: true,
    queuesFollowUps: true,
    secrets: ['accounts'],
    serves: true,
  },
  http: {
    description: 'answers the HTTP interface: addresses, ladders, health',
    table: { actions: items },
    posts: ['browsers', 'edges'],
    secrets: ['front'],
    serves: true,
  },
  'edge-authorizer': {
    description: 'lets edges in whose token is good and new',
    table: { actions: ['dynamodb:GetItem', 'dynamodb:PutItem'] },
    secrets: ['link'],
  },
  'edge-link': {
    description: 'takes the reports of edges',
    table: { actions: items, indexes: [edgeIndex, accountIndex] },
    posts: ['browsers', 'edges'],
    closesBrowsers: true,
    queuesFollowUps: true,
    secrets: ['accounts'],
    serves: true,
  },
  'watch-edges': {
    description: 'has the edges looked after every 10 seconds',
    queuesFollowUps: true,
  },
};
