using System.Globalization;

namespace Lowrank.Workbench;

/// <summary>What came of a request: the last answer, and the last one of the hub's own, which tells of the file.</summary>
/// <param name="Last">The answer; its body is not read yet.</param>
/// <param name="Own">What the hub said before it sent the request on; the same where it did not.</param>
/// <param name="At">Where the answer came from.</param>
sealed record HubAnswer(HttpResponseMessage Last, HttpResponseMessage Own, Uri At) : IDisposable
{
    /// <summary>The status.</summary>
    public int Status => (int)Last.StatusCode;

    /// <summary>A header that the hub sent, X-Repo-Commit or X-Error-Code; null where it did not.</summary>
    public string? Header(string name) =>
        Own.Headers.TryGetValues(name, out var values) || Last.Headers.TryGetValues(name, out values) ? values.FirstOrDefault() : null;

    /// <summary>The size that the hub told of a file it keeps elsewhere; null where it told none.</summary>
    public long? LinkedSize =>
        long.TryParse(Header("X-Linked-Size"), NumberStyles.None, CultureInfo.InvariantCulture, out long size) ? size : null;

    /// <summary>Reads a text that must not be longer than such texts are.</summary>
    /// <param name="most">The most bytes.</param>
    /// <param name="patience">How long the server may be silent.</param>
    /// <param name="cancel">Stops it.</param>
    /// <exception cref="HubBreakException">It was cut.</exception>
    /// <exception cref="LowrankException">It is longer.</exception>
    public byte[] Bytes(int most, TimeSpan patience, CancellationToken cancel)
    {
        using var body = new HubBody(this, patience, cancel);
        using var text = new MemoryStream();
        byte[] buffer = new byte[64 * 1024];
        while (body.Read(buffer) is > 0 and int read)
        {
            text.Write(buffer, 0, read);
            if (text.Length <= most) continue;
            throw new LowrankException($"{At.GetLeftPart(UriPartial.Path)} sends more than {most} bytes, which is no such list.");
        }
        long? told = Last.Content.Headers.ContentLength;
        return told is null || told == text.Length ? text.ToArray() : throw new HubBreakException($"{At.Authority} cut the connection");
    }

    public void Dispose()
    {
        Last.Dispose();
        Own.Dispose();
    }
}
