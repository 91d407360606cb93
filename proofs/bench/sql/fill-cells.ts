/** A hall of 100 × 60 m in which robots visit every cell. */
const CELLS = 6_000;
const SECONDS_PER_ROW = { floor_cells: 60, floor_cells_hour: 3_600 } as const;

/**
 * Statements that fill a day of floor cells up to now, with realistic sizes, independent of the time that the events cover:
 * the map queries a day.
 */
export function fillCells(robots: number): string[] {
  return Object.entries(SECONDS_PER_ROW).flatMap(([table, seconds]) => {
    const dwellSeconds = (robots * seconds) / CELLS;
    return [
      `TRUNCATE TABLE ${table}`,
      `INSERT INTO ${table}
      WITH range(${CELLS}) AS cells, number AS step, intDiv(toUnixTimestamp(now()), ${seconds}) * ${seconds} AS newest
      SELECT
        toDateTime(newest - step * ${seconds}, 'UTC'),
        arrayMap(i -> 'hall', cells), arrayMap(i -> toInt32(i % 100), cells), arrayMap(i -> toInt32(intDiv(i, 100)), cells),
        arrayMap(i -> toFloat32(${dwellSeconds} * (cityHash64(i, step) % 200) / 100), cells),
        arrayMap(i -> toFloat32(cityHash64(i, step, 1) % 2500 / 100), cells),
        arrayMap(i -> toFloat32(cityHash64(i, step, 2) % 250 / 100), cells),
        arrayMap(i -> toUInt32(cityHash64(i, step, 3) % 50 = 0), cells),
        arrayMap(i -> toFloat32(200), cells), arrayMap(i -> toUInt32(250), cells),
        arrayMap(i -> toFloat32(20), cells), arrayMap(i -> toUInt32(250), cells), 0, 1, now64(3, 'UTC')
      FROM numbers(${Math.ceil(86_400 / seconds)})`,
    ];
  });
}
