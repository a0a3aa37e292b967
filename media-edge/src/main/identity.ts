import { randomBytes } from 'node:crypto';
import { existsSync, linkSync, mkdirSync, readFileSync, unlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { type EdgeId, edgeId } from '@sylk/protocol/ids.ts';

/** The name of this edge, made at its first start and kept. */
export const ownEdgeId = (dataDir: string): EdgeId =>
  edgeId(settled(dataDir, 'edge-id', () => `edge-${randomBytes(6).toString('hex')}`));

/** The secret that an edge shares with signaling on the same machine; whoever starts first makes it. */
export const localSecret = (dataDir: string): string =>
  settled(dataDir, 'edge-token', () => randomBytes(32).toString('base64url'));

/** The text of a file that is written once, whole, and readable by us alone. */
function settled(dataDir: string, name: string, make: () => string): string {
  mkdirSync(dataDir, { recursive: true, mode: 0o700 });
  const file = join(dataDir, name);
  if (!existsSync(file)) publish(file, make());
  return readFileSync(file, 'utf8').trim();
}

/** A link appears at once and never over another: of two processes that try, one wins, and both read its text. */
function publish(file: string, text: string): void {
  const draft = `${file}.${process.pid}.new`;
  writeFileSync(draft, `${text}\n`, { mode: 0o600 });
  try {
    linkSync(draft, file);
  } catch (error) {
    const isThere = error instanceof Error && 'code' in error && error.code === 'EEXIST';
    if (!isThere) throw error;
  } finally {
    unlinkSync(draft);
  }
}
