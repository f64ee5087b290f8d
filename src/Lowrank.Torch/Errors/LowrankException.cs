namespace Lowrank;

/// <summary>A fault that the user can mend: its message says what, with which values, where, and what to try. Shown without a stack
/// trace.</summary>
public class LowrankException : Exception
{
    /// <summary>A fault with its message.</summary>
    public LowrankException(string message) : base(Shown(message)) { }

    /// <summary>A fault with its message and what caused it.</summary>
    public LowrankException(string message, Exception? inner) : base(Shown(message), inner) { }

    /// <summary>Several faults, a line each.</summary>
    /// <param name="faults">A sentence each, one at least.</param>
    protected LowrankException(IEnumerable<string> faults) : base(string.Join('\n', faults.Select(Shown))) { }

    /// <summary>Several faults, a line each, under what they have in common.</summary>
    /// <param name="message">What they have in common: "graph.json cannot be run:".</param>
    /// <param name="faults">A sentence each.</param>
    public LowrankException(string message, IReadOnlyList<string> faults) : this(faults.Select(fault => $"  {fault}").Prepend(message)) { }

    // Names from a file may hold what a terminal would obey, or be megabytes long.
    static string Shown(string message)
    {
        const int Longest = 6000;
        return message.Length > Longest ? ShownText.Of(message[..Longest]) + "…" : ShownText.Of(message);
    }
}
