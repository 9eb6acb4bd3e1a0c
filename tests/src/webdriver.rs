//! Drives the real window: an X server without a screen, WebKit's own WebDriver, and the little of its protocol that
//! the tests need, over a plain socket.
//!
//! # Promises
//! - **Own surroundings.** Each [`Window`] has its own display, home and store, and takes all of them down with it.
//! - **Nothing hangs.** Every wait has an end, and says what it waited for and what stood on the screen instead.
//!
//! # Where to start
//! [`Window::open`], then [`Window::click`], [`Window::wait_for`] and [`Window::screenshot`].

#![allow(clippy::disallowed_methods, reason = "waits for a real window; nothing is simulated here")]

use std::io::{BufRead as _, BufReader, Read as _, Write as _};
use std::net::{TcpListener, TcpStream};
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use serde_json::{Value, json};

/// Key under which the protocol hands out elements.
const ELEMENT: &str = "element-6066-11e4-a52e-4f735466cecf";
/// Longest time for one answer of the driver; opening the window is the slowest.
const ANSWER_MAX: Duration = Duration::from_secs(60);
/// Pause between two looks at the page.
const LOOK_EVERY: Duration = Duration::from_millis(50);

/// One open window of the product.
pub struct Window {
    display: Child,
    driver: Child,
    port: u16,
    session: String,
}

impl Window {
    /// Opens `app` with everything that it writes below `home`. `width` and `height` are those of the page.
    ///
    /// # Panics
    /// Where the X server, the driver or the window does not come up; the message says which.
    #[must_use]
    pub fn open(app: &Path, home: &Path, width: u32, height: u32) -> Self {
        let (display, name) = start_display();
        let port = free_port();
        let driver = driver_command(home, &name, port)
            .spawn()
            .expect("WebKitWebDriver starts (package webkit2gtk-driver)");
        let mut window = Self { display, driver, port, session: String::new() };
        window.wait_until_driver_answers();
        let options = json!({ "binary": app, "args": [] });
        let wanted = json!({ "capabilities": { "alwaysMatch": { "webkitgtk:browserOptions": options } } });
        let answer = window.request("POST", "/session", &wanted).expect("the driver opens the window");
        window.session = answer["sessionId"].as_str().expect("a session has an id").to_owned();
        window.resize(width, height);
        window
    }

    /// Gives the page, not its frame, this size in pixels.
    pub fn resize(&self, width: u32, height: u32) {
        let mut outer = (i64::from(width), i64::from(height));
        for _ in 0..10 {
            self.call("POST", "/window/rect", &json!({ "width": outer.0, "height": outer.1 }));
            std::thread::sleep(Duration::from_millis(150));
            let inner = self.script("return [innerWidth, innerHeight]");
            let side = |i: usize| inner[i].as_i64().expect("a length in pixels");
            let (x, y) = (i64::from(width) - side(0), i64::from(height) - side(1));
            if (x, y) == (0, 0) {
                return;
            }
            outer = (outer.0 + x, outer.1 + y);
        }
        panic!("the window does not take the size {width} x {height}");
    }

    /// Value of a JavaScript function body.
    pub fn script(&self, body: &str) -> Value {
        self.call("POST", "/execute/sync", &json!({ "script": body, "args": [] }))
    }

    /// Answer of one of the window's own commands, or its error as `{"error": ...}`.
    #[must_use]
    pub fn invoke(&self, command: &str, arguments: &Value) -> Value {
        let body = "const done = arguments[2]; window.__TAURI_INTERNALS__.invoke(arguments[0], arguments[1])\
                    .then((answer) => done({ answer }), (error) => done({ error }))";
        let answer =
            self.call("POST", "/execute/async", &json!({ "script": body, "args": [command, arguments] }));
        answer.get("answer").cloned().unwrap_or(answer)
    }

    /// Presses the mouse on the first element that `css` selects, waiting until it is there and enabled.
    pub fn click(&self, css: &str) {
        let ready = format!(
            "const e = document.querySelector({css:?}); if (!e || e.disabled) return false;\
             e.scrollIntoView({{ block: 'center' }}); return true"
        );
        self.wait_for(&format!("{css} to click"), &ready, 30);
        let element = self.element(css);
        let path = format!("/session/{}/element/{element}/click", self.session);
        self.request("POST", &path, &json!({})).unwrap_or_else(|error| panic!("clicking {css}: {error}"));
    }

