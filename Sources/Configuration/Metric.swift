import YAML

extension Configuration {
  /// A rule: what is counted in lines.
  package struct Metric: Sendable, Equatable {
    package enum Function: String, Sendable, CaseIterable {
      case count, sum, avg, min, max, histogram
    }

    package struct Label: Sendable, Equatable {
      package var name: String
      /// A regular expression, or the name of a parsed field.
      package var text: String
    }

    package var name: String
    package var help = ""
    /// Names of sources; empty for all.
    package var sources: [String] = []
    /// Globs of files; empty for all.
    package var paths: [String] = []
    package var pattern: String?
    package var exclude: String?
    /// A parsed field.
    package var value: String?
    package var function = Function.count
    /// Sorted by name.
    package var labels: [Label] = []
    /// They are log2metrics' `tags`: one that cannot be used does not keep the others from being used.
    package var areLabelsTags = false
    package var conditions: [String] = []
    package var step = Duration.seconds(60)
    /// `FILE:LINE:COLUMN`, for what is wrong with it.
    package var place = ""

    package init(name: String) { self.name = name }

    /// Wherever it stands, and whatever its labels are called.
    package static func == (left: Self, right: Self) -> Bool {
      var other = right
      other.place = left.place
      // Of two `String`s, `é` equals `e` with an accent behind it; in logs, these are two.
      return left.isSame(as: other)
        && zip(left.texts, other.texts).allSatisfy { $0.utf8.elementsEqual($1.utf8) }
    }
  }

  /// Why a metric is left out; the others work.
  package struct MetricProblem: Sendable, Equatable {
    /// Nil where it has none, or none that can be.
    package var name: String?
    /// One line that begins with the place.
    package var text: String

    package init(name: String?, text: String) {
      self.name = name
      self.text = text
    }
  }
}

extension Configuration.Metric {
  private func isSame(as other: Self) -> Bool {
    name == other.name && help == other.help && sources == other.sources && paths == other.paths
      && pattern == other.pattern && exclude == other.exclude && value == other.value
      && function == other.function && labels == other.labels && conditions == other.conditions
      && step == other.step
  }

  private var texts: [String] {
    [name, help, pattern ?? "", exclude ?? "", value ?? ""] + sources + paths + conditions
      + labels.flatMap { [$0.name, $0.text] }
  }
}

/// An entry of the list of rules, whatever its shape is: the others work.
struct MetricEntry: Decodable {
  var document: Result<MetricDocument, Fault>
  /// Of an entry that is no rule, if it has one.
  var name: String?

  init(from decoder: any Decoder) throws {
    let container = try decoder.singleValueContainer()
    do {
      document = .success(try container.decode(MetricDocument.self))
    } catch let fault as Fault {
      document = .failure(fault)
      let texts = try? container.decode([String: AnyValue].self)
      name = texts.flatMap { $0["name"]?.text ?? $0["metric_name"]?.text }
    }
  }

  /// A text where it is one.
  private struct AnyValue: Decodable {
    var text: String?

    init(from decoder: any Decoder) {
      text = try? decoder.singleValueContainer().decode(Parsed<AnyText>.self).value.text
    }
  }
}

/// A rule as it is written: with the keys of log2metrics, too.
///
/// What is wrong with one is told without refusing the others, so that nearly everything is text here.
struct MetricDocument: Decodable {
  var name: Parsed<AnyText>?
  var metric_name: Parsed<AnyText>?
  var help: Parsed<AnyText>?
  var metric_help: Parsed<AnyText>?
  var source: OneOrMore<Parsed<AnyText>>?
  var path: OneOrMore<Parsed<AnyText>>?
  var file_path: OneOrMore<Parsed<AnyText>>?
  var pattern: Parsed<AnyText>?
  var exclude: Parsed<AnyText>?
  var value: Parsed<AnyText>?
  var function: Parsed<AnyText>?
  var `func`: Parsed<AnyText>?
  var labels: [String: Parsed<AnyText>]?
  var tags: [String: Parsed<AnyText>]?
  var `where`: MetricConditions?
  var step: Parsed<AnyText>?

  var id: Ignored?
  var creator: Ignored?
}

/// A condition, a list of them, or fields with the values that they must have.
struct MetricConditions: Decodable {
  var texts: [String]

  init(from decoder: any Decoder) throws {
    if decoder.shape == .mapping {
      let fields = try [String: Parsed<AnyText>](from: decoder)
      texts = fields.sorted { $0.key < $1.key }.map { "\($0.key)=\($0.value.value.text)" }
    } else {
      texts = try OneOrMore<Parsed<AnyText>>(from: decoder).values.map(\.value.text)
    }
  }
}

/// Any scalar.
struct AnyText: TextValue {
  static var expectation: String { "a text" }
  var text: String

  init?(_ text: String) { self.text = text }
}

/// The value of a key that means nothing here.
struct Ignored: Decodable {
  init(from decoder: any Decoder) {}
}
