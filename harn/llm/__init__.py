"""Layer 7: calling models. Nothing here is imported by a program that calls none.

    prices       US dollars per 1,000 tokens, by model
    session      what a run has spent, and the limit it set itself
    messages     the messages of a request and their size
    options      the options of a call, read and checked
    resolving    which provider and model a call means
    shapes       request and reply, as providers see them
    failures     the errors of calls: categories, what may be retried, the thrown dict
    mock         scripted replies of a run
    budgets      what a call may cost at most, and the refusals of its own budget
    call         one model call, from its options to what it is charged to
    schema       checking data against a JSON schema
    structured   data out of a reply, and asking again where it does not conform
    result       the dict that programs see
    asking       the builtins' common machine: a call with schema retries

A call is charged in ``call``, nowhere else. A real provider is reached by the effect ``llm.call`` with a Request and answers
with a Reply; scripted replies belong to the run, so they are drawn without an effect.
"""