    /// Replaces what stands in a field.
    pub fn fill(&self, css: &str, text: &str) {
        let element = self.element(css);
        self.call("POST", &format!("/element/{element}/clear"), &json!({}));
        self.call("POST", &format!("/element/{element}/value"), &json!({ "text": text }));
    }

    /// Presses a key on whatever has the focus.
    pub fn press(&self, key: &str) {
        let actions = json!([{ "type": "keyDown", "value": key }, { "type": "keyUp", "value": key }]);
        self.call(
            "POST",
            "/actions",
            &json!({ "actions": [{ "type": "key", "id": "keys", "actions": actions }] }),
        );
    }

    /// Moves the mouse to a place of the page, in pixels.
    pub fn point(&self, x: f64, y: f64) {
        let actions =
            json!([{ "type": "pointerMove", "duration": 0, "x": x.round() as i64, "y": y.round() as i64 }]);
        self.call(
            "POST",
            "/actions",
            &json!({ "actions": [{ "type": "pointer", "id": "mouse", "actions": actions }] }),
        );
    }

    /// Text of the first element that `css` selects; empty where there is none.
    #[must_use]
    pub fn text(&self, css: &str) -> String {
        let found = self.script(&format!("return document.querySelector({css:?})?.textContent ?? ''"));
        found.as_str().unwrap_or_default().trim().to_owned()
    }

    /// Waits until a JavaScript function body returns something true, and returns that.
    ///
    /// # Panics
    /// After `seconds`, with `what` and the words on the screen.
    pub fn wait_for(&self, what: &str, body: &str, seconds: u64) -> Value {
        let end = Instant::now() + Duration::from_secs(seconds);
        loop {
            let found = self.script(body);
            if !matches!(found, Value::Null | Value::Bool(false)) {
                return found;
            }
            if Instant::now() > end {
                panic!("after {seconds} s still waiting for {what}; on the screen:\n{}", self.visible());
            }
            std::thread::sleep(LOOK_EVERY);
        }
    }

    /// Loads the page anew and waits until it is there. A script that reloads returns before the old page is gone, and the
    /// next one is lost with it; the driver's own command waits.
    pub fn reload(&self) {
        self.call("POST", "/refresh", &json!({}));
    }

    /// Writes what the window shows as a PNG.
    pub fn screenshot(&self, path: &Path) {
        let encoded = self.call("GET", "/screenshot", &Value::Null);
        let bytes = decode_base64(encoded.as_str().expect("a screenshot is text in base 64"));
        std::fs::write(path, bytes).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
    }

    fn visible(&self) -> String {
        self.script("return document.body.innerText").as_str().unwrap_or_default().to_owned()
    }

    fn element(&self, css: &str) -> String {
        let found = self.call("POST", "/element", &json!({ "using": "css selector", "value": css }));
        found[ELEMENT].as_str().unwrap_or_else(|| panic!("{css} is not an element")).to_owned()
    }

    fn call(&self, method: &str, path: &str, body: &Value) -> Value {
        let path = format!("/session/{}{path}", self.session);
        self.request(method, &path, body).unwrap_or_else(|error| panic!("{method} {path} {body}: {error}"))
    }

    fn wait_until_driver_answers(&self) {
        let end = Instant::now() + Duration::from_secs(20);
        while self.request("GET", "/status", &Value::Null).is_err() {
            assert!(Instant::now() < end, "WebKitWebDriver does not answer on port {}", self.port);
            std::thread::sleep(LOOK_EVERY);
        }
    }

    /// One request on a connection of its own; `Err` holds the driver's words.
    fn request(&self, method: &str, path: &str, body: &Value) -> Result<Value, String> {
        let text = if body.is_null() { String::new() } else { body.to_string() };
        let answer = exchange(self.port, method, path, &text).map_err(|error| error.to_string())?;
        let value: Value = serde_json::from_slice(&answer).map_err(|error| error.to_string())?;
        match value["value"]["error"].as_str() {
            Some(error)
                if value["value"]["stacktrace"].is_string() || value["value"]["message"].is_string() =>
            {
                Err(format!("{error}: {}", value["value"]["message"].as_str().unwrap_or_default()))
            }
            _ => Ok(value["value"].clone()),
        }
    }
}

