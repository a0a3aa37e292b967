import { answerOf } from '../command.mjs';
import { fingerprint } from '../fingerprint.mjs';
import { workerBuildNeeds } from '../system-needs.mjs';
import { missingOf, versionsOf } from '../system-packages.mjs';

const libraries = workerBuildNeeds.flatMap(({ library }) => library ?? []);

/**
 * Changes whenever the same source would be built differently on this machine: compiler, its target, libraries.
 *
 * @returns {Promise<string | undefined>} undefined where something needed for building is missing
 */
export async function toolchainFingerprint() {
  const [missing, compiler, versions] = await Promise.all([
    missingOf(workerBuildNeeds),
    answerOf('c++', ['-dumpfullversion', '-dumpmachine']),
    versionsOf(libraries),
  ]);
  if (missing.length > 0) return undefined;
  return fingerprint([compiler ?? '', ...[...versions].map(([library, version]) => `${library} ${version}`)]);
}
