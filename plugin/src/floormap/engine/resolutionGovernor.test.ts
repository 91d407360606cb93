import { ResolutionGovernor } from './resolutionGovernor';

describe('the resolution while moving', () => {
  const run = (governor: ResolutionGovernor, frames: number, intervalMs: number) => {
    for (let k = 0; k < frames; k++) governor.noteFrame(intervalMs);
  };

  it('stays full while frames come in time', () => {
    const governor = new ResolutionGovernor();
    run(governor, 500, 16.7);
    expect(governor.share).toBe(1);
  });

  it('falls while frames run late, and not without end', () => {
    const governor = new ResolutionGovernor();
    run(governor, 8, 40);
    expect(governor.share).toBe(0.75);
    run(governor, 200, 40);
    expect(governor.share).toBe(0.375);
  });

  it('rises again after seconds in time', () => {
    const governor = new ResolutionGovernor();
    run(governor, 8, 40);
    run(governor, 240, 16.7);
    expect(governor.share).toBe(1);
  });
});
