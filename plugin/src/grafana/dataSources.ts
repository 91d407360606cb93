import { CLICKHOUSE, PROMETHEUS } from './identifiers';
import type { SetupSettings } from './settings';

const PROVISIONED = { clickhouse: CLICKHOUSE.uid, prometheus: PROMETHEUS.uid };

/**
 * Makes every query of the pages go to the chosen data sources. Call it before the pages are made: their scenes are made with the
 * uids that hold then.
 */
export function chooseDataSources({ clickhouseUid, prometheusUid }: SetupSettings = {}): void {
  CLICKHOUSE.uid = clickhouseUid || PROVISIONED.clickhouse;
  PROMETHEUS.uid = prometheusUid || PROVISIONED.prometheus;
}
