namespace Lowrank.Cli;

/// <summary>Messages as they are typed: a line that ends with \ goes on in the next.</summary>
/// <param name="isWatched">Whether somebody is shown a prompt.</param>
sealed class MessageReader(bool isWatched)
{
    readonly List<string> lines = [];
    readonly Func<string?> next = isWatched ? Console.ReadLine : new InputLines(Console.OpenStandardInput()).Next;
    Task<string?>? pending;
    volatile bool hasBegun, isDropped;

    /// <summary>The next message; null at the end of the input.</summary>
    /// <param name="cancel">Ends the waiting.</param>
    /// <exception cref="OperationCanceledException">It was ended.</exception>
    /// <exception cref="LowrankException">A line is no text; the message that it belongs to is given up.</exception>
    public string? Read(CancellationToken cancel)
    {
        lines.Clear();
        do
        {
            hasBegun = lines.Count > 0;
            Show(hasBegun ? ". " : "> ");
            string? line = Line(cancel);
            if (isDropped) lines.Clear();
            isDropped = false;
            if (line is null) return lines.Count > 0 ? Joined() : null;
            lines.Add(line);
        }
        while (lines[^1].EndsWith('\\'));
        hasBegun = false;
        return Joined();
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

    // Reading itself cannot be ended: who waits for it leaves it to its thread.
    string? Line(CancellationToken cancel)
    {
        pending ??= Task.Factory.StartNew(next, CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default);
        pending.ContinueWith(_ => { }, TaskScheduler.Default).Wait(cancel);   // a fault is thrown below, as it is
        var read = pending;
        pending = null;
        return read.GetAwaiter().GetResult();
    }
}
