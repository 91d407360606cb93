import React from 'react';
import type { MapPoint } from '@floorwatch/floorplan/transform';
import type { LinkModel } from '@grafana/data';
import { t } from '@grafana/i18n';
import { ContextMenu, Menu } from '@grafana/ui';
import { copyText } from './copyText';
import { showText, UNESCAPED } from '../../grafana/showText';
import { countRobots } from '../fleet/describe';

interface MapMenuProps {
  at: { x: number; y: number };
  point: MapPoint;
  /** Id of the robot that was clicked; undefined on empty floor. */
  robotId: string | undefined;
  links: LinkModel[];
  /** The zone around the place; null outside of all zones, or where it holds no robot. */
  zone: { name: string; robots: number } | null;
  isFollowed: boolean;
  onFollow: () => void;
  onSelect: () => void;
  onSelectZone: () => void;
  onMeasure: () => void;
  onClose: () => void;
}

/** What can be done here: with the robot under the pointer, and with the place. */
export function MapMenu(props: MapMenuProps) {
  const { at, point, robotId, links, zone, isFollowed, onFollow, onSelect, onSelectZone, onMeasure, onClose } = props;
  const copy = (text: string) => void copyText(text);
  const coordinates = formatPoint(point);
  const items = () => (
    <>
      {robotId !== undefined && (
        <Menu.Group label={showText(robotId)}>
          <Menu.Item label={t('map.menu.select', 'Select')} icon="check" onClick={onSelect} />
          <Menu.Item
            label={isFollowed ? t('map.menu.unfollow', 'Stop following') : t('map.menu.follow', 'Follow')}
            icon="crosshair"
            onClick={onFollow}
          />
          <Menu.Item label={t('map.menu.copy_id', 'Copy id')} icon="copy" onClick={() => copy(robotId)} />
          {links.map((link) => (
            <Menu.Item key={link.href} label={showText(link.title)} icon="link" url={link.href} target={link.target} />
          ))}
        </Menu.Group>
      )}
      <Menu.Group label={coordinates + ' m'}>
        {zone && (
          <Menu.Item
            label={t('map.menu.select_zone', 'Select the {{robots}} in {{zone}}', {
              robots: countRobots(zone.robots),
              zone: showText(zone.name),
              ...UNESCAPED,
            })}
            icon="square-shape"
            onClick={onSelectZone}
          />
        )}
        <Menu.Item label={t('map.menu.copy_place', 'Copy coordinates')} icon="copy" onClick={() => copy(coordinates)} />
        <Menu.Item label={t('map.menu.measure', 'Measure from here')} icon="ruler-combined" onClick={onMeasure} />
      </Menu.Group>
    </>
  );
  return <ContextMenu x={at.x} y={at.y} onClose={onClose} renderMenuItems={items} />;
}

/** Metres to the centimetre, as they are pasted into a ticket or a query: '12.34, -5.67'. */
export function formatPoint({ xMetres, yMetres }: MapPoint): string {
  return `${toCentimetre(xMetres)}, ${toCentimetre(yMetres)}`;
}

/** A number just below 0 must not read -0.00. */
function toCentimetre(metres: number): string {
  return (Math.round(metres * 100) / 100 + 0).toFixed(2);
}
