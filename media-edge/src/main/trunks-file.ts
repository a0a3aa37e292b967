import { readFileSync } from 'node:fs';
import { readTrunks } from '@sylk/protocol/trunks.ts';
import { wrongSetting } from '../config.ts';
import { Trunks } from '../sip/trunk/trunks.ts';

/** @throws SettingError that names the field that is wrong */
export function readTrunksFile(path: string): Trunks {
  try {
    return new Trunks(readTrunks(readFileSync(path, 'utf8')));
  } catch (cause) {
    const why = cause instanceof Error ? cause.message : String(cause);
    throw wrongSetting('SYLK_TRUNKS', path, `a JSON file that describes trunks (${why})`, cause);
  }
}
