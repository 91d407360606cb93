/**
 * A valid event as places in the bytes of its message. One object is used again for every event.
 * A start of -1 and a NaN mean "absent".
 */
export class EventByteRanges {
  eventIdStart = -1;
  robotIdStart = -1;
  robotIdEnd = -1;
  tsMs = NaN;
  eventTypeStart = -1;
  eventTypeEnd = -1;
  taskIdStart = -1;
  taskIdEnd = -1;
  xMetres = NaN;
  yMetres = NaN;
  headingRadians = NaN;
  mapIdStart = -1;
  mapIdEnd = -1;
  siteIdStart = -1;
  siteIdEnd = -1;
  speedMetresPerSecond = NaN;
  batteryPercent = NaN;
  stateStart = -1;
  stateEnd = -1;
  errorCodeStart = -1;
  errorCodeEnd = -1;
  firmwareStart = -1;
  firmwareEnd = -1;
  /** The object with its braces. */
  metaStart = -1;
  metaEnd = -1;

  clear(): void {
    this.eventIdStart = -1;
    this.robotIdStart = -1;
    this.tsMs = NaN;
    this.eventTypeStart = -1;
    this.taskIdStart = -1;
    this.xMetres = NaN;
    this.yMetres = NaN;
    this.headingRadians = NaN;
    this.mapIdStart = -1;
    this.siteIdStart = -1;
    this.speedMetresPerSecond = NaN;
    this.batteryPercent = NaN;
    this.stateStart = -1;
    this.errorCodeStart = -1;
    this.firmwareStart = -1;
    this.metaStart = -1;
  }
}
