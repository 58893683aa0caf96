import Glibc
import LogModel
import TestSupport
import Testing

@testable import Metrics

struct NumberCase: Sendable, CustomTestStringConvertible {
  var text: String
  /// In billionths, as text; nil where it is no number.
  var expected: String?
  var testDescription: String { text }

  init(_ text: String, _ expected: String?) {
    self.text = text
    self.expected = expected
  }
}

private let cases = [
  NumberCase("1", "1000000000"),
  NumberCase(" 42 ", "42000000000"),
  NumberCase("-0.5", "-500000000"),
  NumberCase("+7", "7000000000"),
  NumberCase(".25", "250000000"),
  NumberCase("3.", "3000000000"),
  NumberCase("0.1234567894", "123456789"),
  NumberCase("0.1234567895", "123456790"),
  NumberCase("-0.1234567895", "-123456790"),
  NumberCase("1e3", "1000000000000"),
  NumberCase("1.5E-2", "15000000"),
  NumberCase("1e-30", "0"),
  NumberCase("0e99999999", "0"),
  NumberCase("000000000000000000000000000000000000000000000001", "1000000000"),
  NumberCase("0.0000000000000000000000000000000000000000000000001", "0"),
  NumberCase("1.00000000000000000000000000000000000000000000001", "1000000000"),
  NumberCase("999999999999999999", "999999999999999999000000000"),
  NumberCase("1000000000000000000", nil),
  NumberCase("99999999999999999999999999999999999999999999999999", nil),
  NumberCase("1e18", nil), NumberCase("1e400", nil),
  NumberCase("", nil), NumberCase(" ", nil), NumberCase("-", nil), NumberCase(".", nil),
  NumberCase("e5", nil), NumberCase("1e", nil), NumberCase("1e+", nil), NumberCase("1 2", nil),
  NumberCase("1,5", nil), NumberCase("0x10", nil), NumberCase("abc", nil), NumberCase("NaN", nil),
  NumberCase("inf", nil), NumberCase("12ms", nil), NumberCase("1.2.3", nil),
]

@Suite struct `Numbers in logs` {
  @Test(arguments: [
    "100000000000000", "12345678.123456789", "-12345678.123456789", "-0.3", "9007199.254740993",
    "123456789012.5", "999999999999999999", "0.000000001",
  ])
  func `a number is shown as it was written, be it read as a text or not`(_ text: String) throws {
    let real = try #require(Double(text))
    #expect(MetricNumber(Array(text.utf8).span)?.real == real)
    guard abs(real) < 1e18 else { return }
    #expect(MetricNumber(real)?.real == real)
  }

  @Test(arguments: cases) func `a text is read exactly, or not at all`(_ example: NumberCase) {
    let number = MetricNumber(Array(example.text.utf8).span)
    #expect(number?.billionths.description == example.expected)
  }

  @Test func `sums are the same in any order and split into parts, and so are least and most`() {
    for seed in UInt64(1)...50 {
      var random = SeededRandom(seed: seed)
      let numbers = (0..<300).compactMap { _ in
        MetricNumber(
          Double.random(in: -1...1, using: &random) * [1e-6, 1, 1e9, 1e17].randomElement(
            using: &random)!)
      }
      func summary(_ numbers: some Sequence<MetricNumber>) -> MetricSummary {
        var summary = MetricSummary()
        for number in numbers { summary.add(number) }
        return summary
      }
      let whole = summary(numbers)
      let mixed = numbers.shuffled(using: &random)
      var merged = MetricSummary()
      for start in stride(from: 0, to: mixed.count, by: 7) {
        merged.merge(summary(mixed[start..<min(start + 7, mixed.count)]))
      }
      #expect(whole == merged, "SEED=\(seed)")
    }
  }

  @Test(arguments: [1, 2, 3] as [UInt64])
  func `a class stands for its numbers within 1 percent, and is ordered as they are`(
    _ seed: UInt64
  ) {
    var random = SeededRandom(seed: seed)
    var last: (number: Double, place: Int)?
    let numbers = (0..<20_000).compactMap { _ in
      MetricNumber(
        exp10(Double.random(in: -8.9..<17.9, using: &random)) * (random.next() % 2 == 0 ? 1 : -1))
    }.sorted { $0.real < $1.real }
    for number in numbers {
      let place = MetricClass.of(number)
      let middle = MetricClass.middle(of: place)
      #expect(abs(middle - number.real) <= 0.01 * abs(number.real), "SEED=\(seed) \(number)")
      if let last { #expect(last.place <= place, "SEED=\(seed) \(number)") }
      last = (number.real, place)
    }
    #expect(MetricClass.of(MetricNumber(Int32(0))) == 0)
    #expect(MetricClass.middle(of: 0) == 0)
  }
}

private func exp10(_ exponent: Double) -> Double { pow(10, exponent) }
