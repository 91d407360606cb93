import type { ExternalLink } from './externalLinks';
import { CLICKHOUSE, PROMETHEUS } from './identifiers';

/** What the configuration page of the plugin saves, per organisation. Absent is what the pages had before there was such a setting. */
export interface SetupSettings {
  /** Uid of a data source; absent for the one that provisioning creates. */
  clickhouseUid?: string;
  prometheusUid?: string;
  /** Below this charge in percent, pages count a robot as low on battery. */
  lowBatteryPercent?: number;
  /** Time zone of shifts, as the IANA names it; absent for that of the viewer. */
  timeZone?: string;
  /** `start` is a time of day, such as `06:30`. A shift ends when the next one starts. */
  shifts?: Array<{ name: string; start: string }>;
  sites?: Array<{ id: string; name: string }>;
  links?: ExternalLink[];
}

const PROVISIONED = { clickhouse: CLICKHOUSE.uid, prometheus: PROMETHEUS.uid };

/**
 * Makes every query of the pages go to the chosen data sources. Call it before the pages are made: their scenes are made with the
 * uids that hold then.
 */
export function chooseDataSources({ clickhouseUid, prometheusUid }: SetupSettings = {}): void {
  CLICKHOUSE.uid = clickhouseUid || PROVISIONED.clickhouse;
  PROMETHEUS.uid = prometheusUid || PROVISIONED.prometheus;
}
