import { ViewPace } from './viewPace';

it('draws a view at rest at the full resolution, and one that moves late with less', () => {
  const pace = new ViewPace();
  expect(pace.nextFrame(0, 2)).toMatchObject({ isMoving: false, ratio: 2 });
  for (let frame = 1; frame <= 10; frame++) {
    pace.noteMove(frame * 40);
    pace.nextFrame(frame * 40, 2);
  }
  expect(pace.nextFrame(440, 2)).toMatchObject({ isMoving: true, ratio: 1.5, fullRatio: 2 });
  expect(pace.nextFrame(1_000, 2)).toMatchObject({ isMoving: false, ratio: 2 });
});

it('does not take the pause between two movements for late frames', () => {
  const pace = new ViewPace();
  for (let movement = 0; movement < 20; movement++) {
    pace.noteMove(movement * 1_000);
    pace.nextFrame(movement * 1_000, 1);
    pace.nextFrame(movement * 1_000 + 500, 1);
  }
  pace.noteMove(30_000);
  expect(pace.nextFrame(30_000, 1).ratio).toBe(1);
});
