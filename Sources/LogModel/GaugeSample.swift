/// A value that a metric had at a time.
package struct GaugeSample: Sendable, Equatable {
  package var metric: String
  /// A JSON object of texts, as `LabelText.object` makes it.
  package var labels: String
  package var help: String
  /// Microseconds since 1970.
  package var time: Int64
  /// Finite.
  package var value: Double

  package init(
    metric: String, labels: String = "{}", help: String = "", time: Int64, value: Double
  ) {
    self.metric = metric
    self.labels = labels
    self.help = help
    self.time = time
    self.value = value
  }

  /// The value where it is whole, and small enough to be told apart from its neighbours.
  package static func whole(_ value: Double) -> Int64? {
    value.rounded() == value && abs(value) < 9e15 ? Int64(value) : nil
  }
}

extension LabelText {
  /// The labels, of which no two have one name, as a JSON object.
  package static func object(_ labels: [(name: String, value: String)]) -> String {
    let pairs = labels.sorted { $0.name < $1.name }.map { label in
      [label.name, label.value].map { String(decoding: quoted(Array($0.utf8)), as: UTF8.self) }
        .joined(separator: ":")
    }
    return "{" + pairs.joined(separator: ",") + "}"
  }
}
