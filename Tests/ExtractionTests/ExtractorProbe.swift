import Extraction
import LogModel

/// An extractor with one file.
struct ExtractorProbe {
  private var extractor = TurnExtractor()
  private(set) var state = TurnExtractor.State()

  mutating func total(of line: [UInt8], body: Range<Int>) -> Int64 {
    guard extractor.read(line.span, body: body, state: &state) else { return 0 }
    return Ledger.sum(extractor.turns).total
  }
}
