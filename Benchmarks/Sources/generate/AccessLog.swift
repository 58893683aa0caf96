/// The combined access log, about 174 bytes a line.
func writeAccessLog(lines: Int, seed: UInt64, to output: inout Output) {
  var random = Random(seed: seed)
  var clock = Clock()
  let anonymous = Template("{ip} - - [")
  let known = Template("{ip} - {user} [")
  let request = Template(
    "] \"{verb} {page} HTTP/1.1\" {status} {n 0-90000} \"{referer}\" \"{agent}\"")
  let token = Template(
    "] \"GET /p/{hex 12}?utm_source={item}&gclid={hex 20} HTTP/2.0\" {status} {n 0-90000} \"{referer}\" \"{agent}\""
  )
  for line in 0..<lines {
    clock.advance(&random, upTo: 86)
    (random.below(8) == 0 ? known : anonymous).write(line: line, &random, to: &output)
    clock.writeCommonLog(to: &output)
    (random.below(10) == 0 ? token : request).write(line: line, &random, to: &output)
    output.endLine()
  }
}
