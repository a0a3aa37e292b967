import assert from 'node:assert/strict';
import type { PagePhone } from './page-phone.ts';

/** Waits until pictures come in, one after another. */
export async function pictureMoves(phone: PagePhone, call: string): Promise<void> {
  const before = (await phone.media(call)).videoFrames;
  await until(
    async () => (await phone.media(call)).videoFrames > before + 10,
    async () => `no picture, or one that stands still: ${JSON.stringify(await phone.media(call))}`,
  );
}

/** What was under way may still arrive; then there is nothing for a second. */
export async function soundStops(phone: PagePhone, call: string): Promise<void> {
  await new Promise((resolve) => setTimeout(resolve, 700));
  const before = (await phone.media(call)).audioPackets;
  await new Promise((resolve) => setTimeout(resolve, 1_000));
  assert.ok((await phone.media(call)).audioPackets - before <= 2, 'sound still arrives');
}

/** @param complaint what is said when it is not true in time */
export async function until(
  isTrue: () => Promise<boolean>,
  complaint: string | (() => Promise<string>),
  timeoutMs = 10_000,
): Promise<void> {
  const end = Date.now() + timeoutMs;
  while (!(await isTrue())) {
    if (Date.now() > end) throw new Error(typeof complaint === 'string' ? complaint : await complaint());
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
}
