/// What a report says: its sections in order, each with figures, charts and tables.
///
/// Renderers are pure functions of it.
package struct Report: Sendable, Equatable {
  package var heading: ReportHeading
  package var sections: [ReportSection]

  package init(heading: ReportHeading, sections: [ReportSection]) {
    self.heading = heading
    self.sections = sections
  }

  /// The figure of that key, in whichever section it is.
  package func figure(_ key: String) -> ReportFigure? {
    for section in sections {
      if let figure = section.figures.first(where: { $0.key == key }) { return figure }
    }
    return nil
  }
}

/// What a report is about.
package struct ReportHeading: Sendable, Equatable {
  /// Microseconds since 1970, half open, on whole minutes; equal where nothing is stored.
  package var since: Int64
  package var until: Int64
  /// The range that it is compared with.
  package var earlier: Range<Int64>?
  /// As they were asked for; empty for all.
  package var sources: [String]
  /// As it was asked for.
  package var condition: String?
  /// What a reader of all numbers has to know.
  package var notes: [String]
  /// With its version.
  package var program: String
  package var schemaVersion: Int

  package init(
    since: Int64, until: Int64, earlier: Range<Int64>? = nil, sources: [String] = [],
    condition: String? = nil, notes: [String] = [], program: String, schemaVersion: Int
  ) {
    self.since = since
    self.until = until
    self.earlier = earlier
    self.sources = sources
    self.condition = condition
    self.notes = notes
    self.program = program
    self.schemaVersion = schemaVersion
  }
}

package struct ReportSection: Sendable, Equatable {
  /// As JSON and links name it.
  package var key: String
  package var title: String
  /// Sentences below the title.
  package var notes: [String]
  package var figures: [ReportFigure]
  package var charts: [ReportChart]
  package var tables: [ReportTable]
  /// What differs from the range before, for the verdict; the surest first.
  package var changes: [ReportChange] = []
  /// What else of it the verdict shows.
  package var highlights: ReportTable?

  package init(
    _ key: String, _ title: String, notes: [String] = [], figures: [ReportFigure] = [],
    charts: [ReportChart] = [], tables: [ReportTable] = []
  ) {
    self.key = key
    self.title = title
    self.notes = notes
    self.figures = figures
    self.charts = charts
    self.tables = tables
  }

  var isEmpty: Bool { figures.isEmpty && charts.isEmpty && tables.isEmpty && notes.isEmpty }
}

/// One number, with the command that lists its lines.
package struct ReportFigure: Sendable, Equatable {
  /// What it means that there is more of it.
  package enum Meaning: Sendable { case neutral, bad }

  package var key: String
  package var title: String
  package var value: Quantity
  /// In the range that it is compared with.
  package var earlier: Quantity?
  /// What else is to be said of it, in a few words.
  package var remark: String?
  package var meaning: Meaning
  package var isMain: Bool
  package var command: String?

  package init(
    _ key: String, _ title: String, _ value: Quantity, earlier: Quantity? = nil,
    remark: String? = nil, meaning: Meaning = .neutral, isMain: Bool = false,
    command: String? = nil
  ) {
    self.key = key
    self.title = title
    self.value = value
    self.earlier = earlier
    self.remark = remark
    self.meaning = meaning
    self.isMain = isMain
    self.command = command
  }
}

/// What is otherwise than in the range before.
package struct ReportChange: Sendable, Equatable {
  /// What kind of thing it is, in a word.
  package var kind: String
  package var subject: String
  package var value: Quantity
  package var earlier: Quantity
  package var change: Quantity
  package var command: String?

  package init(
    _ kind: String, _ subject: String, _ value: Quantity, earlier: Quantity, change: Quantity,
    command: String? = nil
  ) {
    self.kind = kind
    self.subject = subject
    self.value = value
    self.earlier = earlier
    self.change = change
    self.command = command
  }
}

package struct ReportTable: Sendable, Equatable {
  package struct Column: Sendable, Equatable {
    /// How its cells are shown.
    ///
    /// Identifiers are for commands, and the first to be left out; data are only in JSON.
    package enum Role: Sendable { case number, text, code, word, identifier, data }

    package var key: String
    package var title: String
    package var role: Role
    /// Left out where there is little room.
    package var isMinor: Bool

    package init(_ key: String, _ title: String, _ role: Role, isMinor: Bool = false) {
      self.key = key
      self.title = title
      self.role = role
      self.isMinor = isMinor
    }
  }

  package struct Row: Sendable, Equatable {
    /// One for each column.
    package var values: [Quantity]
    package var command: String?
    /// A line that it counts, where one is shown.
    package var sample: String?

    package init(_ values: [Quantity], command: String? = nil, sample: String? = nil) {
      self.values = values
      self.command = command
      self.sample = sample
    }
  }

  package var key: String
  package var title: String
  package var columns: [Column]
  package var rows: [Row]
  /// The command of a row with a word in capitals where the row's own value stands.
  package var command: String?
  /// What is said below it.
  package var note: String?

  package init(
    _ key: String, _ title: String, columns: [Column], rows: [Row], command: String? = nil,
    note: String? = nil
  ) {
    self.key = key
    self.title = title
    self.columns = columns
    self.rows = rows
    self.command = command
    self.note = note
  }
}

extension ReportTable {
  /// The columns that people are shown, as far as a row has something there.
  var shownColumns: [Int] {
    columns.indices.filter { index in
      columns[index].role != .data && rows.contains { !$0.values[index].isNone }
    }
  }
}

/// Values by time.
package struct ReportChart: Sendable, Equatable {
  package enum Form: Sendable {
    /// Bars, one series upon the other.
    case stacked
    case lines
  }

  package struct Series: Sendable, Equatable {
    package var name: String
    /// One for each interval; nil where there is none.
    package var values: [Double?]

    package init(_ name: String, _ values: [Double?]) {
      self.name = name
      self.values = values
    }
  }

  package var key: String
  package var title: String
  package var form: Form
  package var unit: Quantity.Unit
  package var axis: TimeAxis
  /// The first one lies below.
  package var series: [Series]
  package var command: String?

  package init(
    _ key: String, _ title: String, _ form: Form, unit: Quantity.Unit, axis: TimeAxis,
    series: [Series], command: String? = nil
  ) {
    self.key = key
    self.title = title
    self.form = form
    self.unit = unit
    self.axis = axis
    self.series = series
    self.command = command
  }

  var isEmpty: Bool { !series.contains { $0.values.contains { ($0 ?? 0) != 0 } } }
}
