import assert from "node:assert/strict";
import { test } from "node:test";
import * as format from "../../main/resources/dashboard/format.js";

test("numbersKeepTheirSignificantDigits", () => {
  assert.equal(format.number(4.0211344), "4.02");
  assert.equal(format.number(0.05), "0.0500");
  assert.equal(format.number(1234.5), "1,235");
  assert.equal(format.number(9.999), "10.0");
  assert.equal(format.number(0), "0");
  assert.equal(format.number(-0.5), "\u22120.500");
  assert.equal(format.number(5.5e-7), "5.50e-7");
});

test("whatIsNoNumberIsADash", () => {
  for (const x of [null, undefined, NaN, Infinity, "3"]) {
    for (const f of [format.number, format.signed, format.scientific, format.raw, format.count, format.bytes, format.rate, format.duration, format.percent, format.clock]) {
      assert.equal(f(x), format.NONE);
    }
  }
});

test("contributionsAlwaysShowTheirSign", () => {
  assert.equal(format.signed(0.743), "+0.743");
  assert.equal(format.signed(-0.743), "\u22120.743");
  assert.equal(format.signed(0), "0");
});

test("rawValuesAreNotPadded", () => {
  assert.equal(format.raw(12), "12");
  assert.equal(format.raw(0.1184), "0.1184");
  assert.equal(format.raw(1001), "1001");
  assert.equal(format.raw(-3.10001), "\u22123.1");
});

test("anExponentKeepsAMinusThatCanBePasted", () => {
  assert.equal(format.scientific(5.5e-7), "5.5e-7");
  assert.equal(format.scientific(-5.5e-7), "\u22125.5e-7");
  assert.equal(format.scientific(12000), "1.2e4");
});

test("unitsGrowWithTheValue", () => {
  assert.equal(format.bytes(512), "512 B");
  assert.equal(format.bytes(1.31e9), "1.22 GiB");
  assert.equal(format.duration(0.21), "0.21 ms");
  assert.equal(format.duration(1500), "1.50 s");
  assert.equal(format.duration(0), "<0.01 ms");
  assert.equal(format.span(90_000), "90 s");
  assert.equal(format.span(3600e3 * 3), "3 h");
  assert.equal(format.percent(0.004), "<1 %");
  assert.equal(format.power(-12), "10\u207b\u00b9\u00b2");
  assert.equal(format.counted(1, "record"), "1 record");
  assert.equal(format.counted(1284, "batch", "batches"), "1,284 batches");
});

test("longNamesKeepBothEnds", () => {
  assert.equal(format.shorten("pixel_3_4"), "pixel_3_4");
  const short = format.shorten("customer.transactions.mean_amount", 13);
  assert.equal(short, "custom\u2026amount");
  assert.equal(short.length, 13);
});

test("labelsOfOneFamilyDifferWhenShortened", () => {
  const names = Array.from({ length: 40 }, (_, i) => `customer.transactions.last_${i}_days.mean_amount_eur`);
  for (const most of [10, 16, 24]) {
    const label = format.labels(names, most);
    const all = names.map(label);
    assert.equal(new Set(all).size, names.length, `at most ${most}: ${all[0]}`);
    for (const text of all) assert.ok(text.length <= most, text);
  }
});

test("shortNamesAreLeftAlone", () => {
  const label = format.labels(["pixel_0_0", "pixel_0_1"], 20);
  assert.equal(label("pixel_0_1"), "pixel_0_1");
});

test("anErrorOfZeroHasALogarithm", () => {
  assert.equal(format.log10(0), -9);
  assert.equal(format.log10(1e-4), -4);
});
