/** A group of alert rules in Grafana's form of files, as `renderAlerting` returns it. */
interface FileGroup {
  orgId: number;
  name: string;
  /** Such as `10s`. */
  interval: string;
  rules: readonly Record<string, unknown>[];
}

/** What file provisioning alone knows: the annotations have the dashboard and the panel too. */
const FILE_FIELDS: ReadonlySet<string> = new Set(['dashboardUid', 'panelId', 'keepFiringFor']);

/**
 * Bodies of `PUT /api/v1/provisioning/folder/FOLDER_UID/rule-groups/NAME`, by file name, for a Grafana whose files nobody can write.
 * @param files from `renderAlerting`; contact points and templates stay out, because Grafana fills their variables in files only
 */
export function apiGroups(files: Readonly<Record<string, object>>, folderUid: string): Record<string, object> {
  const { groups = [] } = (files['rules.yaml'] ?? {}) as { groups?: FileGroup[] };
  return Object.fromEntries(
    groups.map(({ orgId, name, interval, rules }) => [
      `${name}.json`,
      {
        ...{ title: name, folderUid, interval: parseInt(interval, 10) },
        rules: rules.map((rule) => ({
          ...Object.fromEntries(Object.entries(rule).filter(([field]) => !FILE_FIELDS.has(field))),
          ...{ orgID: orgId, folderUID: folderUid, ruleGroup: name, keep_firing_for: rule['keepFiringFor'] },
        })),
      },
    ])
  );
}
