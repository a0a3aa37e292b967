import { readFileSync } from 'node:fs';
import { readTrunks } from '@sylk/protocol/trunks.ts';
import { wrongSetting } from '../config.ts';
import { Trunks } from '../sip/trunk/trunks.ts';

/**
 * Reads what `SYLK_TRUNKS` describes.
 *
 * @param setting path of a file, or the JSON itself, which is how a container gets it from a secret
 * @throws SettingError that names the field that is wrong; of the JSON itself it says nothing, since that has passwords
 */
export function readTrunksSetting(setting: string): Trunks {
  // Whatever could be a broken description is taken for one: of a path it would be told what stands there.
  const isPath = /^[\w./~-][\w./~ @+,-]*$/.test(setting);
  try {
    return new Trunks(readTrunks(isPath ? readFileSync(setting, 'utf8') : setting));
  } catch (cause) {
    const why = cause instanceof Error ? cause.message : String(cause);
    if (!isPath) throw wrongSetting('SYLK_TRUNKS', '{...}', `JSON that describes trunks (${why})`);
    throw wrongSetting('SYLK_TRUNKS', setting, `a JSON file that describes trunks (${why})`, cause);
  }
}
