import { SceneFlexItem, SceneFlexLayout, type SceneObject, type VizPanel } from '@grafana/scenes';

/** As wide as this, or as the screen of a phone: nothing is scrolled sideways. */
export function atMost(widthPx: number): string {
  return `min(${widthPx}px, 100%)`;
}

/** Side by side where there is room, else below one another. */
export function row(children: Array<SceneFlexItem | SceneFlexLayout>): SceneFlexLayout {
  return new SceneFlexLayout({ direction: 'row', wrap: 'wrap', ySizing: 'content', children });
}

/**
 * A panel of this height that shares a row as long as it has its width.
 * @param height pixels, or a length of CSS
 */
export function panelItem(body: VizPanel | SceneObject, minWidthPx: number, height: number | string): SceneFlexItem {
  return new SceneFlexItem({
    minWidth: atMost(minWidthPx),
    minHeight: height,
    height,
    body: body as VizPanel,
  });
}
