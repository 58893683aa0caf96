import Configuration
import TestSupport
import Testing

let checks = Checks(
  formats: ["json", "higress", "logfmt"], isTimezone: { ["UTC", "Asia/Shanghai"].contains($0) },
  expressionProblem: { text in
    guard let offset = text.utf8.firstIndex(of: UInt8(ascii: "(")) else { return nil }
    return ("missing ')'", text.utf8.distance(from: text.utf8.startIndex, to: offset))
  })

func load(_ text: String) throws(ConfigurationError) -> Configuration {
  try Configuration(Array(text.utf8), file: "logbook.yaml", checks: checks)
}

/// A document whose only source has these further keys, from line 3 on.
func sourceDocument(_ keys: String) -> String {
  "sources:\n- {name: a, path: /b}\n- {name: c, path: /d,\n  \(keys)}\n"
}
