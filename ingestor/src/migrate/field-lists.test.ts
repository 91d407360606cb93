import { expect, test } from 'vitest';
import { fillFieldLists } from './field-lists.ts';

test('a placeholder is replaced by the fields of the contract, and other text stays', () => {
  expect(fillFieldLists("f IN ({number_fields}) AND {local}.t AND '{text_names}'")).toBe(
    "f IN ('x', 'y', 'theta', 'speed', 'battery') AND {local}.t AND 'event_id|robot_id|event_type|task_id|map_id|site_id|state|error_code'"
  );
});

test('the columns are those of the contract except meta, because a view may hide keys of it', () => {
  expect(fillFieldLists('{event_columns}')).toMatch(/^event_id, robot_id, ts, .*, firmware$/);
});
