using System.Text;

namespace Lowrank.Testing;

/// <summary>What the server of the tests answers.</summary>
/// <param name="Status">The status.</param>
/// <param name="Body">The body.</param>
/// <param name="Headers">Headers beside those that every answer has.</param>
public sealed record HubResponse(int Status, byte[] Body, params (string Name, string Value)[] Headers)
{
    /// <summary>After how many bytes of the body the connection is cut; null sends all.</summary>
    public int? CutAt { get; init; }

    /// <summary>The length that is told; null tells the body's.</summary>
    public long? Length { get; init; }

    /// <summary>How long it waits before the last byte.</summary>
    public TimeSpan Stall { get; init; }

    /// <summary>An answer of a text.</summary>
    public static HubResponse Text(int status, string body, params (string Name, string Value)[] headers) => new(status, Encoding.UTF8.GetBytes(body), headers);

    /// <summary>An answer that sends on.</summary>
    public static HubResponse Redirect(string to, params (string Name, string Value)[] headers) => new(302, [], [("Location", to), .. headers]);
}
