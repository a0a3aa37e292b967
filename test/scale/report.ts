/** docs/scale.md: what was counted, and what it means at three sizes. */
import { type Counted, type Counts, type Step, steps } from './counts.ts';
import { edge, habits, type Month, monthOf } from './model.ts';

const sizes = [100, 10_000, 1_000_000];

const names: Readonly<Record<Step, string>> = {
  connect: 'a page connects, signs in, and leaves',
  callOut: 'a call goes out, is answered and ends',
  callIn: 'the same call comes in at an address of ours',
  message: 'a text goes from one of ours to another',
  receipt: 'its reader says that it has come, or was read',
  ping: 'a page says that it is there',
  renewal: 'an edge renews its lease',
};

export const report = (counted: Counted): string => {
  const months = sizes.map((users) => monthOf(users, counted));
  return [
    '# Scale',
    '',
    'Written by `npm run scale`: the counts come from the emulated cloud (the bundled functions, the edge, the store on',
    'DynamoDB), the prices from `test/scale/prices.ts`, the habits from `test/scale/model.ts`. Nothing here was measured on AWS.',
    '',
    '## What a step costs',
    '',
    ...table(
      ['', 'store reads', 'store writes', 'Lambda calls', 'messages', 'bytes'],
      steps.map((step) => [names[step], ...cells(counted[step])]),
    ),
    '',
    'Writes in the indexes of the table are not among the store writes, but in the price: 4 for a call that goes out, 6 for',
    'one that comes in. Messages are those of API Gateway, both ways, to browsers and edges; each is below 32 KB. Media costs none of these.',
    '',
    '## A month',
    '',
    `A user has the page open ${habits.openHours} hours a day, opens it ${habits.connectsADay} times, and makes or gets ${habits.callsADay} calls of ${habits.callMinutes} minutes,`,
    `half of them coming in, and writes ${habits.messagesADay} texts, each with ${habits.receiptsAMessage} receipts; ${100 * habits.busiestHourShare} % of a day happens in its busiest hour. An edge has ${edge.cores} cores, of which a call takes ${edge.coresPerCall} and`,
    `which are loaded to ${100 * edge.usableShare} %; there are enough for the busiest hour all day, and never fewer than ${edge.least}. USD, list prices, no free tier.`,
    '',
    ...table(['', ...months.map(({ users }) => `${whole(users)} users`)], moneyRows(months)),
    '',
    '## The busiest hour',
    '',
    ...table(['', ...months.map(({ users }) => `${whole(users)} users`)], peakRows(months)),
    '',
    ...limits,
    '',
  ].join('\n');
};

const limits = [
  '## Hot keys',
  '',
  'A partition of DynamoDB takes about 1,000 writes and 3,000 reads a second. Keys are spread by account (`A#`, `M#`), call',
  '(`S#`), connection (`C#`) and quota (`Q#`), so one person or one network address is the hottest there is, and its own quota',
  'bounds it. The indexes are spread by edge and by account; an edge begins and ends far fewer sessions a second than that.',
  'All edges are items of one partition (`E`): each function reads it at most every 3 s, and each edge writes its',
  'item twice in 3 s. That is good for some thousand functions at once and about a thousand edges.',
  '',
  '## Quotas to raise, in the order in which they are met',
  '',
  '1. Lambda: 1,000 runs at once in an account; a run takes some 30 ms, so this is met near 30,000 runs a second, or far',
  '   sooner if DynamoDB is slow. Raise it, and reserve some for the edges’ functions, so that clients cannot starve leases.',
  '2. API Gateway: 500 new connections a second. A redeployment that cuts everybody brings them back within the clients’',
  '   back-off; above 10,000 open pages raise it.',
  '3. API Gateway: 10,000 requests a second in an account, callbacks included; compare the messages above.',
  '4. EC2: cores of on-demand instances, and 5 Elastic IPs do not matter, since edges have public addresses of their own.',
  '',
  '## What breaks first',
  '',
  'With more calls: the edges’ CPU, which the scaling policy watches; a new edge takes minutes, so the policy keeps the',
  'usable share low. With more open pages but few calls: the price of connection minutes and pings, long before any limit.',
  'With everybody coming at once: the rate of new connections.',
];

const table = (head: readonly string[], rows: readonly (readonly string[])[]): readonly string[] => [
  `| ${head.join(' | ')} |`,
  `|${head.map((_, index) => (index === 0 ? '---' : '---:')).join('|')}|`,
  ...rows.map((row) => `| ${row.join(' | ')} |`),
];

const cells = ({ storeReads, storeWrites, lambdaCalls, messages, bytes }: Counts): readonly string[] => [
  ...[storeReads, storeWrites, lambdaCalls, messages].map((count) => String(Math.round(count * 10) / 10)),
  // SDP differs by a few bytes from run to run.
  `about ${whole(Number(bytes.toPrecision(1)))}`,
];

const moneyRows = (months: readonly Month[]): readonly (readonly string[])[] => {
  const parts = ['API Gateway', 'Lambda', 'DynamoDB', 'edges', 'traffic', 'sum'] as const;
  const rows = parts.map((part) => [part, ...months.map(({ usd }) => whole(usd[part]))]);
  return [...rows, ['a user', ...months.map(({ users, usd }) => (usd.sum / users).toFixed(2))]];
};

const peakRows = (months: readonly Month[]): readonly (readonly string[])[] => {
  const rows: readonly [string, keyof Month['peak']][] = [
    ['open connections', 'connections'],
    ['calls at once', 'callsAtOnce'],
    ['messages a second', 'messages'],
    ['Lambda calls a second', 'lambdaCalls'],
    ['store writes a second', 'storeWrites'],
    ['store reads a second', 'storeReads'],
    ['edges', 'edges'],
  ];
  return rows.map(([name, field]) => [name, ...months.map(({ peak }) => whole(peak[field]))]);
};

const whole = (value: number): string => Math.round(value).toLocaleString('en-US');
