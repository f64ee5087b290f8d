namespace Lowrank.Cli;

/// <summary>Messages as they are typed: a line that ends with \ goes on in the next.</summary>
/// <param name="isWatched">Whether somebody is shown a prompt.</param>
sealed class MessageReader(bool isWatched)
{
    readonly List<string> lines = [];
    readonly InputLines? fed = isWatched ? null : new(Console.OpenStandardInput());
    Task<string?>? pending;
    volatile bool hasBegun, isDropped;

    /// <summary>The next message; null at the end of the input.</summary>
    /// <param name="cancel">Ends the waiting.</param>
    /// <exception cref="OperationCanceledException">It was ended.</exception>
    /// <exception cref="LowrankException">A line is no text; the message that it belongs to is given up, to its last line.</exception>
    public string? Read(CancellationToken cancel)
    {
        lines.Clear();
        LowrankException? fault = null;
        do
        {
            hasBegun = lines.Count > 0;
            Show(hasBegun ? ". " : "> ");
            string? line = "";
            try
            {
                line = Line(cancel);
            }
            catch (LowrankException error)
            {
                fault ??= error;
                if (fed?.GoesOn == true) line = "\\";
            }
            if (isDropped) lines.Clear();
            isDropped = false;
            if (line is null && lines.Count == 0) return null;
            if (line is null) break;
            lines.Add(line);
        }
        while (lines[^1].EndsWith('\\'));
        hasBegun = false;
        return fault is null ? Joined() : throw fault;
    }

    string Joined() => string.Join('\n', lines.Select(line => line.EndsWith('\\') ? line[..^1] : line));

    /// <summary>Forgets the lines of a message that goes on.</summary>
    /// <returns>Whether there were any.</returns>
    public bool Drop()
    {
        if (!hasBegun) return false;
        hasBegun = false;
        isDropped = true;
        Show("\n> ");
        return true;
    }

    void Show(string prompt)
    {
        if (isWatched) Console.Error.Write(prompt);
    }

    string? Next() => fed is null ? Console.ReadLine() : fed.Next();

    // Reading itself cannot be ended: who waits for it leaves it to its thread.
    string? Line(CancellationToken cancel)
    {
        pending ??= Task.Factory.StartNew(Next, CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default);
        pending.ContinueWith(_ => { }, TaskScheduler.Default).Wait(cancel);   // a fault is thrown below, as it is
        var read = pending;
        pending = null;
        return read.GetAwaiter().GetResult();
    }
}
