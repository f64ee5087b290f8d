namespace Lowrank.Workbench;

/// <summary>A request that cannot be carried out as it stands; nothing was begun.</summary>
public sealed class RequestException : LowrankException
{
    /// <summary>All that is wrong with it.</summary>
    /// <param name="faults">A sentence each, one at least.</param>
    public RequestException(params IReadOnlyList<string> faults) : base(faults) => Faults = faults;

    /// <summary>What is wrong, a sentence each.</summary>
    public IReadOnlyList<string> Faults { get; }

    /// <summary>What <paramref name="work"/> answers; what it refuses, the request is to blame for.</summary>
    internal static T Blamed<T>(Func<T> work)
    {
        try
        {
            return work();
        }
        catch (LowrankException fault) when (fault is not RequestException)
        {
            throw new RequestException(fault.Message);
        }
    }

    /// <summary>The same fault in other words: one of the request stays one.</summary>
    internal static LowrankException Retold(LowrankException fault, string said) =>
        fault is RequestException ? new RequestException(said) : new LowrankException(said, fault);
}
