//! The parts of a point one after the other, in a text that may end in the middle of one.

/// Why there is no point at the start of some text.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Lack {
    /// The text ends before the point does.
    More,
    /// It is something else.
    Bad,
}

/// A place in some text that may go on later.
pub(crate) struct Cursor<'a> {
    pub(crate) text: &'a [u8],
    pub(crate) at: usize,
}

impl<'a> Cursor<'a> {
    /// The next byte that is no white space, used up.
    #[inline]
    pub(crate) fn solid(&mut self) -> Result<u8, Lack> {
        loop {
            let byte = *self.text.get(self.at).ok_or(Lack::More)?;
            self.at += 1;
            if byte > b' ' {
                return Ok(byte);
            }
            if !byte.is_ascii_whitespace() {
                return Err(Lack::Bad);
            }
        }
    }

    #[inline]
    pub(crate) fn expect(&mut self, wanted: u8) -> Result<(), Lack> {
        if self.solid()? == wanted { Ok(()) } else { Err(Lack::Bad) }
    }

    /// The bytes of a number, at least one.
    #[inline]
    pub(crate) fn number(&mut self) -> Result<&'a [u8], Lack> {
        let first = self.solid()?;
        if !matches!(first, b'0'..=b'9' | b'-') {
            return Err(Lack::Bad);
        }
        let rest = &self.text[self.at - 1..];
        let is_part = |b: &u8| matches!(b, b'0'..=b'9' | b'.' | b'e' | b'E' | b'+' | b'-');
        let length = rest.iter().position(|b| !is_part(b)).ok_or(Lack::More)?;
        self.at += length - 1;
        Ok(&rest[..length])
    }

    /// The bytes between two quotes; an escape makes no number, so none is looked for.
    #[inline]
    pub(crate) fn quoted(&mut self) -> Result<&'a [u8], Lack> {
        self.expect(b'"')?;
        let rest = &self.text[self.at..];
        let length = rest.iter().position(|&b| b == b'"').ok_or(Lack::More)?;
        self.at += length + 1;
        Ok(&rest[..length])
    }
}
