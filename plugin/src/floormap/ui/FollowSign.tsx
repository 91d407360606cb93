import React from 'react';
import { css } from '@emotion/css';
import type { GrafanaTheme2 } from '@grafana/data';
import { t } from '@grafana/i18n';
import { IconButton, useStyles2 } from '@grafana/ui';
import type { Fleet } from '../fleet/fleet';
import { showText, UNESCAPED } from '../../grafana/showText';
import { whyNotPlaced, type Placement } from '../fleet/placement';

interface FollowSignProps {
  robotId: string;
  fleet: Fleet;
  placement: Placement;
  mapId: string | null;
  onStop: () => void;
}

/** Says whom the map follows, and why that robot is not to be seen when it is not. */
export function FollowSign({ robotId, fleet, placement, mapId, onStop }: FollowSignProps) {
  const styles = useStyles2(getStyles);
  const robot = fleet.robotIds.indexOf(robotId);
  const reason = robot < 0 ? t('map.follow.absent', 'not among the robots') : whyNotPlaced(fleet, robot, mapId);
  const said = { robot: showText(robotId), ...UNESCAPED };
  const isSeen = placement.isPlaced[robot] === 1;
  return (
    <div className={styles.sign} data-testid="floormap-following">
      <span className={styles.robot}>{t('map.follow.following', 'Following {{robot}}', said)}</span>
      {!isSeen && <span className={styles.missing}>{`: ${reason}`}</span>}
      <IconButton
        name="times"
        size="sm"
        aria-label={t('map.follow.stop_one', 'Stop following {{robot}}', said)}
        onClick={onStop}
      />
    </div>
  );
}

const getStyles = (theme: GrafanaTheme2) => ({
  sign: css({
    display: 'flex',
    alignItems: 'center',
    width: 'fit-content',
    gap: theme.spacing(0.5),
    padding: theme.spacing(0.5, 1),
    border: `1px solid ${theme.colors.primary.border}`,
    borderRadius: theme.shape.radius.default,
    background: theme.colors.background.primary,
    fontSize: theme.typography.bodySmall.fontSize,
    pointerEvents: 'auto',
  }),
  robot: css({ maxWidth: 300, overflow: 'hidden', textOverflow: 'ellipsis', whiteSpace: 'nowrap' }),
  missing: css({ color: theme.colors.warning.text }),
});
