namespace Lowrank.Workbench;

/// <summary>A request that came to nothing and may do better the next time: a cut connection, a server that is busy.</summary>
/// <param name="message">What happened.</param>
/// <param name="wait">How long the server asks to wait; null where it says nothing.</param>
sealed class HubBreakException(string message, TimeSpan? wait = null) : Exception(message)
{
    /// <summary>How long the server asks to wait; null where it says nothing.</summary>
    public TimeSpan? Wait => wait;
}
