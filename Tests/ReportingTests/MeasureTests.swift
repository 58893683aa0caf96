import Reporting
import Testing

@Test(arguments: [
  (0, "0 B"), (999, "999 B"), (1000, "1.0 kB"), (1234, "1.2 kB"), (9960, "10 kB"),
  (34_567_890, "35 MB"), (999_400, "999 kB"), (999_600, "1.0 MB"), (1_234_567_890, "1.2 GB"),
  (Int64.max, "9223 PB"), (-1500, "-1.5 kB"),
])
func `bytes are told in the largest unit`(_ bytes: Int64, _ expected: String) {
  #expect(ByteCount(bytes).description == expected)
}

@Test(arguments: [
  (0, "0 µs"), (850, "850 µs"), (1500, "1.5 ms"), (850_000, "850 ms"), (999_900, "1.0 s"),
  (3_400_000, "3.4 s"), (12_300_000, "12 s"), (59_960_000, "1 min"), (125_000_000, "2 min 5 s"),
  (4_800_000_000, "1 h 20 min"), (273_600_000_000, "3 d 4 h"), (-3_400_000, "-3.4 s"),
])
func `time is told in its two largest units`(_ microseconds: Int64, _ expected: String) {
  #expect(ElapsedTime(microseconds: microseconds).description == expected)
}

@Test(arguments: [
  (0.0, ""), (-1, ""), (100, "████"), (200, "████"), (50, "██"), (53, "██▏"), (0.001, "▏"),
  (Double.nan, ""),
])
func `a bar is as long as its part of the largest value`(_ value: Double, _ expected: String) {
  #expect(bar(value, of: 100, width: 4) == expected)
}

@Test func `a sparkline has one character a value`() {
  #expect(sparkline([0, 1, 2, 4, 8, .nan]) == " ▂▃▅█ ")
  #expect(sparkline([]) == "")
  #expect(sparkline([0, 0]) == "  ")
}

private struct ProgressCase: Sendable {
  var done: Int64
  var seconds: Int64
  var width: Int
  var total: Int64?
  var expected: String
}

private let progressCases = [
  ProgressCase(
    done: 450_000_000, seconds: 3, width: 80, total: 1_000_000_000,
    expected: "Reading  ▕█████████           ▏   45 %  450 MB of 1.0 GB  150 MB/s  3.7 s left"),
  ProgressCase(
    done: 0, seconds: 0, width: 60, total: 2_000_000,
    expected: "Reading  ▕                    ▏    0 %  0 B of 2.0 MB"),
  ProgressCase(
    done: 10_000, seconds: 1, width: 48, total: 10_000,
    expected: "Reading  100 %  10 kB of 10 kB  10 kB/s"),
  ProgressCase(
    done: 10_000, seconds: 1, width: 52, total: 10_000,
    expected: "Reading  ▕████████▏  100 %  10 kB of 10 kB  10 kB/s"),
  ProgressCase(
    done: 10_000, seconds: 2, width: 80, total: nil, expected: "Reading  10 kB  5.0 kB/s"),
  ProgressCase(done: 10_000, seconds: 2, width: 12, total: nil, expected: "Readi… kB/s"),
]

@Test(arguments: progressCases)
private func `a progress line fits its terminal`(_ test: ProgressCase) {
  let frame = ProgressBar(label: "Reading", total: test.total).frame(
    done: test.done, elapsedMicroseconds: test.seconds * 1_000_000, width: test.width)
  #expect(frame == ProgressBar.erasure + test.expected)
  #expect(displayWidth(test.expected) < test.width)
}
