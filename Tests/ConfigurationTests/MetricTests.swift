import Configuration
import Testing

@Test(
  arguments: [
    ("{name: a, pattern: x}", "{name: a, pattern: x}", "is the same as in logbook.yaml:2:5"),
    ("{name: a, pattern: x}", "{name: a, pattern: y}", nil),
    (
      "{name: a, pattern: x}", "{name: a, pattern: (x), function: sum}",
      "has another function in logbook.yaml:2:5"
    ),
    (
      "{name: a, pattern: x}", "{name: a, pattern: x, step: 1h}",
      "has another step in logbook.yaml:2:5"
    ),
    (
      "{name: a.b, pattern: x}", "{name: a_b, pattern: x}",
      "is 'a_b_total' for Prometheus, as 'a.b' in logbook.yaml:2:5"
    ),
    (
      "{name: 1-a, pattern: x}", "{name: 2_a, pattern: x}",
      "is '__a_total' for Prometheus, as '1-a' in logbook.yaml:2:5"
    ),
    (
      "{name: a_total, pattern: x}", "{name: a, pattern: x}",
      "is 'a_total' for Prometheus, as 'a_total' in logbook.yaml:2:5"
    ),
    (
      "{name: h, pattern: (x), function: histogram}", "{name: h_sum, pattern: (x), function: avg}",
      "is 'h_sum' for Prometheus, as 'h' in logbook.yaml:2:5"
    ),
    (
      "{name: n.s, pattern: (x), function: sum}", "{name: n_s, pattern: (x), function: avg}",
      "is 'n_s' for Prometheus, as 'n.s' in logbook.yaml:2:5"
    ),
    ("{name: n.s, pattern: x}", "{name: n_s, pattern: (x), function: avg}", nil),
    (
      "{name: b, pattern: x}",
      "{name: a, pattern: (x), function: histogram, labels: {quantile: (.)}}",
      "has a label with the name 'quantile', which Prometheus keeps for itself"
    ),
    ("{name: b, pattern: x}", "{name: a, pattern: x, labels: {quantile: (.)}}", nil),
    (
      "{name: b, pattern: x}", "{name: a, pattern: x, labels: {__name__: (.)}}",
      "has a label with the name '__name__', which Prometheus keeps for itself"
    ),
    (
      "{name: b, pattern: x}", "{name: a, pattern: x, labels: {'x:y': (.), x_y: (.)}}",
      "has two labels that are one name with 'x_y' for Prometheus"
    ),
    (
      "{name: b, pattern: x}", "{name: a, pattern: x, labels: {x: (.)}, tags: {y: (.)}}",
      "has 'labels' and 'tags', which are the same"
    ),
    (
      "{name: b, pattern: x}", "{name: a, pattern: x, labels: {x-y: (.), x_y: (.)}}",
      "has two labels that are one name with 'x_y' for Prometheus"
    ),
  ] as [(String, String, String?)])
func `rules that cannot stand beside each other are refused`(
  _ first: String, _ second: String, _ reason: String?
) throws {
  let configuration = try load("metrics:\n  - \(first)\n  - \(second)\n")
  let name = second.dropFirst(7).prefix { $0 != "," }
  #expect(
    configuration.metricProblems.map(\.text)
      == (reason.map { ["logbook.yaml:3:5: metric '\(name)' \($0)"] } ?? []))
  #expect(configuration.metrics?.count == (reason == nil ? 2 : 1))
}
