import LogModel

/// Samples in the text format that Prometheus reads.
///
/// Whatever metrics and labels are called here, in the text each has a name of its own, and each series stands there
/// once: what would be another one's is left out.
package struct PrometheusText {
  private let sink: TextSink
  private var last: String?
  /// Names of metrics, and of what their samples are called.
  private var names: Set<String> = []
  private var series: Set<ExactText> = []
  /// What was left out, as it is called here.
  package private(set) var omitted: [String] = []

  package init(_ sink: TextSink) { self.sink = sink }

  /// Before the samples of a metric; false where another one has its name, and it has no samples.
  ///
  /// `type` is counter, gauge, summary or untyped, `suffixes` what its samples' names end in.
  package mutating func begin(
    _ metric: String, help: String, type: String, suffixes: [String] = [""]
  ) -> Bool {
    let name = Self.name(metric)
    let taken = Set(suffixes + [""]).map { name + $0 }
    guard names.isDisjoint(with: taken) else {
      omitted.append(metric)
      return false
    }
    names.formUnion(taken)
    series.removeAll(keepingCapacity: true)
    last = metric
    if !help.isEmpty {
      sink.write("# HELP \(name) \(Self.escaped(help, quotes: false))\n")
    }
    sink.write("# TYPE \(name) \(type)\n")
    return true
  }

  /// - Parameter time: in milliseconds since 1970; nil for now.
  package mutating func sample(
    _ name: String, _ labels: [(name: String, value: String)], _ value: String, time: Int64? = nil
  ) {
    let pairs = Self.pairs(labels)
    let suffix = time.map { " \($0)" } ?? ""
    // An empty label is none.
    let known = pairs.filter { !$0.value.isEmpty }.map { "\($0.name)=\($0.value)" }.sorted()
    let whole = ([name, suffix] + known).joined(separator: "\u{0}")
    guard series.insert(ExactText(whole)).inserted else {
      if let last, omitted.last != last { omitted.append(last) }
      return
    }
    sink.write(Self.name(name))
    if !pairs.isEmpty {
      let texts = pairs.map { "\($0.name)=\"\(Self.escaped($0.value, quotes: true))\"" }
      sink.write("{" + texts.joined(separator: ",") + "}")
    }
    sink.write(" " + value + suffix + "\n")
  }

  /// The labels with names of their own: of two that are spelled the same, the first one has it.
  private static func pairs(
    _ labels: [(name: String, value: String)]
  ) -> [(name: String, value: String)] {
    var names: Set<String> = []
    return labels.map { label in
      let name = Self.label(label.name)
      var own = name
      var number = 2
      while !names.insert(own).inserted {
        own = "\(name)_\(number)"
        number += 1
      }
      return (own, label.value)
    }
  }

  /// Of other characters than letters, digits, `_` and `:`, underscores.
  private static func name(_ text: String) -> String {
    var result = ""
    for scalar in text.unicodeScalars {
      switch scalar {
      case "a"..."z", "A"..."Z", "_", ":": result.unicodeScalars.append(scalar)
      case "0"..."9" where !result.isEmpty: result.unicodeScalars.append(scalar)
      case "0"..."9":
        result = "_"
        result.unicodeScalars.append(scalar)
      default: result += "_"
      }
    }
    return result.isEmpty ? "_" : result
  }

  /// A label's name has no `:` either, and two underscores in front are Prometheus' own.
  private static func label(_ text: String) -> String {
    let name = String(name(text).map { $0 == ":" ? "_" : $0 })
    return name.hasPrefix("__") ? "_" + name.drop { $0 == "_" } : name
  }

  /// In a help a carriage return, which some readers take for a line's end, becomes a blank.
  private static func escaped(_ text: String, quotes: Bool) -> String {
    var result = ""
    for scalar in text.unicodeScalars {
      switch scalar {
      case "\\": result += "\\\\"
      case "\"" where quotes: result += "\\\""
      case "\n": result += "\\n"
      case "\r" where !quotes: result += " "
      default: result.unicodeScalars.append(scalar)
      }
    }
    return result
  }
}
