import React, { useState } from 'react';
import { fireEvent, render, screen } from '@testing-library/react';
import { LayerFields, sourceOf } from './LayerFields';
import { NEW_LAYER, READY_LAYERS, type HeatLayer } from '../heatmap/heatLayer';

const ready = (name: string) => READY_LAYERS.find((layer) => layer.name === name) ?? NEW_LAYER;
const layerNow = () => JSON.parse(screen.getByTestId('layer').textContent ?? '') as HeatLayer;

function Editor({ first }: { first: HeatLayer }) {
  const [layer, setLayer] = useState(first);
  const choose = (option: string) => setLayer({ ...layer, ...sourceOf(option, layer) });
  return (
    <>
      <LayerFields layer={layer} refIds={['A', 'B']} takenNames={['Wear']} onChange={setLayer} />
      <output data-testid="layer">{JSON.stringify(layer)}</output>
      <button onClick={() => choose('ready localisation')}>localisation</button>
      <button onClick={() => choose('ready dwell')}>dwell</button>
      <button onClick={() => choose('query B')}>B</button>
      <button onClick={() => choose('query A')}>A</button>
    </>
  );
}

const press = (name: string) => fireEvent.click(screen.getByRole('button', { name }));
const end = (name: 'Least' | 'Most') => screen.getByLabelText(name);
function type(name: 'Least' | 'Most', text: string) {
  fireEvent.change(end(name), { target: { value: text } });
  fireEvent.blur(end(name));
}

it('shows the scale of another ready-made source as soon as it is chosen', () => {
  render(<Editor first={ready('Dwell')} />);
  expect(end('Most')).toHaveValue(null);
  press('localisation');
  expect([end('Least'), end('Most')].map((input) => (input as HTMLInputElement).value)).toEqual(['0', '1']);
  press('dwell');
  expect(end('Least')).toHaveValue(null);
});

it('does not leave the scale and unit of a ready-made source to a query', () => {
  render(<Editor first={ready('Localisation')} />);
  press('B');
  expect(layerNow()).toMatchObject({
    source: { kind: 'query', refId: 'B' },
    unit: NEW_LAYER.unit,
    min: null,
    max: null,
  });
  expect(end('Most')).toHaveValue(null);
});

it('keeps a typed scale from one query to another', () => {
  render(<Editor first={{ ...NEW_LAYER, unit: 'kwatth' }} />);
  type('Most', '40');
  press('A');
  expect(layerNow()).toMatchObject({ source: { refId: 'A' }, unit: 'kwatth', max: 40 });
  expect(end('Most')).toHaveValue(40);
});

it('takes a number when it is left, and none for automatic', () => {
  render(<Editor first={NEW_LAYER} />);
  fireEvent.change(end('Least'), { target: { value: '5' } });
  expect(layerNow().min).toBeNull();
  fireEvent.blur(end('Least'));
  expect(layerNow().min).toBe(5);
  type('Least', '');
  expect(layerNow().min).toBeNull();
});

it('says that a scale runs the wrong way, and that a name is missing or taken', () => {
  render(<Editor first={{ ...NEW_LAYER, min: 5 }} />);
  type('Most', '3');
  expect(screen.getByText('The scale needs a Most above its Least.')).toBeInTheDocument();
  const name = screen.getByLabelText('Name');
  fireEvent.change(name, { target: { value: 'Wear' } });
  expect(screen.getByText('Another layer has this name.')).toBeInTheDocument();
  fireEvent.change(name, { target: { value: ' ' } });
  expect(screen.getByText('A layer needs a name.')).toBeInTheDocument();
});
