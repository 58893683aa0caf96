// What a closing chunk adds to the dictionary, and how rows are written that have no template.

extension LineEncoder {
  /// Holds the rows of a skeleton and level whose shapes are no templates, whole.
  struct CatchAll: Hashable {
    var skeleton: Int64
    var level: UInt8
    var form: Form

    enum Form: Int {
      case whole, timeFirst, timeInside

      var text: StaticString {
        switch self {
        case .whole: "%s"
        case .timeFirst: "\u{1}%s"
        case .timeInside: "%s\u{1}%s"
        }
      }

      var timePiece: Int {
        switch self {
        case .whole: -1
        case .timeFirst: 0
        case .timeInside: 1
        }
      }

      var holes: Int { self == .timeInside ? 2 : 1 }

      /// No constant text stands anywhere.
      var seams: Seams {
        let segments = self == .whole ? 2 : holes + 2
        var seams = Seams(timePiece: timePiece)
        let none: [UInt8] = []
        for index in 1...segments { seams.add(none.span, isLast: index == segments) }
        return seams
      }
    }
  }

  /// Makes templates of the shapes that pay: those with several rows here, or of a skeleton that the
  /// store has met often (so that many small runs end up with the same dictionary as a big one).
  mutating func admit() {
    for row in rowShapes {
      let index = Int(row)
      let shape = shapes[index]
      guard shape.template == 0, shape.rows > 0, nextTemplate <= Self.maxTemplates else { continue }
      let isFrequent =
        shape.rows >= 4 && Int(shape.rows) * shapes.constantCount(index) >= 256
        || skeletons[shape.skeleton].stored >= 64 && skeletons[shape.skeleton].id != otherSkeleton
          && skeletons[shape.skeleton].templates < Self.maxFamiliarTemplates
      guard isFrequent else { continue }
      let id = nextTemplate
      nextTemplate += 1
      shapes.admit(index, as: id)
      skeletons[shape.skeleton].templates += 1
      newTemplates.append(draft(index))
    }
  }

  /// How a line of the shape is stored whole.
  func form(_ index: Int) -> CatchAll.Form {
    shapes[index].timePiece < 0 ? .whole : shapes.startsWithTime(index) ? .timeFirst : .timeInside
  }

  /// Makes templates of the frequent values of the chunk's frequent shapes, for the chunks that follow.
  mutating func specialize() {
    var rows: [Int: [Range<Int>]] = [:]
    var start = 0
    for row in rowShapes.indices {
      let shape = Int(rowShapes[row])
      let end = Int(rowEnds[row])
      if shapes.mayHaveVariants(shape) { rows[shape, default: []].append(start..<end) }
      start = end
    }
    for shape in rows.keys.sorted() {
      let known = shapes[shape].variantPiece
      let chosen = known < 0 ? nil : shapes.variantParameter(of: shape)
      let frequent = FrequentValues(parameters.span, rows: rows[shape] ?? [], chosen: chosen)
      var isIdle = true
      if known < 0, frequent.parameter >= 0 {
        shapes.setVariants(of: shape, parameter: frequent.parameter)
      }
      for range in frequent.values where nextTemplate <= Self.maxTemplates {
        let value = range.map { parameters[$0] }
        guard shapes.findVariant(of: shape, value.span) == nil else { continue }
        isIdle = false
        let variant = shapes.addVariant(of: shape, value.span, as: nextTemplate)
        nextTemplate += 1
        newTemplates.append(draft(variant))
      }
      shapes.endLesson(shape, isIdle: isIdle)
    }
  }

  func draft(_ index: Int) -> TemplateDraft {
    let shape = shapes[index]
    return TemplateDraft(
      id: shape.template, skeleton: skeletons[shape.skeleton].id, level: shape.level,
      base: shape.base, holes: shape.pieces - (shape.timePiece >= 0 ? 1 : 0),
      isTimed: shape.timePiece >= 0, hash: shape.hash, text: shapes.formatText(index))
  }

  mutating func catchAll(_ index: Int) -> Int64 {
    let shape = shapes[index]
    let form = form(index)
    let key = CatchAll(skeleton: skeletons[shape.skeleton].id, level: shape.level, form: form)
    if let known = catchAlls[key] { return known }
    let id = nextTemplate
    nextTemplate += 1
    catchAlls[key] = id
    newTemplates.append(
      TemplateDraft(
        id: id, skeleton: key.skeleton, level: key.level, holes: form.holes,
        isTimed: form != .whole,
        hash: nil, text: "\(form.text)"))
    return id
  }

  /// Appends the row's line as one parameter, or two around the time: constants and parameters woven
  /// together.
  mutating func appendWhole(_ index: Int, _ start: Int, _ end: Int) {
    let shape = shapes[index]
    var position = start
    parameters.append(comma)
    parameters.append(quote)
    for piece in 0...shape.pieces {
      shapes.withSegment(index, piece) { parameters.append(escaping: $0) }
      guard piece < shape.pieces else { break }
      if piece == shape.timePiece {
        if piece == 0 && shapes.startsWithTime(index) { continue }
        parameters.append(quote)
        parameters.append(comma)
        parameters.append(quote)
        continue
      }
      let next = ChunkRows.endOfValue(parameters.span, position + 1)
      if parameters[position + 1] == quote {
        parameters.appendOwn(position + 2..<next - 1)
      } else {
        parameters.appendOwn(position + 1..<next)
      }
      position = next
    }
    precondition(position == end)
    parameters.append(quote)
  }
}

private let comma = UInt8(ascii: ",")
private let quote = UInt8(ascii: "\"")
