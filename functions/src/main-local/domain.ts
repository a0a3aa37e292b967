import { announcedAddress, ownNames } from '../adapters/local/own-addresses.ts';
import { type Config, SettingError } from '../config.ts';
import type { Installation } from '../ports/installation.ts';
import type { OwnDomain } from '../signaling/own-domain.ts';

/**
 * The domain of this server: chosen at the first start and kept, since addresses and passwords contain it.
 * All names of the machine are aliases of it.
 *
 * @throws SettingError when another one is asked for later
 */
export const chooseDomain = async (installation: Installation, config: Config): Promise<OwnDomain> => {
  const announced = config.publicAddress ?? announcedAddress();
  const name = await installation.settle('domain', config.domain ?? announced);
  if (config.domain !== undefined && config.domain !== name) {
    const expected = `'${name}', which the addresses in ${config.dataDir} belong to; for another domain use another SYLK_DATA_DIR`;
    throw new SettingError('SYLK_DOMAIN', config.domain, expected);
  }
  const aliases = new Set([announced, ...ownNames()]);
  aliases.delete(name);
  return { name, aliases: [...aliases] };
};
