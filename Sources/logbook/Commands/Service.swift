import ArgumentParsing
import Glibc
import LogModel
import Reporting

/// `service systemd`, `cron` and `logrotate`: what runs `logbook ingest` again and again, as text or
/// written where it belongs.
protocol ServiceCommand: Command {
  var target: ServiceTarget { get set }
  /// Path and text of each file; the paths are below the root.
  func files(_ service: ServiceContext) throws -> [ServiceFile]
  /// What is to be typed when the files are there; below another root they are of another system.
  var nextStep: String? { get }
}

struct ServiceTarget: Sendable {
  var isInstalled = false
  var root = "/"
  var replaces = false
  var isOfThisSystem: Bool { root.allSatisfy { $0 == "/" } }
}

struct ServiceFile {
  var path: String
  var text: String
  var mode: UInt32 = 0o644
}

extension ServiceCommand {
  static var targetOptions: [Option<Self>] {
    [
      .flag(
        "install", help: "Write it where it belongs, and say where.", sets: \.target.isInstalled),
      .value("root", nil, "DIR", help: "With --install: below this folder.", sets: \.target.root),
      .flag(
        "force", help: "With --install: replace files that say something else.",
        sets: \.target.replaces),
    ]
  }

  var nextStep: String? { nil }

  func run(_ globals: GlobalOptions) throws -> ExitStatus {
    let service = try ServiceContext(globals)
    let files = try files(service)
    let sink = TextSink(descriptor: STDOUT_FILENO)
    if target.isInstalled {
      let folder = target.root.drop(suffix: "/") + service.databaseFolder
      if try makeFolder(folder) { sink.write(folder + "\n") }
    }
    for (index, file) in files.enumerated() {
      if target.isInstalled {
        let path = target.root.drop(suffix: "/") + file.path
        try install(file, at: path)
        sink.write(path + "\n")
      } else {
        sink.write(index == 0 ? "" : "\n")
        sink.write("# \(file.path)\n" + file.text)
      }
    }
    if target.isInstalled, target.isOfThisSystem, let nextStep { sink.write("next: \(nextStep)\n") }
    sink.flush()
    return .success
  }

  private func install(_ file: ServiceFile, at path: String) throws {
    makeFolders(of: path)
    if unsafe access(path, F_OK) == 0, try readText(ofFile: path) == file.text { return }
    let new = try NewFile(path, replaces: target.replaces, mode: file.mode)
    let sink = TextSink(descriptor: new.descriptor)
    sink.write(file.text)
    sink.flush()
    if let code = sink.failure {
      throw Failure("cannot write \(path): \(text(code))", status: .inputOutput)
    }
    try new.finish()
  }
}

/// The database's, which only its owner and its group may read; false where it is there.
private func makeFolder(_ path: String) throws -> Bool {
  if unsafe access(path, F_OK) == 0 { return false }
  makeFolders(of: path)
  guard unsafe mkdir(path, 0o750) == 0 else {
    throw Failure("cannot make \(path): \(text(errno))", status: .inputOutput)
  }
  return true
}

/// Those that are missing; what cannot be made is told by who writes there.
private func makeFolders(of path: String) {
  let folder = Path(path).directory.description
  guard unsafe access(folder, F_OK) != 0, folder != path else { return }
  makeFolders(of: folder)
  unsafe mkdir(folder, 0o755)
}

extension String {
  fileprivate func drop(suffix: String) -> String {
    hasSuffix(suffix) ? String(dropLast(suffix.count)) : self
  }
}

/// The name or the number of a user or a group.
@Sendable func parseAccount(_ text: String) throws(InvalidValue) -> String {
  let isName = text.utf8.allSatisfy {
    (0x30...0x39).contains($0) || (0x41...0x5A).contains($0) || (0x61...0x7A).contains($0)
      || "_.-".utf8.contains($0)
  }
  guard isName, !text.isEmpty, !text.hasPrefix("-") else {
    throw InvalidValue(expected: "a name of letters, digits, '_', '.' and '-'")
  }
  return text
}
