//! Lists that come in pages, item by item.

use std::pin::Pin;
use std::task::{Context, Poll, ready};

use futures_core::Stream;

use crate::error::Error;
use crate::runtime::CallFuture;

/// A page, and the call for the next one.
pub(super) struct Page<T> {
    pub(super) items: Vec<T>,
    pub(super) next: Option<CallFuture<'static, Self>>,
}

/// The items of all pages of a list: a [`Stream`], which also has a [`next`](Self::next) of its own. A page is fetched
/// when its first item is asked for. If that fails, the error is the last item.
#[must_use = "pages are fetched as their items are read"]
pub struct Pages<T> {
    items: std::vec::IntoIter<T>,
    next: Option<CallFuture<'static, Page<T>>>,
}

impl<T> Pages<T> {
    pub(super) fn new(first: CallFuture<'static, Page<T>>) -> Self {
        Self { items: Vec::new().into_iter(), next: Some(first) }
    }

    /// The next item; `None` after the last one. Nothing is lost if the future is dropped.
    pub async fn next(&mut self) -> Option<Result<T, Error>> {
        std::future::poll_fn(|cx| self.poll(cx)).await
    }

    fn poll(&mut self, cx: &mut Context<'_>) -> Poll<Option<Result<T, Error>>> {
        loop {
            if let Some(item) = self.items.next() {
                return Poll::Ready(Some(Ok(item)));
            }
            let Some(fetching) = &mut self.next else {
                return Poll::Ready(None);
            };
            let page = ready!(fetching.as_mut().poll(cx));
            self.next = None;
            match page {
                Ok(page) => (self.items, self.next) = (page.items.into_iter(), page.next),
                Err(error) => return Poll::Ready(Some(Err(error))),
            }
        }
    }
}

impl<T> Unpin for Pages<T> {}

impl<T> Stream for Pages<T> {
    type Item = Result<T, Error>;

    fn poll_next(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        self.get_mut().poll(cx)
    }
}

impl<T> std::fmt::Debug for Pages<T> {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.debug_struct("Pages").field("fetched", &self.items.len()).finish_non_exhaustive()
    }
}
