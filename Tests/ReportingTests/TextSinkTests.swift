import Glibc
import Reporting
import TestSupport
import Testing

@Test func `what is written arrives in order, whatever the buffer`() throws {
  let scratch = Scratch()
  let path = scratch.file("out")
  let descriptor = unsafe open(path, O_CREAT | O_RDWR, 0o600)
  defer { close(descriptor) }
  let sink = TextSink(descriptor: descriptor, capacity: 10)
  var expected = ""
  for number in 0..<100 {
    sink.write("line \(number)")
    sink.write(0x0A)
    expected += "line \(number)\n"
  }
  sink.flush()
  #expect(Command.run("cat", [path]).output == expected)
  #expect(!sink.isClosed)
  #expect(sink.failure == nil)
}

@Test func `a reader that goes away closes the sink`() {
  signal(SIGPIPE, SIG_IGN)
  var ends: [Int32] = [0, 0]
  #expect(unsafe pipe(&ends) == 0)
  close(ends[0])
  defer { close(ends[1]) }
  let sink = TextSink(descriptor: ends[1])
  sink.write("x")
  #expect(!sink.isClosed)
  sink.flush()
  #expect(sink.isClosed)
  #expect(sink.failure == nil)
  sink.write("y")
  sink.flush()
}

@Test func `a full disk is told by its number`() {
  let descriptor = unsafe open("/dev/full", O_WRONLY)
  defer { close(descriptor) }
  let sink = TextSink(descriptor: descriptor)
  sink.write("x")
  sink.flush()
  #expect(sink.failure == ENOSPC)
  #expect(!sink.isClosed)
}
