import { readdirSync, readFileSync } from 'node:fs';

export type ExampleFolder = 'requests' | 'replies' | 'events' | 'edge/to-edge' | 'edge/from-edge';

/** Names of the messages that a folder has an example of, as `session-event.state.ringing`. */
export const exampleNames = (folder: ExampleFolder): readonly string[] =>
  readdirSync(new URL(`${folder}/`, import.meta.url))
    .filter((file) => file.endsWith('.json'))
    .map((file) => file.slice(0, -'.json'.length))
    .sort();

/** An example as it may stand on the wire (only the line breaks are for people). */
export const readExample = (folder: ExampleFolder, name: string): string =>
  readFileSync(new URL(`${folder}/${name}.json`, import.meta.url), 'utf8');
