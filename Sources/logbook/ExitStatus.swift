/// How the process ends; after sysexits.h where that has a word for it.
struct ExitStatus: RawRepresentable, Equatable {
  let rawValue: Int32

  static let success = ExitStatus(rawValue: 0)
  /// `search` found nothing, or a check failed.
  static let negative = ExitStatus(rawValue: 1)
  static let usage = ExitStatus(rawValue: 2)
  /// A condition of `--fail-on` holds.
  static let condition = ExitStatus(rawValue: 3)
  /// A damaged archive.
  static let corruptInput = ExitStatus(rawValue: 65)
  static let inputOutput = ExitStatus(rawValue: 74)
  /// Another run holds the lock.
  static let locked = ExitStatus(rawValue: 75)
  static let configuration = ExitStatus(rawValue: 78)

  static func signal(_ number: Int32) -> ExitStatus { ExitStatus(rawValue: 128 + number) }
}
