import { keptAor } from '../account/added.ts';
import type { Services } from '../services.ts';

/** Under which address a conversation is kept: one spelling for what is written to somebody, and for what comes back. */
export const contactOf = (services: Services, uri: string): string => keptAor(services, uri) ?? uri.toLowerCase();
