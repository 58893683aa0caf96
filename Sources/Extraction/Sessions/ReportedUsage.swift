import JSON
import LogModel

/// The counts of a usage object as they stand there, nil where it has none.
struct ReportedUsage: Sendable, Equatable {
  var input: Int64?
  var output: Int64?
  var total: Int64?
  var cached: Int64?
  var cacheRead: Int64?
  var cacheWrite: Int64?
  var cacheWriteInside: Int64?
  var write5m: Int64?
  var write1h: Int64?
  var reasoning: Int64?
  var toolPrompt: Int64?
  private var problems = Problems()

  private struct Problems: Sendable, Equatable {
    var isInvalid = false
    var isContradictory = false
  }

  /// One of them is no count.
  var isInvalid: Bool { problems.isInvalid }
  /// Two members say different things about one count.
  var isContradictory: Bool { problems.isContradictory }

  /// The object says nothing about tokens.
  var isEmpty: Bool { input == nil && output == nil && total == nil }

  init() {}

  init(_ line: Span<UInt8>, _ members: Members<UsageName>) { take(line, members) }

  /// Takes the counts that stand in `ai_log` itself.
  mutating func take(_ line: Span<UInt8>, _ members: Members<AILogName>) {
    Self.take(&input, line, members[.input], &problems)
    Self.take(&output, line, members[.output], &problems)
    Self.take(&total, line, members[.total], &problems)
    Self.take(&reasoning, line, members[.reasoning], &problems)
    Self.take(&cached, line, members[.cached], &problems)
  }

  /// Takes what is not there yet; of two values the first counts.
  mutating func take(_ line: Span<UInt8>, _ members: Members<UsageName>) {
    Self.take(&input, line, members[.input], &problems)
    Self.take(&output, line, members[.output], &problems)
    Self.take(&total, line, members[.total], &problems)
    Self.take(&reasoning, line, members[.reasoning], &problems)
    if input == nil { input = line.integer(members[.shortInput]) }
    if output == nil { output = line.integer(members[.shortOutput]) }
    takeDetails(line, members)
    for name in [UsageName.inputDetails, .outputDetails, .cacheCreation] {
      guard let inner = members.object(name, line) else { continue }
      takeDetails(line, inner)
      if let split = inner.object(.cacheCreation, line) { takeDetails(line, split) }
    }
  }

  /// The counts that stand beside input and output, or in an object of details.
  mutating func takeDetails(_ line: Span<UInt8>, _ members: Members<UsageName>) {
    Self.take(&cached, line, members[.cached], &problems)
    Self.take(&cacheRead, line, members[.cacheRead], &problems)
    Self.take(&cacheWrite, line, members[.cacheWrite], &problems)
    Self.take(&cacheWriteInside, line, members[.cacheWriteInside], &problems)
    Self.take(&write5m, line, members[.write5m], &problems)
    Self.take(&write1h, line, members[.write1h], &problems)
    Self.take(&reasoning, line, members[.reasoning], &problems)
    Self.take(&toolPrompt, line, members[.toolPrompt], &problems)
  }

  private static func take(
    _ count: inout Int64?, _ line: Span<UInt8>, _ member: Member?, _ problems: inout Problems
  ) {
    guard let member else { return }
    switch line.number(member) {
    case .absent: break
    case .invalid: problems.isInvalid = true
    case .value(let value):
      guard (0...TokenUsage.most).contains(value) else {
        problems.isInvalid = true
        return
      }
      if let known = count {
        if known != value { problems.isContradictory = true }
      } else {
        count = value
      }
    }
  }
}
