import { behaviors, EmbeddedScene, SceneFlexLayout } from '@grafana/scenes';
import { unhurriedTimeRange } from './unhurriedTimeRange';

test('a refresh waits until the queries of the one before are answered', () => {
  const controller = new behaviors.SceneQueryController();
  const range = unhurriedTimeRange({ from: 'now-1h', to: 'now' });
  const scene = new EmbeddedScene({
    $timeRange: range,
    $behaviors: [controller],
    body: new SceneFlexLayout({ children: [] }),
  });
  const deactivate = scene.activate();
  const refreshed = jest.fn();
  range.subscribeToState(refreshed);

  const query = { type: 'test', origin: scene, cancel: jest.fn() };
  controller.queryStarted(query);
  range.onRefresh();
  expect(refreshed).not.toHaveBeenCalled();
  expect(query.cancel).not.toHaveBeenCalled();

  controller.queryCompleted(query);
  range.onRefresh();
  expect(refreshed).toHaveBeenCalledTimes(1);
  deactivate();
});
