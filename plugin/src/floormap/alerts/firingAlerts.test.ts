import { alertsByRobot } from './firingAlerts';

const alert = (robot_id: string | undefined, alertname: string, state = 'active') => ({
  labels: { alertname, grafana_folder: 'Floorwatch', ...(robot_id ? { robot_id } : {}) },
  status: { state },
});

it('gathers the firing alerts of each robot', () => {
  const byRobot = alertsByRobot(
    [alert('r-1', 'Telemetry drop-off'), alert('r-1', 'Battery'), alert('r-2', 'Battery')],
    'Floorwatch'
  );
  expect(Object.fromEntries(byRobot)).toEqual({ 'r-1': ['Telemetry drop-off', 'Battery'], 'r-2': ['Battery'] });
});

it('leaves out silenced alerts and those that name no robot', () => {
  expect(alertsByRobot([alert('r-1', 'Battery', 'suppressed'), alert(undefined, 'Consumer lag'), {}], '').size).toBe(0);
});

it("leaves out another team's alert on a robot of the same id", () => {
  const alerts = [alert('r-1', 'Battery')];
  expect(alertsByRobot(alerts, 'Other team').size).toBe(0);
  expect(alertsByRobot(alerts, '').size).toBe(1);
});
