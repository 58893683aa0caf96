/// The closed lines of the store, counted as `skeleton_count` counts them.
struct PatternTally {
  struct Group: Hashable {
    var source: Int64
    var skeleton: Int64
    /// 0 for none.
    var level: Int64
  }

  struct Lines {
    /// By minute.
    var minutes = Digest()
    var first = Int64.max
    var last = Int64.min
  }

  private(set) var groups: [Group: Int] = [:]
  private(set) var lines: [Lines] = []
  /// The group of each template in `source`, or -1.
  private var groupOfTemplate: [Int32]
  private var source: Int64 = -1

  init(templates: Int) { groupOfTemplate = [Int32](repeating: -1, count: templates) }

  mutating func begin(source: Int64) {
    guard source != self.source else { return }
    self.source = source
    for index in groupOfTemplate.indices { groupOfTemplate[index] = -1 }
  }

  mutating func add(_ template: TemplateIndex.Entry, at position: Int, time: Int64) {
    if groupOfTemplate[position] < 0 {
      let group = Group(source: source, skeleton: template.skeleton, level: template.level)
      let index = groups[group] ?? lines.count
      if index == lines.count {
        groups[group] = index
        lines.append(Lines())
      }
      groupOfTemplate[position] = Int32(index)
    }
    let index = Int(groupOfTemplate[position])
    lines[index].minutes.add(time / 60_000_000)
    lines[index].first = min(lines[index].first, time)
    lines[index].last = max(lines[index].last, time)
  }
}
