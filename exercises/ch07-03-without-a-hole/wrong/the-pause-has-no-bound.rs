//! Doubles the pause without a bound. A journal that was away for an hour is asked again an hour later.

impl GameSubscription {
    async fn next_event(&mut self) -> Option<Arc<PublishedEvent>> {
        match self.missed.next() {
            Some(published) => Some(published),
            None => self.events.as_mut()?.next().await,
        }
    }

    async fn subscribe(&mut self) -> Result<(), GameSubscriptionEvent> {
        self.events = None;
        loop {
            let subscribed = self
                .games
                .subscribe(self.game, self.viewer, Some(self.last_seq));
            match subscribed.await {
                Ok(_) if self.quarantine_reported => return Err(GameSubscriptionEvent::Rejoin),
                Ok(subscription) => {
                    let CatchUp::Missed(missed) = subscription.catch_up else {
                        return Err(GameSubscriptionEvent::Rejoin);
                    };
                    self.missed = missed.into_iter();
                    self.events = Some(subscription.events);
                    self.pause = FIRST_PAUSE;
                    return Ok(());
                }
                Err(error @ CallError::Quarantined { .. }) if !self.quarantine_reported => {
                    self.quarantine_reported = true;
                    return Err(GameSubscriptionEvent::Unavailable(error));
                }
                Err(CallError::NoSuchGame) => return Err(GameSubscriptionEvent::Rejoin),
                Err(_) => {
                    tokio::time::sleep(self.pause).await;
                    self.pause = self.pause * 2;
                }
            }
        }
    }
}
