/** Below this charge, pages count a robot as low on battery. Setup can change it; alerts have a threshold of their own, in the views. */
export const LOW_BATTERY = { percent: 20 };

export const USUAL_LOW_BATTERY_PERCENT = LOW_BATTERY.percent;
