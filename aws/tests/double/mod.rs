//! A transport that keeps what is sent and answers as it is told.

use std::cell::{Cell, RefCell};
use std::collections::VecDeque;
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use aws::{Aws, Credentials, Transport, TransportError};

/// What the double answers.
pub type Answer = Result<http::Response<Vec<u8>>, TransportError>;

pub struct Double {
    pub requests: RefCell<Vec<http::Request<Vec<u8>>>>,
    pub pauses: RefCell<Vec<Duration>>,
    /// Answers to the next requests, before `otherwise`.
    pub next: RefCell<VecDeque<Answer>>,
    otherwise: fn(&http::Request<Vec<u8>>) -> Answer,
    ticks: Cell<u32>,
}

impl Double {
    pub fn answering(otherwise: fn(&http::Request<Vec<u8>>) -> Answer) -> Self {
        Double {
            requests: RefCell::default(),
            pauses: RefCell::default(),
            next: RefCell::default(),
            otherwise,
            ticks: Cell::new(0),
        }
    }

    /// A client of AWS in `eu-west-1` over this double.
    pub fn client(self) -> Aws<Double> {
        let credentials = Credentials {
            access_key_id: "AKIDEXAMPLE".to_owned(),
            secret_access_key: "secret".to_owned(),
            session_token: None,
        };
        Aws::new(self, "eu-west-1", credentials, |_| None)
    }
}

impl Transport for Double {
    async fn send(&self, request: http::Request<Vec<u8>>) -> Result<http::Response<Vec<u8>>, TransportError> {
        let next = self.next.borrow_mut().pop_front();
        let answer = next.unwrap_or_else(|| (self.otherwise)(&request));
        self.requests.borrow_mut().push(request);
        answer
    }

    /// A clock that moves on a little whenever somebody looks at it.
    fn now(&self) -> SystemTime {
        self.ticks.set(self.ticks.get() + 1);
        UNIX_EPOCH + Duration::from_secs(1_767_225_600) + Duration::from_nanos(u64::from(self.ticks.get()) * 137)
    }

    /// Nobody waits for a double.
    async fn pause(&self, duration: Duration) {
        self.pauses.borrow_mut().push(duration);
    }
}

pub fn answer(status: u16, body: &str) -> Answer {
    Ok(http::Response::builder().status(status).body(body.as_bytes().to_vec()).unwrap())
}
