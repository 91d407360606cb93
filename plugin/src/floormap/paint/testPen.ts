/** A pen for tests, which have no canvas: it takes every call and every setting, and lists the names of the calls. */
export function testPen(): { pen: CanvasRenderingContext2D; calls: string[] } {
  const calls: string[] = [];
  const settings: Record<string | symbol, unknown> = {};
  const pen = new Proxy(settings, {
    get: (own, name) => own[name] ?? (() => void calls.push(String(name))),
    set: (own, name, value) => {
      own[name] = value;
      return true;
    },
  });
  return { pen: pen as unknown as CanvasRenderingContext2D, calls };
}
