//! Ports are looked at before anything is started: a busy one is the user's to resolve.

use std::io::ErrorKind;
use std::net::{Ipv4Addr, TcpListener};

use anyhow::{Context, Result, bail};

use crate::Ports;
use crate::moment::unless_it_passes;

impl Ports {
    /// Makes sure that every port is free. The error names the first that is not and the variable that changes it.
    pub(crate) fn check(&self) -> Result<()> {
        // The stand-in listens for MQTT on every interface, whatever it is told.
        let wanted = [
            ("the console", "CONSOLE_PORT", self.console, Ipv4Addr::LOCALHOST),
            ("the AWS endpoint", "AWS_PORT", self.aws, Ipv4Addr::LOCALHOST),
            ("MQTT", "MQTT_PORT", self.mqtt, Ipv4Addr::UNSPECIFIED),
        ];
        for (what, variable, port, address) in wanted {
            let in_use = |result: &std::io::Result<_>| {
                result.as_ref().is_err_and(|error: &std::io::Error| error.kind() == ErrorKind::AddrInUse)
            };
            match unless_it_passes(|| TcpListener::bind((address, port)), in_use) {
                Ok(_) => {}
                Err(error) if error.kind() == ErrorKind::AddrInUse => bail!(
                    "port {port}, wanted for {what}, is in use: stop what uses it, or choose another port with {variable}"
                ),
                Err(error) => {
                    return Err(error).with_context(|| {
                        format!("port {port}, wanted for {what}, cannot be used: choose another one with {variable}")
                    });
                }
            }
        }
        Ok(())
    }
}

/// Three ports that nothing uses now, for a stack beside others.
pub fn free_ports() -> Result<Ports> {
    // All are held until the last is found, so that no two are the same.
    let held: Vec<TcpListener> = (0..3)
        .map(|_| TcpListener::bind((Ipv4Addr::UNSPECIFIED, 0)))
        .collect::<Result<_, _>>()
        .context("no free port")?;
    let port = |index: usize| -> Result<u16> { Ok(held[index].local_addr()?.port()) };
    Ok(Ports { console: port(0)?, aws: port(1)?, mqtt: port(2)? })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_busy_port_is_named_with_the_variable_that_changes_it() {
        let ports = free_ports().unwrap();
        ports.check().unwrap();
        let _busy = TcpListener::bind((Ipv4Addr::LOCALHOST, ports.aws)).unwrap();
        let message = ports.check().unwrap_err().to_string();
        assert!(message.contains(&ports.aws.to_string()) && message.contains("AWS_PORT"), "{message}");
    }
}
