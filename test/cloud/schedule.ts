import type { ScheduleDefinition } from './deployment.ts';

export interface ScheduleOptions {
  readonly definition: ScheduleDefinition;
  /** A second of the schedule takes so many. */
  readonly secondsScale: number;
  /** @throws FunctionError */
  invoke(functionArn: string, source: string, event: unknown): Promise<unknown>;
  onLog(text: string): void;
}

/** A rule of EventBridge: calls its function at once and then again and again. @returns what stops it */
export const startSchedule = ({ definition, secondsScale, invoke, onLog }: ScheduleOptions): (() => void) => {
  const { arn, functionArn, everyMs } = definition;
  const run = (): void => {
    const event = {
      source: 'aws.events',
      'detail-type': 'Scheduled Event',
      time: new Date().toISOString(),
      detail: {},
    };
    invoke(functionArn, arn, event).catch((error: unknown) => onLog(`a scheduled run failed: ${error}`));
  };
  run();
  const timer = setInterval(run, everyMs * secondsScale);
  return () => clearInterval(timer);
};
