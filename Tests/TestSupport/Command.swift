package import Glibc

/// Runs a program to its end and keeps what it printed.
package enum Command {
  package struct Outcome: Sendable {
    /// The exit code, or 128 + the signal that ended the process.
    package var status: Int32
    package var output: String
    package var errorOutput: String
    package var outputBytes: [UInt8]
  }

  /// Runs `program`, an absolute path or a name looked up in PATH, to its end.
  ///
  /// `environment` is added to the test's own. Output goes through files, so that no amount of it
  /// can block the child.
  package static func run(
    _ program: String, _ arguments: [String] = [], input: [UInt8]? = nil,
    environment: [String: String] = [:], directory: String? = nil
  ) -> Outcome {
    let out = temporaryFile()
    let error = temporaryFile()
    let standardInput = temporaryFile()
    defer {
      close(out)
      close(error)
      close(standardInput)
    }
    if let input {
      _ = unsafe write(standardInput, input, input.count)
      lseek(standardInput, 0, SEEK_SET)
    }
    let child = spawn(
      program, arguments, input: standardInput, output: out, errorOutput: error,
      environment: environment, directory: directory)
    var status: Int32 = 0
    while unsafe waitpid(child, &status, 0) < 0 && errno == EINTR {}
    let signal = status & 0x7F
    let outputBytes = contents(of: out)
    return Outcome(
      status: signal == 0 ? (status >> 8) & 0xFF : 128 + signal,
      output: String(decoding: outputBytes, as: UTF8.self),
      errorOutput: String(decoding: contents(of: error), as: UTF8.self),
      outputBytes: outputBytes)
  }

  /// Starts `program` and returns its process id; the caller waits for it.
  package static func spawn(
    _ program: String, _ arguments: [String], input: Int32, output: Int32, errorOutput: Int32,
    environment: [String: String] = [:], directory: String? = nil
  ) -> pid_t {
    if let directory {
      return spawn(
        "/bin/sh", ["-c", "cd \"$0\" && exec \"$@\"", directory, program] + arguments, input: input,
        output: output, errorOutput: errorOutput, environment: environment)
    }
    var actions = unsafe posix_spawn_file_actions_t()
    unsafe posix_spawn_file_actions_init(&actions)
    unsafe posix_spawn_file_actions_adddup2(&actions, input, 0)
    unsafe posix_spawn_file_actions_adddup2(&actions, output, 1)
    unsafe posix_spawn_file_actions_adddup2(&actions, errorOutput, 2)
    var words: [UnsafeMutablePointer<CChar>?] = unsafe ([program] + arguments).map {
      unsafe strdup($0)
    }
    unsafe words.append(nil)
    var variables: [UnsafeMutablePointer<CChar>?] = unsafe []
    var cursor = unsafe environ
    while let entry = unsafe cursor.pointee {
      let name = unsafe String(cString: entry).prefix { $0 != "=" }
      if environment[String(name)] == nil { unsafe variables.append(strdup(entry)) }
      unsafe cursor += 1
    }
    for (name, value) in environment { unsafe variables.append(strdup("\(name)=\(value)")) }
    unsafe variables.append(nil)
    // The threads that tests run on block signals; the child must not inherit that.
    var attributes = posix_spawnattr_t()
    var mask = sigset_t()
    unsafe posix_spawnattr_init(&attributes)
    unsafe sigemptyset(&mask)
    unsafe posix_spawnattr_setsigmask(&attributes, &mask)
    unsafe posix_spawnattr_setflags(&attributes, Int16(POSIX_SPAWN_SETSIGMASK))
    var child: pid_t = 0
    let result = unsafe posix_spawnp(&child, program, &actions, &attributes, words, variables)
    unsafe posix_spawn_file_actions_destroy(&actions)
    unsafe posix_spawnattr_destroy(&attributes)
    unsafe words.forEach { unsafe free($0) }
    unsafe variables.forEach { unsafe free($0) }
    precondition(
      result == 0, "cannot start \(program): \(unsafe String(cString: strerror(result)))")
    return child
  }

  private static func temporaryFile() -> Int32 {
    var template = Array("/tmp/logbook-output-XXXXXX".utf8CString)
    let descriptor = unsafe mkstemp(&template)
    precondition(descriptor >= 0, "cannot make a file in /tmp")
    unsafe unlink(&template)
    // Other children, started at the same time, must not inherit it.
    _ = fcntl(descriptor, F_SETFD, FD_CLOEXEC)
    return descriptor
  }

  private static func contents(of descriptor: Int32) -> [UInt8] {
    let size = Int(lseek(descriptor, 0, SEEK_END))
    return unsafe [UInt8](unsafeUninitializedCapacity: size) { buffer, count in
      count = unsafe pread(descriptor, buffer.baseAddress, size, 0)
    }
  }
}
