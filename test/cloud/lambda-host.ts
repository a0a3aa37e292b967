/**
 * The side of a function that Lambda brings: a process with the function's environment, which gives events to the
 * handler one after the other. Arguments: the file of the handler, and the name of its export.
 */
import { pathToFileURL } from 'node:url';
import { isJsonObject } from '@sylk/protocol/json.ts';

const [, , file = '', name = ''] = process.argv;

const say = (message: object): void => {
  process.send?.(message);
};

const shown = (error: unknown) =>
  error instanceof Error
    ? { name: error.name, message: error.message, stack: error.stack }
    : { name: 'Error', message: String(error) };

const module: unknown = await import(pathToFileURL(file).href);
const handler = isJsonObject(Object(module)) ? Object(module)[name] : undefined;
if (typeof handler !== 'function') throw new Error(`${file} exports no function ${name}`);

const run = async (id: string, event: unknown, deadline: number): Promise<void> => {
  const context = {
    awsRequestId: id,
    functionName: process.env.AWS_LAMBDA_FUNCTION_NAME,
    getRemainingTimeInMillis: () => Math.max(0, deadline - Date.now()),
  };
  try {
    say({ result: (await handler(event, context)) ?? null });
  } catch (error) {
    say({ error: shown(error) });
  }
};

process.on('message', (message: unknown) => {
  if (isJsonObject(message)) void run(String(message.id), message.event, Number(message.deadline));
});
process.on('disconnect', () => process.exit());
say({ ready: true });
