import React from 'react';
import { fireEvent, render, screen } from '@testing-library/react';
import { allocateFleet } from '../fleet/fleet';
import { loadImage } from '../plan/loadUrl';
import { CalibrationDialog } from './CalibrationDialog';

jest.mock('../plan/loadUrl', () => ({ loadImage: jest.fn() }));

const placement = { metresPerPixel: 0.05, originXMetres: 0, originYMetres: 0, yawDegrees: 0, points: [] };

async function openDialog() {
  const image = document.createElement('canvas');
  jest.mocked(loadImage).mockResolvedValue({ image, widthPixels: 200, heightPixels: 100 });
  const onApply = jest.fn();
  render(
    <CalibrationDialog
      planUrl="hall.png"
      fleet={allocateFleet(0, 0)}
      placement={placement}
      onApply={onApply}
      onClose={jest.fn()}
    />
  );
  const canvas = await screen.findByTestId('calibration-image');
  // On screen the image is half its size, from (10, 20).
  canvas.getBoundingClientRect = () => ({ left: 10, top: 20, width: 100, height: 50 }) as DOMRect;
  return { canvas, onApply };
}

function addPoint(canvas: HTMLElement, index: number, at: [number, number], metres: [number, number]) {
  fireEvent.click(canvas, { clientX: 10 + at[0] / 2, clientY: 20 + at[1] / 2 });
  fireEvent.change(screen.getByLabelText(`x of point ${index}, metres`), { target: { value: metres[0] } });
  fireEvent.change(screen.getByLabelText(`y of point ${index}, metres`), { target: { value: metres[1] } });
}

it('places the image from three clicks and their metres', async () => {
  const { canvas, onApply } = await openDialog();
  addPoint(canvas, 1, [0, 100], [5, -2]);
  addPoint(canvas, 2, [200, 100], [25, -2]);
  expect(screen.getByRole('button', { name: 'Apply' })).toBeDisabled();
  addPoint(canvas, 3, [0, 0], [5, 8]);
  expect(screen.getByTestId('calibration-result')).toHaveTextContent(
    'RMS error 0.0 cm, 10.00 cm per pixel, turned 0.00°'
  );
  fireEvent.click(screen.getByRole('button', { name: 'Apply' }));
  const [applied] = onApply.mock.calls[0];
  expect(applied.metresPerPixel).toBeCloseTo(0.1, 9);
  expect(applied.points).toHaveLength(3);
  expect(applied.points[1]).toEqual({ uPixels: 200, vPixels: 100, xMetres: 25, yMetres: -2 });
});

it('calls a plan that is turned by a hair not turned, without a sign', async () => {
  const { canvas } = await openDialog();
  addPoint(canvas, 1, [0, 100], [5, -2]);
  addPoint(canvas, 2, [200, 100], [25, -2.0001]);
  addPoint(canvas, 3, [0, 0], [5, 8]);
  expect(screen.getByTestId('calibration-result')).toHaveTextContent('turned 0.00°');
});

it('adds and moves a point by keyboard, within the image', async () => {
  const { canvas } = await openDialog();
  fireEvent.keyDown(canvas, { key: 'Enter' });
  const point = (place: string) => screen.getByRole('button', { name: new RegExp(`^Point 1 at pixel ${place};`) });
  fireEvent.keyDown(point('100, 50'), { key: 'ArrowRight' });
  fireEvent.keyDown(point('101, 50'), { key: 'ArrowUp', shiftKey: true });
  for (let k = 0; k < 5; k++) fireEvent.keyDown(point('101, .*'), { key: 'ArrowUp', shiftKey: true });
  expect(point('101, 0')).toBeInTheDocument();
});

it('refuses mirrored points with the reason and applies nothing', async () => {
  const { canvas } = await openDialog();
  addPoint(canvas, 1, [0, 100], [-5, -2]);
  addPoint(canvas, 2, [200, 100], [-25, -2]);
  addPoint(canvas, 3, [0, 0], [-5, 8]);
  expect(screen.getByTestId('calibration-result')).toHaveTextContent('mirrored');
  expect(screen.getByRole('button', { name: 'Apply' })).toBeDisabled();
});

it('says why an image cannot be shown', async () => {
  jest.mocked(loadImage).mockRejectedValue(new Error('hall.png: the server answered 404.'));
  render(
    <CalibrationDialog
      planUrl="hall.png"
      fleet={allocateFleet(0, 0)}
      placement={placement}
      onApply={jest.fn()}
      onClose={jest.fn()}
    />
  );
  expect(await screen.findByText('hall.png: the server answered 404.')).toBeInTheDocument();
});
