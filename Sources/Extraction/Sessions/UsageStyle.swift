import LogModel

/// How a provider's counts contain each other.
struct UsageStyle: Equatable {
  /// What was read from a cache and written to it is not part of the input.
  var inputExcludesCache: Bool
  /// Reasoning is not part of the output.
  var outputExcludesReasoning: Bool

  /// The prompt contains what was cached, the completion contains reasoning.
  static let openAI = UsageStyle(inputExcludesCache: false, outputExcludesReasoning: false)
  static let anthropic = UsageStyle(inputExcludesCache: true, outputExcludesReasoning: false)
  static let gemini = UsageStyle(inputExcludesCache: false, outputExcludesReasoning: true)
  private static let apart = UsageStyle(inputExcludesCache: true, outputExcludesReasoning: true)

  static let all = [openAI, gemini, anthropic, apart]
}

/// Token classes, and whether the counts had to be cut to fit into them.
struct NormalisedUsage {
  var usage: TokenUsage
  var isSuspect: Bool
}

extension ReportedUsage {
  private var read: Int64 { cacheRead ?? cached ?? 0 }
  private var written: Int64 {
    cacheWrite ?? cacheWriteInside ?? (write5m ?? 0) + (write1h ?? 0)
  }

  /// The classes, by the style in which the counts add up to the total.
  ///
  /// Where there is no total, or none that fits, by `likely`; a total that fits nothing is suspect.
  func normalised(_ likely: UsageStyle) -> NormalisedUsage {
    var copy = self
    // Gemini counts the results of its own tools beside the prompt and bills them as input.
    if let toolPrompt {
      let withTools = (input ?? 0) + toolPrompt
      copy.input = min(withTools, TokenUsage.most)
      copy.toolPrompt = nil
      if let total, copy.fitting(total, likely) == nil, fitting(total, likely) != nil {
        copy.input = input
      }
    }
    guard let total, total > 0 || !(copy.input == 0 && copy.output == 0) else {
      return copy.classes(likely)
    }
    guard copy.input != nil || copy.output != nil else {
      // Only a total: nothing says what it consists of.
      return NormalisedUsage(usage: TokenUsage(uncachedInput: total), isSuspect: true)
    }
    if copy.input == nil { copy.input = max(0, total - (copy.output ?? 0)) }
    if copy.output == nil { copy.output = max(0, total - (copy.input ?? 0)) }
    if let style = copy.fitting(total, likely) { return copy.classes(style) }
    var result = copy.classes(likely)
    result.isSuspect = true
    return result
  }

  /// The style in which the counts give `total`; `likely` where several do.
  private func fitting(_ total: Int64, _ likely: UsageStyle) -> UsageStyle? {
    let plain = (input ?? 0) + (output ?? 0)
    func fits(_ style: UsageStyle) -> Bool {
      let cache = style.inputExcludesCache ? read + written : 0
      let thoughts = style.outputExcludesReasoning ? reasoning ?? 0 : 0
      return total == plain + cache + thoughts
    }
    return fits(likely) ? likely : UsageStyle.all.first(where: fits)
  }

  /// The classes in one style; what does not fit inside is cut, and the usage suspect.
  func classes(_ style: UsageStyle) -> NormalisedUsage {
    var isSuspect = isContradictory
    func part(_ value: Int64, of whole: Int64) -> Int64 {
      if value > whole { isSuspect = true }
      return min(value, whole)
    }
    var usage = TokenUsage(uncachedInput: input ?? 0, cacheRead: read)
    var writes = written
    if !style.inputExcludesCache {
      usage.cacheRead = part(read, of: usage.uncachedInput)
      usage.uncachedInput -= usage.cacheRead
      writes = part(writes, of: usage.uncachedInput)
      usage.uncachedInput -= writes
    }
    // A split that says less than the total leaves the rest at the shorter, cheaper time.
    usage.cacheWrite1h = part(write1h ?? 0, of: writes)
    usage.cacheWrite5m = writes - usage.cacheWrite1h
    if let write5m, write5m > usage.cacheWrite5m { isSuspect = true }
    usage.visibleOutput = output ?? 0
    usage.reasoning = reasoning ?? 0
    if !style.outputExcludesReasoning {
      usage.reasoning = part(usage.reasoning, of: usage.visibleOutput)
      usage.visibleOutput -= usage.reasoning
    }
    return NormalisedUsage(usage: usage, isSuspect: isSuspect)
  }
}

extension Turn {
  /// Takes the counts; false when one of them is none.
  mutating func take(_ reported: ReportedUsage, _ likely: UsageStyle) -> Bool {
    if reported.isInvalid { return false }
    let result = reported.normalised(likely)
    usage = result.usage
    isSuspect = result.isSuspect
    reportedReasoning = reported.reasoning ?? 0
    return true
  }
}
