// Asked on stdin with {calendar}, answers {uid: [[start, end], …]} of every date that takes place;
// with {calendar, hours}, the offsets of its zone at those wall-clock hours. Instants are seconds since 1970.

import { readFileSync, writeFileSync } from "node:fs";
import ICAL from "../vendor/ical-2.2.1.min.mjs";

const END_OF_TIME = ICAL.Time.fromString("2037-01-01T00:00:00Z");

function moment(time) {
  if (time.isDate) return time.toString();
  if (time.zone.tzid === "floating") throw new Error(`floating, whose hour nobody knows: ${time}`);
  return time.toUnixTime();
}

function takesPlace(event) {
  return event.component.getFirstPropertyValue("status") !== "CANCELLED";
}

function dates(calendar) {
  const masters = new Map();
  const overrides = new Map();
  for (const component of calendar.getAllSubcomponents("vevent")) {
    const uid = component.getFirstPropertyValue("uid");
    if (component.hasProperty("recurrence-id")) {
      overrides.set(uid, [...(overrides.get(uid) ?? []), component]);
    } else {
      if (masters.has(uid)) throw new Error(`told twice: ${uid}`);
      masters.set(uid, component);
    }
  }
  for (const uid of overrides.keys()) if (!masters.has(uid)) throw new Error(`an override of nothing: ${uid}`);
  const found = {};
  for (const [uid, component] of masters) {
    // Left to itself, ICAL.Event would take the overrides of every other series in the calendar for its own.
    const event = new ICAL.Event(component, { strictExceptions: true, exceptions: overrides.get(uid) ?? [] });
    const spans = [];
    if (!event.isRecurring()) {
      if (takesPlace(event)) spans.push([moment(event.startDate), moment(event.endDate)]);
    } else {
      const iterator = event.iterator();
      for (let next = iterator.next(); next && next.compare(END_OF_TIME) < 0; next = iterator.next()) {
        const { item, startDate, endDate } = event.getOccurrenceDetails(next);
        if (takesPlace(item)) spans.push([moment(startDate), moment(endDate)]);
      }
    }
    if (spans.length) found[uid] = spans;
  }
  return found;
}

function offsets(calendar, hours) {
  const zone = new ICAL.Timezone(calendar.getFirstSubcomponent("vtimezone"));
  return hours.map((hour) => zone.utcOffset(ICAL.Time.fromString(hour)));
}

const { calendar, hours } = JSON.parse(readFileSync(0, "utf8"));
const component = new ICAL.Component(ICAL.parse(calendar));
writeFileSync(1, JSON.stringify(hours ? offsets(component, hours) : dates(component)));
