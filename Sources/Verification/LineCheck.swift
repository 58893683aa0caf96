import LineStore

/// A source's lines are numbered from its first to the next line's number without a gap.
struct LineCheck {
  static func run(_ places: Places, _ audit: borrowing ChunkAudit) -> Check {
    var faults = Faults()
    var expected = LineRanges()
    var total: Int64 = 0
    for (id, source) in places.sources.sorted(by: { $0.key < $1.key }) {
      let count = source.nextLine &- source.firstLine
      guard count != 0 else { continue }
      let first = LineIdentifier.make(source: id, number: source.firstLine)
      guard source.firstLine > 0, LineIdentifier.isRun(first, count: count) else {
        faults.add("source \(source.name): its next line cannot be \(source.nextLine)")
        continue
      }
      total += count
      _ = expected.add(first..<(first + count))
    }
    for lines in expected.subtracting(audit.ranges) {
      let next = lines.upperBound
      let id = LineIdentifier.source(of: lines.lowerBound)
      let isLast = places.sources[id]?.nextLine == LineIdentifier.number(of: next)
      let until =
        isLast ? ", though the source's next line is \(LineIdentifier.number(of: next))" : ""
      faults.add("\(places.lines(lines)): in no chunk\(until)")
    }
    for lines in audit.ranges.subtracting(expected) {
      let id = LineIdentifier.source(of: lines.lowerBound)
      let next = places.sources[id].map { source in
        LineIdentifier.number(of: lines.lowerBound) < source.firstLine
          ? "the source's first line is \(source.firstLine)"
          : "the source's next line is \(source.nextLine)"
      }
      faults.add("\(places.lines(lines)): stored, but \(next ?? "there is no such source")")
    }
    return faults.check("lines", scope: counted(total, "line"))
  }
}
