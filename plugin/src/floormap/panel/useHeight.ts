import { useEffect, useState } from 'react';

/** Height in CSS pixels of the element that takes the returned ref; 0 while there is none. */
export function useHeight(): [number, (element: HTMLElement | null) => void] {
  const [element, setElement] = useState<HTMLElement | null>(null);
  const [heightPx, setHeightPx] = useState(0);
  useEffect(() => {
    if (!element) return;
    const observer = new ResizeObserver(([entry]) => setHeightPx(entry?.borderBoxSize[0]?.blockSize ?? 0));
    observer.observe(element);
    return () => {
      observer.disconnect();
      setHeightPx(0);
    };
  }, [element]);
  return [heightPx, setElement];
}