impl Drop for Window {
    fn drop(&mut self) {
        if !self.session.is_empty() {
            let _ = self.request("DELETE", &format!("/session/{}", self.session), &Value::Null);
        }
        for child in [&mut self.driver, &mut self.display] {
            let _ = child.kill();
            let _ = child.wait();
        }
    }
}

/// An X server on a free display, and that display's name.
fn start_display() -> (Child, String) {
    let mut display = Command::new("Xvfb")
        .args(["-displayfd", "1", "-screen", "0", "1600x1200x24", "-nolisten", "tcp"])
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .spawn()
        .expect("Xvfb starts (package xvfb)");
    let mut line = String::new();
    let output = display.stdout.take().expect("its output is piped");
    BufReader::new(output).read_line(&mut line).expect("Xvfb says which display it took");
    (display, format!(":{}", line.trim()))
}

fn driver_command(home: &Path, display: &str, port: u16) -> Command {
    let mut command = Command::new("WebKitWebDriver");
    command.arg(format!("--port={port}")).stdout(Stdio::null()).stderr(Stdio::null());
    command.env("DISPLAY", display).env_remove("WAYLAND_DISPLAY").env("GDK_BACKEND", "x11");
    // Without this the window opens and waits for ever to be driven.
    command.env("TAURI_WEBVIEW_AUTOMATION", "true");
    command.env("HOME", home).env("COUNTERFOIL_STORE", home.join("counterfoil.db"));
    for folder in ["XDG_DATA_HOME", "XDG_CONFIG_HOME", "XDG_CACHE_HOME"] {
        command.env(folder, home.join(folder.to_lowercase()));
    }
    // Compiled shaders are worth keeping: with a cold cache the first picture takes seconds.
    command.env("MESA_SHADER_CACHE_DIR", std::env::temp_dir().join("counterfoil-shaders"));
    command
}

fn free_port() -> u16 {
    let probe = TcpListener::bind(("127.0.0.1", 0)).expect("a free port on this machine");
    probe.local_addr().expect("a bound socket has an address").port()
}

/// One HTTP exchange; the answer's body.
fn exchange(port: u16, method: &str, path: &str, body: &str) -> std::io::Result<Vec<u8>> {
    let mut stream = TcpStream::connect(("127.0.0.1", port))?;
    stream.set_read_timeout(Some(ANSWER_MAX))?;
    let head = format!(
        "{method} {path} HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\nContent-Type: application/json\r\nContent-Length: {}\r\nConnection: close\r\n\r\n",
        body.len()
    );
    stream.write_all(head.as_bytes())?;
    stream.write_all(body.as_bytes())?;
    let mut reader = BufReader::new(stream);
    let mut length = 0;
    loop {
        let mut line = String::new();
        reader.read_line(&mut line)?;
        if line.trim().is_empty() {
            break;
        }
        if let Some((name, value)) = line.split_once(':')
            && name.eq_ignore_ascii_case("content-length")
        {
            length = value.trim().parse().unwrap_or(0);
        }
    }
    let mut answer = vec![0; length];
    reader.read_exact(&mut answer)?;
    Ok(answer)
}

/// RFC 4648 with padding or without; other characters are passed over.
fn decode_base64(text: &str) -> Vec<u8> {
    const ALPHABET: &[u8] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    let mut bytes = Vec::with_capacity(text.len() * 3 / 4);
    let (mut held, mut bits) = (0_u32, 0);
    for six in text.bytes().filter_map(|byte| ALPHABET.iter().position(|one| *one == byte)) {
        held = held << 6 | six as u32;
        bits += 6;
        if bits >= 8 {
            bits -= 8;
            bytes.push((held >> bits & 0xFF) as u8);
        }
    }
    bytes
}

#[cfg(test)]
mod tests {
    use super::decode_base64;

    #[test]
    fn base64_of_every_length_is_decoded() {
        for (text, bytes) in [("", ""), ("Zg==", "f"), ("Zm8=", "fo"), ("Zm9v", "foo"), ("Zm9vYmE=", "fooba")]
        {
            assert_eq!(decode_base64(text), bytes.as_bytes());
        }
    }
}
