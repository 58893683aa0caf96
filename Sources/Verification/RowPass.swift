import LineStore

/// Reads the rows of one chunk, in the order of their ids.
struct RowPass {
  let chunk: StoredChunk
  /// Its line is not complete, and so not counted.
  let isOpen: Bool

  private(set) var firstFault: String?
  private(set) var faults = 0
  private(set) var count: Int64 = 0
  private(set) var dropped: Int64 = 0
  private(set) var earliest = Int64.max
  private(set) var latest = Int64.min
  private(set) var templates = Digest()
  /// A row's skeleton or time is not known.
  private(set) var isUncounted = false
  private(set) var isDamaged = false

  init(chunk: StoredChunk, isOpen: Bool) {
    self.chunk = chunk
    self.isOpen = isOpen
  }

  mutating func run(_ text: Span<UInt8>, _ index: TemplateIndex, _ tally: inout PatternTally) {
    var walk = ChunkRows()
    let hasTimes = index.hasTimes(layout: chunk.layout)
    tally.begin(source: chunk.source)
    while walk.next(text) {
      count += 1
      do throws(RowText.Fault) {
        if walk.isDropped {
          dropped += 1
        } else {
          let template = count(walk, index, &tally)
          let parameters = try RowText.parameters(
            walk, in: text, isTimed: template?.isTimed ?? false)
          if let template { check(walk, template, parameters: parameters, hasTimes: hasTimes) }
        }
      } catch {
        fault("row \(walk.index) \(error.rawValue)")
      }
    }
    isDamaged = walk.isDamaged
  }

  private mutating func count(
    _ walk: ChunkRows, _ index: TemplateIndex, _ tally: inout PatternTally
  ) -> TemplateIndex.Entry? {
    templates.add(walk.template)
    let time = chunk.scale.time(offset: walk.offset)
    if let time {
      earliest = min(earliest, time)
      latest = max(latest, time)
    } else {
      fault("row \(walk.index) has a time that cannot be")
      isUncounted = true
    }
    guard let position = index.position(of: walk.template) else {
      fault("row \(walk.index) names template \(walk.template), which does not exist")
      isUncounted = true
      return nil
    }
    let template = index[position]
    if !isOpen, let time { tally.add(template, at: position, time: time) }
    return template
  }

  private mutating func fault(_ text: @autoclosure () -> String) {
    if faults == 0 { firstFault = text() }
    faults += 1
  }

  private mutating func check(
    _ walk: ChunkRows, _ template: TemplateIndex.Entry, parameters: Int, hasTimes: Bool
  ) {
    if parameters != template.holes {
      let found = counted(parameters, "parameter")
      let holes = counted(template.holes, "hole")
      fault("row \(walk.index) has \(found), template \(walk.template) has \(holes)")
    }
    if template.isTimed && !hasTimes {
      fault("row \(walk.index) shows a time, and the chunk's layout has none")
    }
  }
}
