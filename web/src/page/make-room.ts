import { ladderSession } from './ladder-link.ts';

// Before the phone's code runs: where the course of a call is shown, no phone is to sign in for it.
if (ladderSession(location.pathname) !== undefined) document.querySelector('sylk-phone')?.remove();
