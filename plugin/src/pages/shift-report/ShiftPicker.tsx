import React from 'react';
import { dateTime } from '@grafana/data';
import { t } from '@grafana/i18n';
import { sceneGraph, SceneObjectBase, type SceneComponentProps, type SceneObjectState } from '@grafana/scenes';
import { Combobox, DatePickerWithInput, IconButton, Stack } from '@grafana/ui';
import { changeAddress, useAddress } from '../../grafana/address';
import { ianaZone } from '../../queries/addressRunner';
import { readShift, shiftDays, shiftsNow, shiftZone, type ShiftChoice } from '../../queries/shifts';
import { shiftName } from './shiftName';

const options = () => shiftsNow().map((shift) => ({ value: shift.id, label: shiftName(shift) }));

/** Which shift. It is in the address; without one, the report is of the last shift that is over. */
export class ShiftPicker extends SceneObjectBase<SceneObjectState> {
  static readonly Component = Picker;
}

function Picker({ model }: SceneComponentProps<ShiftPicker>) {
  const timeZone = shiftZone(ianaZone(sceneGraph.getTimeRange(model).getTimeZone()));
  const parameters = [useAddress('day'), useAddress('shift')];
  const choice = readShift(new URLSearchParams(parameters.join('&')), timeZone);
  const choose = ({ day, shift }: Pick<ShiftChoice, 'day' | 'shift'>) =>
    changeAddress({ day, shift: shift.id }, 'new step');
  return (
    <Stack direction="row" wrap="wrap" gap={1} alignItems="center">
      <IconButton
        name="angle-left"
        aria-label={t('shift.before', 'The same shift a day before')}
        onClick={() => choose(shiftDays(choice, -1, timeZone))}
      />
      <DatePickerWithInput
        aria-label={t('shift.day', 'Day on which the shift starts')}
        value={choice.day}
        closeOnSelect
        width={16}
        onChange={(date) => choose({ ...choice, day: dateTime(date).format('YYYY-MM-DD') })}
      />
      <IconButton
        name="angle-right"
        aria-label={t('shift.after', 'The same shift a day later')}
        onClick={() => choose(shiftDays(choice, 1, timeZone))}
      />
      {/* Grafana's combobox takes its name from another element only. */}
      <span id="report-shift" hidden>
        {t('shift.shift', 'Shift')}{' '}
      </span>
      <Combobox
        aria-labelledby="report-shift"
        options={options()}
        value={choice.shift.id}
        width={18}
        onChange={({ value }) =>
          choose({ ...choice, shift: shiftsNow().find(({ id }) => id === value) ?? choice.shift })
        }
      />
    </Stack>
  );
}
