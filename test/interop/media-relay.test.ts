import assert from 'node:assert/strict';
import { udpLibraryBeside } from '../../media-edge/src/relay/udp-library.ts';
import { relayContract } from '../contract/relay.ts';
import { workerBin } from '../peers/media-rig.ts';
import { mediaBlock } from '../peers/ports.ts';

const library = udpLibraryBeside(workerBin());
assert.ok(library, 'set-up builds the library beside the worker');

relayContract('relay on its UDP library', (await mediaBlock()).first, library);
