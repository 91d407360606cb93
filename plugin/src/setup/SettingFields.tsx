import React, { useMemo } from 'react';
import { getTimeZoneInfo } from '@grafana/data';
import { t } from '@grafana/i18n';
import { Combobox, Field, Input } from '@grafana/ui';
import { PLACEHOLDERS } from '../grafana/externalLinks';
import type { SetupSettings } from '../grafana/dataSources';
import { UNESCAPED } from '../grafana/showText';
import { USUAL_LOW_BATTERY_PERCENT } from '../queries/lowBattery';
import type { Problems } from './problems';
import { RowList } from './RowList';

const EXAMPLES = { siteId: 'ber-1', siteName: 'Berlin', template: 'https://fms.example/robots/{robot_id}' };

interface SettingFieldsProps {
  settings: SetupSettings;
  problems: Problems;
  isReadOnly: boolean;
  onChange: (change: SetupSettings) => void;
}

/** From which charge on a battery is low. */
export function BatteryField({ settings, problems, isReadOnly, onChange }: SettingFieldsProps) {
  const percent = settings.lowBatteryPercent;
  return (
    <Field
      noMargin
      label={t('setup.battery.label', 'Low battery, percent')}
      description={t(
        'setup.battery.what',
        'Below this charge, pages count a robot as low on battery. Empty: {{usual}}.',
        { usual: USUAL_LOW_BATTERY_PERCENT }
      )}
      invalid={problems['lowBattery'] !== undefined}
      error={problems['lowBattery']}
    >
      <Input
        id="setup-low-battery"
        type="number"
        width={12}
        disabled={isReadOnly}
        placeholder={String(USUAL_LOW_BATTERY_PERCENT)}
        value={percent === undefined || Number.isNaN(percent) ? '' : percent}
        onChange={({ currentTarget: { value } }) =>
          onChange({ lowBatteryPercent: value === '' ? undefined : Number(value) })
        }
      />
    </Field>
  );
}

export function ShiftFields({ settings, problems, isReadOnly, onChange }: SettingFieldsProps) {
  const zones = useMemo(
    () =>
      Intl.supportedValuesOf('timeZone')
        .filter((zone) => getTimeZoneInfo(zone, 0))
        .map((value) => ({ value, label: value })),
    []
  );
  const ofViewer = { value: '', label: t('setup.shifts.viewer_zone', 'That of each viewer') };
  // One that this browser does not know stays visible.
  const { timeZone = '' } = settings;
  const own =
    timeZone === '' || zones.some(({ value }) => value === timeZone) ? [] : [{ value: timeZone, label: timeZone }];
  return (
    <>
      <Field
        noMargin
        label={t('setup.shifts.zone', 'Time zone of shifts')}
        invalid={problems['timeZone'] !== undefined}
        error={problems['timeZone']}
      >
        <Combobox
          id="setup-time-zone"
          width={32}
          disabled={isReadOnly}
          options={[ofViewer, ...own, ...zones]}
          value={timeZone}
          onChange={({ value }) => onChange({ timeZone: value || undefined })}
        />
      </Field>
      <RowList
        name="shifts"
        rows={settings.shifts ?? []}
        columns={[
          {
            id: 'name',
            label: t('setup.shifts.name', 'Name'),
            placeholder: t('setup.shifts.name_example', 'Early shift'),
            widthPx: 160,
          },
          {
            id: 'start',
            label: t('setup.shifts.start', 'Starts at'),
            placeholder: '06:00',
            widthPx: 110,
            type: 'time',
          },
        ]}
        empty={{ name: '', start: '' }}
        words={{
          add: t('setup.shifts.add', 'Add a shift'),
          remove: (shift) => t('setup.shifts.remove', 'Remove shift {{shift}}', { shift }),
        }}
        most={12}
        problems={problems}
        isReadOnly={isReadOnly}
        onChange={(shifts) => onChange({ shifts })}
      />
    </>
  );
}

export function SiteFields({ settings, problems, isReadOnly, onChange }: SettingFieldsProps) {
  return (
    <RowList
      name="sites"
      rows={settings.sites ?? []}
      columns={[
        { id: 'id', label: t('setup.sites.id', 'Id of the site'), placeholder: EXAMPLES.siteId, widthPx: 200 },
        { id: 'name', label: t('setup.sites.name', 'Name'), placeholder: EXAMPLES.siteName, widthPx: 200 },
      ]}
      empty={{ id: '', name: '' }}
      words={{
        add: t('setup.sites.add', 'Add a site'),
        remove: (site) => t('setup.sites.remove', 'Remove site {{site}}', { site }),
      }}
      most={200}
      problems={problems}
      isReadOnly={isReadOnly}
      onChange={(sites) => onChange({ sites })}
    />
  );
}

export function LinkFields({ settings, problems, isReadOnly, onChange }: SettingFieldsProps) {
  return (
    <RowList
      name="links"
      rows={settings.links ?? []}
      columns={[
        {
          id: 'title',
          label: t('setup.links.title', 'Title'),
          placeholder: t('setup.links.title_example', 'Fleet manager'),
          widthPx: 160,
        },
        {
          id: 'template',
          label: t('setup.links.template', 'Template'),
          placeholder: EXAMPLES.template,
          widthPx: 300,
        },
      ]}
      empty={{ title: '', template: '' }}
      words={{
        add: t('setup.links.add', 'Add a link'),
        remove: (link) => t('setup.links.remove', 'Remove link {{link}}', { link }),
      }}
      most={10}
      problems={problems}
      isReadOnly={isReadOnly}
      onChange={(links) => onChange({ links })}
    />
  );
}

/** What stands above the links: the placeholders by name. */
export function linksText(): string {
  return t(
    'setup.links.what',
    'Shown on the page of a robot, in the menu of a robot on the map and in the list of robots. Placeholders: {{known}}. A link whose value a robot does not have is left out.',
    { known: PLACEHOLDERS.map((name) => `{${name}}`).join(', '), ...UNESCAPED }
  );
}
