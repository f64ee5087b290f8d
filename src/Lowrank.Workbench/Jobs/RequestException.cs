namespace Lowrank.Workbench;

/// <summary>A request that cannot be carried out as it stands; nothing was begun.</summary>
public sealed class RequestException : LowrankException
{
    /// <summary>All that is wrong with it.</summary>
    /// <param name="faults">A sentence each, one at least.</param>
    public RequestException(params IReadOnlyList<string> faults) : base(string.Join(Environment.NewLine, faults)) => Faults = faults;

    /// <summary>What is wrong, a sentence each.</summary>
    public IReadOnlyList<string> Faults { get; }
}
