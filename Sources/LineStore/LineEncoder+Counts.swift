// What the lines of a batch add up to.

extension LineEncoder {
  /// Adds the rows of the chunk to the pattern counts, a run of equal minutes of a shape at once.
  mutating func count() {
    for row in times.indices {
      let shape = Int(rowShapes[row])
      let minute = times[row] / 60_000_000
      if !shapes.count(times[row], minute: minute, of: shape) {
        flushCount(shape)
        shapes.begin(times[row], minute: minute, of: shape)
      }
    }
    for row in rowShapes { flushCount(Int(row)) }
  }

  private mutating func flushCount(_ shape: Int) {
    guard let tally = shapes.takeTally(shape) else { return }
    let (skeleton, level) = shapes.skeletonAndLevel(shape)
    skeletons[skeleton].added += Int(tally.count)
    counts.add(
      SkeletonCounts.Entry(
        minute: tally.minute, source: source, level: level, skeleton: skeletons[skeleton].id,
        count: tally.count, first: tally.first, last: tally.last))
  }

  /// The batch's counts take some MiB.
  package var hasManyCounts: Bool { counts.areMany }

  /// What the batch adds to the dictionary and the counts; the encoder goes on from there.
  package mutating func takeDictionary() -> DictionaryDraft {
    var drafts: [SkeletonDraft] = []
    let needed = Set(newTemplates.map(\.skeleton))
    for index in skeletons.indices where !skeletons[index].isKnown {
      let skeleton = skeletons[index]
      guard skeleton.added > 0 || needed.contains(skeleton.id) else { continue }
      drafts.append(SkeletonDraft(id: skeleton.id, text: skeleton.text))
      skeletons[index].isKnown = true
      skeletons[index].text = ""
    }
    for index in skeletons.indices where skeletons[index].added > 0 {
      skeletons[index].stored += skeletons[index].added
      skeletons[index].added = 0
    }
    counts.sum()
    let draft = DictionaryDraft(templates: newTemplates, skeletons: drafts, counts: counts)
    newTemplates.removeAll(keepingCapacity: true)
    counts = SkeletonCounts()
    return draft
  }
}
