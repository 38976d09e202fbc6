//! A proxy in front of a server, which spoils the first answers to each query in a chosen way.

#![allow(dead_code, reason = "each test spoils answers in some of the ways")]

use std::collections::HashMap;
use std::io::{BufRead, BufReader, Read, Write};
use std::net::{TcpListener, TcpStream};
use std::sync::{Arc, Mutex};
use std::thread;
use std::time::Duration;

/// What becomes of an answer.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Fault {
    /// Another answer: status, headers, body.
    Instead(&'static str, &'static str, &'static str),
    /// The connection is closed before anything is sent.
    Hangup,
    /// Only so many bytes of the body come; from its end, when negative. Every query is cut at the next byte.
    Cut(i64, Framing),
    /// All but the last bytes of the gzip form, which hold its checksum and length.
    NoTrailer,
    /// A byte now and then.
    Drip,
    /// This text, then these bytes for ever.
    Endless(&'static str, &'static str),
}

/// How the end of a body is told.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Framing {
    Length,
    Close,
    Chunked,
    Gzip,
}

struct Proxy {
    upstream: String,
    fault: Fault,
    strikes: usize,
    /// For each query, how many times it has come, and its number among all.
    asked: Mutex<HashMap<String, (usize, i64)>>,
}

/// Starts it on a free port, to spoil the first `strikes` answers to each query; its address.
pub(crate) fn start(upstream: &str, fault: Fault, strikes: usize) -> String {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = format!("http://{}", listener.local_addr().unwrap());
    let proxy = Arc::new(Proxy { upstream: upstream.to_string(), fault, strikes, asked: Mutex::default() });
    thread::spawn(move || {
        for stream in listener.incoming().flatten() {
            let proxy = Arc::clone(&proxy);
            // The other side may hang up at any time: that is its right.
            thread::spawn(move || proxy.serve(stream).ok());
        }
    });
    address
}

impl Proxy {
    fn serve(&self, mut stream: TcpStream) -> std::io::Result<()> {
        let Some((target, form)) = read(&stream)? else { return Ok(()) };
        let number = {
            let mut asked = self.asked.lock().unwrap();
            let next = asked.len() as i64;
            let entry = asked.entry(format!("{target} {form}")).or_insert((0, next));
            entry.0 += 1;
            (target.contains("/api/v1/query") && entry.0 <= self.strikes).then_some(entry.1)
        };
        match number {
            Some(number) => self.spoil(&mut stream, &target, &form, number),
            None => whole(&mut stream, &self.fetch(&target, &form)),
        }
    }

    fn fetch(&self, target: &str, form: &str) -> (u16, Vec<u8>) {
        let agent: ureq::Agent = ureq::Agent::config_builder().http_status_as_error(false).build().into();
        let url = format!("{}{target}", self.upstream);
        let answer = if form.is_empty() {
            agent.get(url).call()
        } else {
            agent.post(url).content_type("application/x-www-form-urlencoded").send(form)
        };
        let answer = answer.unwrap();
        let status = answer.status().as_u16();
        let mut body = Vec::new();
        answer.into_body().into_reader().read_to_end(&mut body).unwrap();
        (status, body)
    }

    fn spoil(&self, stream: &mut TcpStream, target: &str, form: &str, number: i64) -> std::io::Result<()> {
        match self.fault {
            Fault::Instead(status, headers, body) => {
                write!(
                    stream,
                    "HTTP/1.1 {status}\r\nContent-Length: {}\r\n{headers}Connection: close\r\n\r\n{body}",
                    body.len()
                )
            }
            Fault::Hangup => Ok(()),
            Fault::Cut(first, framing) => {
                let (_, body) = self.fetch(target, form);
                let place = if first < 0 { body.len() as i64 + first - number } else { first + number };
                cut(stream, &body, usize::try_from(place).unwrap().min(body.len() - 1), framing)
            }
            Fault::NoTrailer => {
                let packed = packed(&self.fetch(target, form).1);
                write!(stream, "HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\nConnection: close\r\n\r\n")?;
                stream.write_all(&packed[..packed.len() - 8])
            }
            Fault::Drip => {
                let (_, body) = self.fetch(target, form);
                write!(stream, "HTTP/1.1 200 OK\r\nContent-Length: {}\r\nConnection: close\r\n\r\n", body.len())?;
                for byte in body {
                    stream.write_all(&[byte])?;
                    thread::sleep(Duration::from_millis(100));
                }
                Ok(())
            }
            Fault::Endless(first, again) => {
                write!(stream, "HTTP/1.1 200 OK\r\nConnection: close\r\n\r\n{first}")?;
                let again = again.repeat(1 << 12);
                loop {
                    stream.write_all(again.as_bytes())?;
                }
            }
        }
    }
}

fn whole(stream: &mut TcpStream, (status, body): &(u16, Vec<u8>)) -> std::io::Result<()> {
    write!(stream, "HTTP/1.1 {status} X\r\nContent-Length: {}\r\nConnection: close\r\n\r\n", body.len())?;
    stream.write_all(body)
}

fn cut(stream: &mut TcpStream, body: &[u8], place: usize, framing: Framing) -> std::io::Result<()> {
    let part = &body[..place];
    match framing {
        Framing::Length => {
            write!(stream, "HTTP/1.1 200 OK\r\nContent-Length: {}\r\n\r\n", body.len())?;
            stream.write_all(part)
        }
        Framing::Close => {
            write!(stream, "HTTP/1.1 200 OK\r\nConnection: close\r\n\r\n")?;
            stream.write_all(part)
        }
        Framing::Chunked => {
            write!(stream, "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n{:x}\r\n", place + 1)?;
            stream.write_all(part)
        }
        Framing::Gzip => {
            let packed = packed(body);
            let place = place * packed.len() / body.len();
            write!(stream, "HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\nConnection: close\r\n\r\n")?;
            stream.write_all(&packed[..place])
        }
    }
}

fn packed(body: &[u8]) -> Vec<u8> {
    let mut packer = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
    packer.write_all(body).unwrap();
    packer.finish().unwrap()
}

/// The target and the form of a request.
fn read(stream: &TcpStream) -> std::io::Result<Option<(String, String)>> {
    let mut reader = BufReader::new(stream);
    let mut line = String::new();
    reader.read_line(&mut line)?;
    let Some(target) = line.split_whitespace().nth(1).map(str::to_string) else { return Ok(None) };
    let mut length = 0;
    loop {
        let mut line = String::new();
        reader.read_line(&mut line)?;
        let Some((name, value)) = line.split_once(':') else { break };
        if name.eq_ignore_ascii_case("content-length") {
            length = value.trim().parse().unwrap();
        }
    }
    let mut form = vec![0; length];
    reader.read_exact(&mut form)?;
    Ok(Some((target, String::from_utf8(form).unwrap())))
}
