import React from 'react';
import type { DataFrame, LinkModel } from '@grafana/data';
import { isSafeLink } from '../../grafana/address';
import type { Fleet } from '../fleet/fleet';
import { nameOfZone } from '../geometry/zoneAt';
import type { MapControl } from '../interaction/useMapControl';
import { MapMenu } from '../ui/MapMenu';
import type { OpenMenu } from './useMapMenu';
import type { MapModel } from './useMapModel';

interface ContextMenuProps {
  model: MapModel;
  control: MapControl;
  menu: OpenMenu;
  onClose: () => void;
}

/** The menu of the robot or place that was clicked. */
export function MapContextMenu({
  model: { fleet, frame },
  control: { state, dispatch },
  menu,
  onClose,
}: ContextMenuProps) {
  const { robot, zone } = menu;
  const robotId = fleet.robotIds[robot];
  const isFollowed = state.followedId !== null && state.followedId === robotId;
  return (
    <MapMenu
      at={menu.at}
      point={menu.point}
      robotId={robotId}
      links={robotLinks(frame, fleet, robot)}
      isFollowed={isFollowed}
      zone={zone && { name: nameOfZone(zone.zone), robots: zone.robots }}
      onSelect={() => dispatch({ kind: 'pick', robot })}
      onSelectZone={() => zone && dispatch({ kind: 'selectZone', zone: zone.zone })}
      onFollow={() => dispatch({ kind: 'follow', robot: isFollowed ? null : robot })}
      onMeasure={() => dispatch({ kind: 'measureFrom', point: menu.point })}
      onClose={onClose}
    />
  );
}

/** Data links that the panel's field configuration gives this robot's row. */
function robotLinks(frame: DataFrame | null, fleet: Fleet, robot: number): LinkModel[] {
  const valueRowIndex = fleet.rows[robot];
  if (!frame || valueRowIndex === undefined) return [];
  // A link that the data itself makes could run a script in the viewer's session.
  const links = frame.fields
    .flatMap((field) => field.getLinks?.({ valueRowIndex }) ?? [])
    .filter(({ href }) => href !== '' && isSafeLink(href));
  // A link that is set for all fields comes once for each.
  return links.filter(
    (link, k) => links.findIndex(({ href, title }) => href === link.href && title === link.title) === k
  );
}
