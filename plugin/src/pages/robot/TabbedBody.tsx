import React from 'react';
import { css } from '@emotion/css';
import type { GrafanaTheme2 } from '@grafana/data';
import { t } from '@grafana/i18n';
import { locationService } from '@grafana/runtime';
import {
  SceneFlexLayout,
  SceneObjectBase,
  type SceneComponentProps,
  type SceneFlexItemLike,
  type SceneObjectState,
} from '@grafana/scenes';
import { Tab, TabsBar, Text, useStyles2 } from '@grafana/ui';
import { changeAddress } from '../../grafana/address';
import { onAddress } from '../../queries/addressRunner';
import { ROBOT_TABS, tabOfAddress, titleOfTab, type RobotTab } from './robotTabs';

interface TabbedBodyState extends SceneObjectState {
  tab: RobotTab;
  body: SceneFlexLayout;
  /** Whether the robot is in service and has reported: another one is on no map of now. */
  hasNow: boolean;
}

/** The tabs, and what the one in the address shows. Only that one exists, so only it asks the database. */
export class TabbedBody extends SceneObjectBase<TabbedBodyState> {
  static readonly Component = Tabbed;
  readonly #contents: Record<RobotTab, () => SceneFlexItemLike[]>;

  constructor(contents: Record<RobotTab, () => SceneFlexItemLike[]>) {
    const tab = tabOfAddress(locationService.getSearch());
    super({ tab, body: layoutOf(contents[tab]), hasNow: true });
    this.#contents = contents;
    this.addActivationHandler(() => {
      this.#follow();
      return onAddress(() => this.#follow());
    });
  }

  #follow(): void {
    const tab = tabOfAddress(locationService.getSearch());
    if (tab !== this.state.tab) this.setState({ tab, body: layoutOf(this.#contents[tab]) });
  }
}

function layoutOf(contentOf: () => SceneFlexItemLike[]): SceneFlexLayout {
  return new SceneFlexLayout({ direction: 'column', children: contentOf() });
}

function Tabbed({ model }: SceneComponentProps<TabbedBody>) {
  const styles = useStyles2(getStyles);
  const { tab, body, hasNow } = model.useState();
  return (
    <div className={styles.tabbed} data-testid="robot-tabs">
      <TabsBar>
        {ROBOT_TABS.map((one) => (
          <Tab
            key={one}
            label={titleOfTab(one)}
            active={one === tab}
            onChangeTab={(event) => {
              event.preventDefault();
              // What another tab's list has chosen means nothing here.
              changeAddress({ tab: one === 'now' ? null : one, page: null, type: null }, 'new step');
            }}
          />
        ))}
      </TabsBar>
      <div className={styles.content}>
        {tab === 'now' && !hasNow ? (
          <Text color="secondary">
            {t('robot.tab.no_now', 'This robot is on no map of now. The other tabs show what it did before.')}
          </Text>
        ) : (
          <body.Component key={body.state.key} model={body} />
        )}
      </div>
    </div>
  );
}

const getStyles = (theme: GrafanaTheme2) => ({
  tabbed: css({ display: 'flex', flexDirection: 'column', width: '100%', minWidth: 0 }),
  content: css({ display: 'flex', flexGrow: 1, marginTop: theme.spacing(1), minWidth: 0 }),
});
