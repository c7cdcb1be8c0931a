import KaunterCore

/// What is decided, in full (contract §3). One grid for payments that wait and one for payments
/// that are final: a row for each event and moment, a column for each constellation of attempts, a
/// word for what follows. What the words mean depends on the stage, and stands in the legends.
enum DecisionTable {
    /// The columns. Rail answers are about the last attempt; where there is none, about a reference
    /// that this payment never had.
    static let columns: [[Attempt.State]] = [
        [], [.intended], [.open], [.declined], [.cancelled], [.lapsed], [.received],
        [.declined, .open],
    ]

    /// Moments: `early` is within the lifetime and before the deadline; `over` is the lifetime's
    /// end and before the deadline; `due` is the deadline within a longer lifetime; `late` is after
    /// both.
    static let waiting = """
        event      @moment| none   intended open   declined cancelled lapsed received decl.+open
        asked      @early | intend !open    !open  intend   intend    intend intend   !open
        asked      @over  | !over  !open    !open  !over    !over     !over  !over    !open
        begun      @early | -      open     -      -        -         -      -        -
        approved   @early | stray  paid     paid   paid     paid      paid   paid     paid
        approved   @late  | stray  paid     paid   paid     paid      paid   paid     paid
        approved-  @early | stray  clash    clash  stray    stray     stray  stray    clash
        approved+  @early | stray  clash    clash  stray    stray     stray  stray    clash
        approved$  @early | stray  clash    clash  stray    stray     stray  stray    clash
        approved#  @early | stray  clash    clash  stray    stray     stray  stray    clash
        approved0  @early | stray  clash    clash  stray    stray     stray  stray    clash
        approved-  @over  | stray  clash    clash  stray    stray     stray  stray    clash
        approved-  @due   | stray  clash.   clash. stray    stray     stray  stray    clash.
        approved-  @late  | stray  clash!   clash! stray    stray     stray  stray    clash!
        received-  @early | stray  kept     kept   kept     kept      kept   kept     kept
        received   @early | stray  paid     paid   paid     paid      paid   paid     paid
        received+  @early | stray  paid+    paid+  paid+    paid+     paid+  paid+    paid+
        received$  @early | stray  clash    clash  stray    stray     stray  stray    clash
        received#  @early | stray  clash    clash  stray    stray     stray  stray    clash
        received0  @early | stray  clash    clash  stray    stray     stray  stray    clash
        declined   @early | -      no       no     -        -         -      note     no
        declined   @over  | -      no!      no!    -        -         -      note     no!
        cancelled  @early | -      gone     gone   -        -         -      note     gone
        cancelled  @over  | -      gone!    gone!  -        -         -      note     gone!
        pending    @early | -      ask      ask    -        -         -      -        ask
        pending    @over  | -      ask      ask    -        -         -      -        ask
        pending    @due   | -      lapse    lapse  -        -         -      -        lapse
        pending    @late  | -      lapse!   lapse! -        -         -      -        lapse!
        notfound   @early | -      ask      ask    -        -         -      -        ask
        notfound   @over  | -      ask      ask    -        -         -      -        ask
        notfound   @due   | -      lapse    lapse  -        -         -      -        lapse
        notfound   @late  | -      lapse!   lapse! -        -         -      -        lapse!
        money-     @early | some   some     some   some     some      some   some     some
        money      @early | sum    sum      sum    sum      sum       sum    sum      sum
        money      @late  | sum    sum      sum    sum      sum       sum    sum      sum
        money+     @early | sum+   sum+     sum+   sum+     sum+      sum+   sum+     sum+
        money$     @early | stray  stray    stray  stray    stray     stray  stray    stray
        money0     @early | stray  stray    stray  stray    stray     stray  stray    stray
        left       @early | end    !open    !open  endno    end       end    end      !open
        left       @over  | end    !open    !open  endno    end       end    end      !open
        time       @early | -      -        -      -        -         -      -        -
        time       @over  | end    -        -      endno    end       end    end      -
        time       @due   | -      lapse    lapse  -        -         -      -        lapse
        time       @late  | end    lapse!   lapse! endno    end       end    end      lapse!
        """

    static let final = """
        event      @moment| none   intended open   declined cancelled lapsed received decl.+open
        asked      @early | !final !final   !final !final   !final    !final !final   !final
        asked      @over  | !final !final   !final !final   !final    !final !final   !final
        begun      @early | -      open     -      -        -         -      -        -
        approved   @early | stray  extra    extra  extra    extra     extra  extra    extra
        approved   @late  | stray  extra    extra  extra    extra     extra  extra    extra
        approved-  @early | stray  clash    clash  stray    stray     stray  stray    clash
        approved+  @early | stray  clash    clash  stray    stray     stray  stray    clash
        approved$  @early | stray  clash    clash  stray    stray     stray  stray    clash
        approved#  @early | stray  clash    clash  stray    stray     stray  stray    clash
        approved0  @early | stray  clash    clash  stray    stray     stray  stray    clash
        approved-  @over  | stray  clash    clash  stray    stray     stray  stray    clash
        approved-  @due   | stray  clash.   clash. stray    stray     stray  stray    clash.
        approved-  @late  | stray  clash.   clash. stray    stray     stray  stray    clash.
        received-  @early | stray  extra    extra  extra    extra     extra  extra    extra
        received   @early | stray  extra    extra  extra    extra     extra  extra    extra
        received+  @early | stray  extra    extra  extra    extra     extra  extra    extra
        received$  @early | stray  clash    clash  stray    stray     stray  stray    clash
        received#  @early | stray  clash    clash  stray    stray     stray  stray    clash
        received0  @early | stray  clash    clash  stray    stray     stray  stray    clash
        declined   @early | -      no       no     -        -         -      note     no
        declined   @over  | -      no       no     -        -         -      note     no
        cancelled  @early | -      gone     gone   -        -         -      note     gone
        cancelled  @over  | -      gone     gone   -        -         -      note     gone
        pending    @early | -      ask      ask    -        -         -      -        ask
        pending    @over  | -      ask      ask    -        -         -      -        ask
        pending    @due   | -      lapse    lapse  -        -         -      -        lapse
        pending    @late  | -      lapse    lapse  -        -         -      -        lapse
        notfound   @early | -      ask      ask    -        -         -      -        ask
        notfound   @over  | -      ask      ask    -        -         -      -        ask
        notfound   @due   | -      lapse    lapse  -        -         -      -        lapse
        notfound   @late  | -      lapse    lapse  -        -         -      -        lapse
        money-     @early | spare  spare    spare  spare    spare     spare  spare    spare
        money      @early | spare  spare    spare  spare    spare     spare  spare    spare
        money      @late  | spare  spare    spare  spare    spare     spare  spare    spare
        money+     @early | spare  spare    spare  spare    spare     spare  spare    spare
        money$     @early | stray  stray    stray  stray    stray     stray  stray    stray
        money0     @early | stray  stray    stray  stray    stray     stray  stray    stray
        left       @early | !final !final   !final !final   !final    !final !final   !final
        left       @over  | !final !final   !final !final   !final    !final !final   !final
        time       @early | -      -        -      -        -         -      -        -
        time       @over  | -      -        -      -        -         -      -        -
        time       @due   | -      lapse    lapse  -        -         -      -        lapse
        time       @late  | -      lapse    lapse  -        -         -      -        lapse
        """
}
