import type { SessionKey } from '@sylk/protocol/ids.ts';

/** One text for a session key, for maps; no two keys give the same. */
export const sessionName = (key: SessionKey): string => JSON.stringify([key.aor, key.device, key.session]);
