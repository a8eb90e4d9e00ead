import Credentials
import Desk
import JSONCoding
import Model
import Store
import Transport

/// Turns a `hello` into a customer's or an agent's session, or refuses it.
struct SessionOpening {
    let socket: SocketSession
    let gateway: Gateway
    let envelope: Envelope
    private let hello: Hello

    private enum Hello {
        case customer(Received.CustomerHello)
        case agent(Received.AgentHello)
        case faulty(WireFault)
    }

    init(socket: SocketSession, gateway: Gateway, frame: ReceivedFrame) {
        self.socket = socket
        self.gateway = gateway
        envelope = frame.envelope
        do throws(WireFault) {
            // A ticket is an agent's, a token a customer's.
            if frame.fields.optional("ticket") != nil {
                hello = .agent(try Received.AgentHello(frame.fields))
            } else {
                hello = .customer(try Received.CustomerHello(frame.fields))
            }
        } catch {
            hello = .faulty(error)
        }
    }

    /// Begins on a loop thread, without waiting for anything.
    func run() {
        do throws(WireFault) {
            switch hello {
            case .customer(let hello): try openCustomer(hello)
            case .agent(let hello):
                Task {
                    do throws(WireFault) { try await openAgent(hello) } catch { refuse(error) }
                }
            case .faulty(let fault): throw fault
            }
        } catch {
            refuse(error)
        }
    }

    private func refuse(_ fault: WireFault) {
        var fault = fault.answering(re: envelope.id)
        fault.close = fault.close ?? .badFrame
        socket.refuse(fault)
    }

    private func unauthenticated(_ title: String) -> WireFault {
        WireFault(.unauthenticated, title, close: .unauthenticated)
    }

    // MARK: - Customers

    /// Who it is, mostly at hand: the way of thousands that return at once makes no task.
    private func openCustomer(_ hello: Received.CustomerHello) throws(WireFault) {
        let claims = try gateway.openWidgetToken(hello.token)
        let store = gateway.store
        if let contact = store.known(claims.contact), let site = store.known(claims.site) {
            try enter(hello, contact, site, validUntil: claims.validUntil)
            return
        }
        Task {
            do throws(WireFault) {
                let (contact, site) = try await customer(claims.contact, of: claims.site)
                try enter(hello, contact, site, validUntil: claims.validUntil)
            } catch {
                refuse(error)
            }
        }
    }

    private func customer(
        _ id: ContactID,
        of siteID: SiteID
    ) async throws(WireFault) -> (Contact, Site) {
        let found: (Contact?, Site?)
        do {
            found = (try await gateway.store.contact(id), try await gateway.store.site(siteID))
        } catch {
            throw WireFault(.overloaded, close: .overloaded)
        }
        guard let contact = found.0, let site = found.1 else {
            throw unauthenticated("This session no longer exists")
        }
        return (contact, site)
    }

    private func enter(
        _ hello: Received.CustomerHello,
        _ contact: Contact,
        _ site: Site,
        validUntil: Timestamp
    ) throws(WireFault) {
        guard gateway.origins.admits(socket.origin, to: site) else {
            throw WireFault(
                .forbidden,
                "This origin may not embed this site",
                close: .unauthenticated
            )
        }
        let session = CustomerSession(
            socket: socket,
            gateway: gateway,
            contact: contact,
            site: site,
            token: hello.token,
            validUntil: validUntil
        )
        // Listening before looking: what another device begins in between is not missed.
        gateway.desk.audience.join(session, as: contact.id)
        gateway.store.rows(of: contact.id, open: 50, ended: Self.endedLimit) { [self] rows in
            guard case .success(var rows) = rows else {
                return leave(session, retryMilliseconds: nil)
            }
            // Whoever is in no conversation can still come later.
            if rows.open.isEmpty, let wait = gateway.admission.wait {
                return leave(session, retryMilliseconds: wait)
            }
            guard socket.enter(session) else { return session.closed() }
            let now = gateway.clock.now
            rows.ended.removeAll { now - ($0.resolvedAt ?? now) > Self.endedPeriod }
            session.begin(hello, re: envelope.id, rows: rows.open, ended: rows.ended)
        }
    }

    /// What ended in the last three days a customer may not know of yet, or wish to rate.
    private static let endedPeriod = Duration.seconds(72 * 3600)
    private static let endedLimit = 5

    /// Turns a customer away before they have entered, so that nothing they send is taken.
    private func leave(_ session: CustomerSession, retryMilliseconds: Int?) {
        session.closed()
        refuse(
            WireFault(.overloaded, retryMilliseconds: retryMilliseconds, close: .overloaded)
        )
    }

    // MARK: - Agents

    private func openAgent(_ hello: Received.AgentHello) async throws(WireFault) {
        guard gateway.origins.isConsole(socket.origin) else {
            throw WireFault(
                .forbidden,
                "The console is not served to this origin",
                close: .unauthenticated
            )
        }
        guard let signIn = gateway.tickets.redeem(hello.ticket, at: gateway.clock.steady) else {
            throw unauthenticated("The ticket is used up or too old")
        }
        do {
            guard let agent = try await gateway.store.agent(signIn.agent) else {
                throw unauthenticated("This account no longer exists")
            }
            let team = try await gateway.store.agents()
            let sites = try await gateway.store.sites()
            let session = AgentSession(
                socket: socket,
                gateway: gateway,
                agent: agent,
                signIn: signIn,
                sites: sites
            )
            let floor = await gateway.desk.floor.snapshot()
            guard socket.enter(session) else { return }
            session.begin(hello, re: envelope.id, team: team, floor: floor)
        } catch let fault as WireFault {
            throw fault
        } catch {
            throw WireFault(.overloaded, close: .overloaded)
        }
    }
}
