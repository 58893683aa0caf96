import Reporting
import SQLite

/// Makes one section of a report; nil where the store has nothing for it.
typealias ReportPart = @Sendable (ReportScope, borrowing Connection) throws -> ReportSection?

/// The sections of a report, in order.
let reportParts: [ReportPart] = [
  volumeSection, errorSection, patternSection, metricSection, accessSection, turnSection,
  anomalySection, qualitySection,
]
