import { sceneGraph, type SceneFlexItem, type SceneObject } from '@grafana/scenes';
import { isOneRobot } from './isOneRobot';

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
