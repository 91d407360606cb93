import { LoadingState, type PanelData } from '@grafana/data';
import { locationService } from '@grafana/runtime';
import { sceneGraph, type SceneDataProvider, type SceneFlexItem, type SceneObject } from '@grafana/scenes';
import { isNarrowed, readNarrowing } from '../../queries/narrowing';
import { cellOf } from '../../queries/parts';

/** True when the database has answered that there is no robot; a database that does not answer has not said so. */
export function isWithoutRobots(data: PanelData | undefined): boolean {
  if (data?.state !== LoadingState.Done) return false;
  return cellOf(data.series[0], 'robots') === 0;
}

/** Scene behaviour: shows the hint while the counts say that there is no robot. */
export function showWithoutRobots({ hint, counts }: { hint: SceneFlexItem; counts: SceneDataProvider }) {
  return (_: SceneObject): (() => void) => {
    const update = () => {
      const { data } = counts.state;
      // A query under way says nothing new: the hint must not blink.
      if (data?.state === LoadingState.Loading) return;
      // Without robots that match, nothing is said about the fleet.
      const isPart = isNarrowed(readNarrowing(locationService.getSearch()));
      hint.setState({ isHidden: isPart || !isWithoutRobots(data) });
    };
    update();
    const subscription = counts.subscribeToState(update);
    return () => subscription.unsubscribe();
  };
}

/** True for the value of a variable that names one robot, not all and not several. */
export function isOneRobot(value: unknown): boolean {
  const ids = [value].flat();
  return ids.length === 1 && typeof ids[0] === 'string' && ids[0] !== '' && ids[0] !== '$__all' && ids[0] !== 'All';
}

/** Scene behaviour: while the robot variable holds exactly one robot, its detail stands in the place of the overview. */
export function swapForOneRobot(items: { detail: SceneFlexItem; overview: SceneFlexItem }) {
  return (owner: SceneObject): void | (() => void) => {
    const variable = sceneGraph.lookupVariable('robot', owner);
    if (!variable) return;
    const update = () => {
      const isOne = isOneRobot(variable.getValue());
      items.detail.setState({ isHidden: !isOne });
      items.overview.setState({ isHidden: isOne });
    };
    update();
    const subscription = variable.subscribeToState(update);
    return () => subscription.unsubscribe();
  };
}
