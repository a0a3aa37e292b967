/**
 * The session in the path of a call's course, `/calls/ID`.
 *
 * @returns undefined for any other path
 */
export const ladderSession = (path: string): string | undefined => /^\/calls\/([\w.-]+)\/?$/.exec(path)?.[1];
