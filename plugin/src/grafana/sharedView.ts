import { config, locationService } from '@grafana/runtime';

/**
 * Whether somebody sees this dashboard who may be nobody: by its external link (Grafana's public dashboards), or as a snapshot.
 * Grafana answers the panels' own queries there, and refuses everything else to a visitor who is not signed in.
 */
export function isSharedView(): boolean {
  if (config.publicDashboardAccessToken) return true;
  return locationService.getLocation().pathname.startsWith('/dashboard/snapshot/');
}
