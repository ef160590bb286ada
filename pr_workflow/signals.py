"""The events of the flow, in its order. Past tense; a later step listens, an earlier one never calls it.

Each signal says when it is sent. "In the transaction" means a receiver may write records that stand or fall
with the verb; "on commit" means the fact is final and a receiver that raises changes nothing about it.
Senders are the class of the object; every signal carries `actor` and `now` (aware datetime).
"""

from django.dispatch import Signal

#: On commit. `plan`: the AnnualPlan whose revision is now the approved one (S1 §4.1, S2 §3.3).
plan_approved = Signal()

#: A question, asked while a submission is checked: `page`, `parent`, `user`. Receivers return `Problem`s or None.
news_readiness_asked = Signal()

#: A question, asked before a form changes a picture or a file: `instance`. A receiver that raises
#: `PermissionDenied` refuses.
file_change_asked = Signal()

#: A question, asked before a screen offers to delete news, or a page with news below: `page`. A receiver that keeps
#: it answers with the reason.
deletion_asked = Signal()

#: In the transaction. `agency`: groups and permissions of the agency have been set up; other apps add theirs.
roles_ensured = Signal()

#: A question, asked when a chain is chosen for an item: `page`, `place` (the page itself, or the one below which it
#: will stand). Receivers answer with a `ChainChoice` (see `news.chain_choice`), the lowest rank decides, or with None.
chain_asked = Signal()

#: In the transaction. `content`, `task_state`, `deadline`, `is_first`: a step of a chain has begun; its clock runs.
step_started = Signal()

#: In the transaction. `content`, `task_state`, `agency`, `reason`: a step sent an item back, news or a plan.
step_returned = Signal()

#: In the transaction. `delegation`, `revoked`: somebody acts for the holder of a role, or (`revoked`) no more.
delegation_changed = Signal()

#: In the transaction. `activity`, `cancellation` (its `act` says which): an activity of the plan in force does not take
#: place, or does after all.
activity_cancelled = Signal()

#: In the transaction. `group`: a working group has been appointed by its order.
working_group_appointed = Signal()

#: In the transaction. `page`, `emergency`: published without its chain; a second person must confirm it.
emergency_published = Signal()

#: In the transaction. `page`, `emergency`: a second person has confirmed or refused it.
emergency_decided = Signal()

#: A question, asked before a clock is stopped or let run again: `clocked`, `user`. The step whose record it is returns
#: True when this person may do it; silence refuses.
clock_pause_asked = Signal()

#: A question, asked when a clock's people are reminded: `clocked`. The step whose record it is returns
#: `clocks.holders.Holders`, the others None.
clock_holders_asked = Signal()

#: In the transaction. `clocked`, `pause`: a clock stands still because somebody else has to answer, or runs again.
clock_paused = Signal()
clock_resumed = Signal()

#: In the transaction, before anything is done. `workflow_state`: a chain is about to end; a receiver that raises
#: keeps it from ending.
chain_finishing = Signal()

#: In the transaction. `page`, `revision`, `workflow_state`: an item entered the chain at its first step.
news_submitted = Signal()

#: In the transaction. `page`, `revision`, `workflow_state`: the whole chain has approved this revision.
news_approved = Signal()

#: In the transaction. `page`, `revision`, `reason`: sent back to the writer.
news_returned = Signal()

#: In the transaction. `page`, `posting`, `withdrawal`: an approval was given up before its version went live; without
#: an actor the item expired while it waited.
approval_withdrawn = Signal()

#: On commit. `page`, `posting`: the IT officer has set a go-live time.
news_posted = Signal()

#: On commit. `page`, `revision`, `published_item`, `posting`: truly live. Never sent for a mere schedule.
news_went_live = Signal()

#: On commit. `page`, `reason`, `take_down` (the TakeDown): no longer public.
news_taken_down = Signal()

#: A question, asked while a check is shown or answered: `check`. Receivers return `Finding`s (see
#: `publishing.findings`) of their own step, or None.
check_findings_asked = Signal()

#: On commit. `page`, `check`: the responsible officer found the posted page correct (ถูกต้อง).
publication_verified = Signal()

#: On commit. `page`, `correction`: the officer asked for a correction (แก้ไข); `correction.number` counts.
correction_opened = Signal()

#: On commit. `delivery`: a channel has taken the item.
delivery_sent = Signal()

#: On commit. `delivery`: a channel refused the item, or it was given up.
delivery_failed = Signal()

#: On commit. `record`: the ArchiveRecord of a revision was written.
news_archived = Signal()

#: On commit. `report`: a weekly report was closed.
weekly_report_closed = Signal()
