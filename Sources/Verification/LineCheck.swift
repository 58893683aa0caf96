import LineStore
import LogModel

/// A source's lines are numbered from its first to the next line's number without a gap: each is
/// stored, or retention says that it is gone.
struct LineCheck {
  static func run(_ places: Places, _ audit: borrowing ChunkAudit) -> Check {
    var faults = Faults()
    let known = audit.ranges.union(places.pruned)
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
    for lines in expected.subtracting(known) {
      let next = lines.upperBound
      let id = LineIdentifier.source(of: lines.lowerBound)
      let isLast = places.sources[id]?.nextLine == LineIdentifier.number(of: next)
      let until =
        isLast ? ", though the source's next line is \(LineIdentifier.number(of: next))" : ""
      faults.add("\(places.lines(lines)): in no chunk\(until)")
    }
    for lines in known.subtracting(expected) {
      let id = LineIdentifier.source(of: lines.lowerBound)
      let next = places.sources[id].map { source in
        LineIdentifier.number(of: lines.lowerBound) < source.firstLine
          ? "the source's first line is \(source.firstLine)"
          : "the source's next line is \(source.nextLine)"
      }
      faults.add("\(places.lines(lines)): stored, but \(next ?? "there is no such source")")
    }
    for lines in audit.ranges.intersection(places.pruned) {
      faults.add("\(places.lines(lines)): stored, though pruned")
    }
    let gone = compareRemovals(places, audit, &faults)
    return faults.check(
      "lines", scope: "\(counted(total - gone, "line"))\(removed(gone, places))")
  }

  /// Compares what is gone with what is noted of it; how many lines that are.
  private static func compareRemovals(
    _ places: Places, _ audit: borrowing ChunkAudit, _ faults: inout Faults
  ) -> Int64 {
    var gone: [Int64: Int64] = [:]
    for lines in places.pruned.ranges {
      gone[LineIdentifier.source(of: lines.lowerBound), default: 0] += Int64(lines.count)
    }
    for chunk in Set(places.thinned.keys).union(audit.dropped.keys).sorted() {
      let (noted, found) = (places.thinned[chunk] ?? 0, audit.dropped[chunk] ?? 0)
      if noted != found, !audit.unreadable.contains(chunk) {
        faults.add("\(places.chunk(chunk)): \(counted(found, "line")) gone, \(noted) noted")
      }
      gone[LineIdentifier.source(of: chunk), default: 0] += noted
    }
    for source in Set(gone.keys).union(places.removals.keys).sorted() {
      let (noted, found) = (places.removals[source]?.lines ?? 0, gone[source] ?? 0)
      if noted != found {
        faults.add("\(places.source(source)): \(counted(found, "line")) gone, \(noted) noted")
      }
    }
    return gone.values.reduce(0, +)
  }

  private static func removed(_ lines: Int64, _ places: Places) -> String {
    guard lines > 0 else { return "" }
    let until = places.removals.values.compactMap(\.linesBefore).max()
    return ", and \(lines) pruned" + (until.map { " from before \(Instant.text($0))" } ?? "")
  }
}
