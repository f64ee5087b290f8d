namespace Lowrank.Testing;

/// <summary>A request that the server of the tests got.</summary>
/// <param name="Target">Path and query, as sent.</param>
/// <param name="Headers">Headers by their names, in whichever case.</param>
public sealed record HubRequest(string Target, IReadOnlyDictionary<string, string> Headers)
{
    /// <summary>A header; null where it was not sent.</summary>
    public string? this[string name] => Headers.GetValueOrDefault(name);
}
